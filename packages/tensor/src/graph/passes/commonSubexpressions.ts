import type { Draft, DraftInstruction } from '../draft.ts';

/** Instructions that are the same, inputs and scalars included, run once. Equal numbers in different slots are not the same. */
export function commonSubexpressions(draft: Draft): Draft {
  const replacements = new Map<number, number>();
  const known = new Map<string, DraftInstruction>();
  const resolve = (value: number): number => replacements.get(value) ?? value;
  const instructions: DraftInstruction[] = [];
  for (const original of draft.instructions) {
    const instruction = { ...original, inputs: original.inputs.map(resolve) };
    const key = keyOf(instruction);
    const twin = known.get(key);
    if (twin === undefined) {
      known.set(key, instruction);
      instructions.push(instruction);
    } else {
      for (const [i, output] of original.outputs.entries()) replacements.set(output, twin.outputs[i] as number);
    }
  }
  return { ...draft, instructions, roots: draft.roots.map(resolve) };
}

function keyOf({ primitive, params, inputs, scalars }: DraftInstruction): string {
  return JSON.stringify([primitive, params, inputs, scalars]);
}
