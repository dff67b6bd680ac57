import { isIndexed } from '../../primitives/properties.ts';
import type { Draft, DraftInstruction } from '../draft.ts';
import type { Placement } from './placement.ts';

/**
 * The running order: inputs first, and an instruction that overwrites an input of the run as early as it may be:
 * after everything that reads the old elements, and after everything that can fail.
 */
export function schedule(draft: Draft, placement: Placement): DraftInstruction[] {
  const donating = new Map<DraftInstruction, Set<DraftInstruction>>();
  for (const instruction of draft.instructions) {
    const overwritten = overwrittenInputs(instruction, placement);
    if (overwritten.size > 0) donating.set(instruction, prerequisites(instruction, overwritten, draft, placement));
  }
  if (donating.size === 0) return [...draft.instructions];
  return merge(draft.instructions, donating);
}

function overwrittenInputs(instruction: DraftInstruction, placement: Placement): Set<number> {
  const inputs = new Set<number>();
  for (const output of instruction.outputs) {
    const place = placement.places[output];
    const donated = place?.kind === 'output' ? placement.outputs[place.index]?.donated : null;
    if (donated !== null && donated !== undefined) inputs.add(donated);
  }
  return inputs;
}

/** What must have run before: producers of its inputs, readers of what it overwrites, all that can fail. */
function prerequisites(
  instruction: DraftInstruction,
  overwritten: ReadonlySet<number>,
  draft: Draft,
  placement: Placement,
): Set<DraftInstruction> {
  const inputs = new Set(instruction.inputs);
  const before = new Set<DraftInstruction>();
  for (const other of draft.instructions) {
    if (other === instruction) continue;
    const reads = other.inputs.some((input) => overwritten.has(placement.places[input]?.base ?? -1));
    if (reads || isIndexed(other.primitive) || other.outputs.some((output) => inputs.has(output))) before.add(other);
  }
  return before;
}

/** Keeps the order of the others; nobody reads a donating instruction's outputs. */
function merge(instructions: readonly DraftInstruction[], donating: Map<DraftInstruction, Set<DraftInstruction>>): DraftInstruction[] {
  const order: DraftInstruction[] = [];
  const waiting = new Map<DraftInstruction, DraftInstruction[]>();
  for (const [donor, before] of donating) for (const other of before) waiting.set(other, [...(waiting.get(other) ?? []), donor]);
  const emit = (first: DraftInstruction): void => {
    const ready = [first];
    for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
      order.push(next);
      for (const donor of waiting.get(next) ?? []) {
        const before = donating.get(donor) as Set<DraftInstruction>;
        before.delete(next);
        if (before.size === 0) ready.push(donor);
      }
    }
  };
  const first = instructions.filter((instruction) => !donating.has(instruction) || donating.get(instruction)?.size === 0);
  for (const instruction of first) emit(instruction);
  return order;
}
