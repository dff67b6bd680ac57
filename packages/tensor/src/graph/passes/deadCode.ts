import type { Draft } from '../draft.ts';

/** Leaves out instructions whose outputs nobody reads. */
export function deadCode(draft: Draft): Draft {
  const needed = new Set(draft.roots);
  const kept = draft.instructions
    .toReversed()
    .filter(({ inputs, outputs }) => {
      const alive = outputs.some((output) => needed.has(output));
      if (alive) for (const input of inputs) needed.add(input);
      return alive;
    })
    .reverse();
  return { ...draft, instructions: kept };
}
