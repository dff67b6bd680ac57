import type { Draft, DraftInstruction } from '../draft.ts';

/** A matmul of a transposed operand reads the operand as it lies, with a flag, and the copy dies. */
export function foldTransposes(draft: Draft): Draft {
  const sources = transposes(draft.instructions);
  if (sources.size === 0) return draft;
  return {
    ...draft,
    instructions: draft.instructions.map((instruction) => (isMatmul(instruction) ? folded(instruction, sources) : instruction)),
  };
}

interface Matmul extends DraftInstruction {
  readonly params: { readonly transposeA: boolean; readonly transposeB: boolean };
}

/** Each transposed value, with the value it transposes. */
function transposes(instructions: readonly DraftInstruction[]): ReadonlyMap<number, number> {
  const sources = new Map<number, number>();
  for (const { primitive, params, inputs, outputs } of instructions) {
    if (primitive === 'permute' && 'dims' in params && swapsLastTwo(params.dims as readonly number[]))
      sources.set(outputs[0] as number, inputs[0] as number);
  }
  return sources;
}

function swapsLastTwo(dims: readonly number[]): boolean {
  const last = dims.length - 1;
  return last > 0 && dims.every((dim, i) => dim === (i === last ? last - 1 : i === last - 1 ? last : i));
}

function isMatmul(instruction: DraftInstruction): instruction is Matmul {
  return instruction.primitive === 'matmul';
}

function folded(instruction: Matmul, sources: ReadonlyMap<number, number>): DraftInstruction {
  const [a = 0, b = 0] = instruction.inputs;
  const sourceA = sources.get(a);
  const sourceB = sources.get(b);
  const { transposeA, transposeB } = instruction.params;
  return {
    ...instruction,
    inputs: [sourceA ?? a, sourceB ?? b],
    params: { transposeA: transposeA !== (sourceA !== undefined), transposeB: transposeB !== (sourceB !== undefined) },
  };
}
