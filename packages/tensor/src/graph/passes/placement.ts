import { inPlace, views } from '../../primitives/properties.ts';
import type { Draft, DraftInstruction } from '../draft.ts';

/** An update that would like to overwrite an input of the run: numbers of a root (in `Draft.roots`) and of an input. */
export interface Donation {
  readonly root: number;
  readonly input: number;
}

/** Values that are views of one another, and so have one place. */
export interface Place {
  /** The value whose instruction writes there; an input's own number where nobody does. */
  readonly base: number;
  readonly kind: 'input' | 'output' | 'scratch';
  /** Index of the run's input, of its output, or of the scratch block. */
  readonly index: number;
}

export interface Placement {
  /** For each value of the draft. */
  readonly places: readonly Place[];
  /** For each root of the draft: where it lies and whether another root or input lies there too. */
  readonly roots: readonly RootPlace[];
  readonly outputs: readonly { readonly base: number; readonly donated: number | null }[];
}

export interface RootPlace {
  readonly kind: 'input' | 'output';
  readonly index: number;
  readonly shared: boolean;
}

/** Decides where every value lives, and which donations hold once views are known. */
export function placeValues(draft: Draft, donations: readonly Donation[]): Placement {
  const bases = basesOf(draft);
  const rootsAt = groupRoots(draft, bases);
  const donors = acceptedDonations(draft, donations, bases, rootsAt);
  const outputs: { base: number; donated: number | null }[] = [];
  let scratch = 0;
  const placeOfBase = new Map<number, Place>();
  const placeAt = (base: number): Place => {
    if (base < draft.inputCount) return { base, kind: 'input', index: base };
    if (!rootsAt.has(base)) return { base, kind: 'scratch', index: scratch++ };
    return { base, kind: 'output', index: outputs.push({ base, donated: donors.get(base) ?? null }) - 1 };
  };
  const places = bases.map((base) => {
    const place = placeOfBase.get(base) ?? placeAt(base);
    placeOfBase.set(base, place);
    return place;
  });
  return { places, roots: draft.roots.map((root) => rootPlace(places[root] as Place, rootsAt)), outputs };
}

/** For each value the one that it is a view of, at the end of the chain; itself for all others. */
function basesOf(draft: Draft): number[] {
  const bases = draft.specs.map((_, value) => value);
  for (const { primitive, inputs, outputs } of draft.instructions) {
    if (views.has(primitive)) bases[outputs[0] as number] = bases[inputs[0] as number] as number;
  }
  return bases;
}

/** How many roots lie at each base. Two roots that are one value count as two: two tensors reach the buffer. */
function groupRoots(draft: Draft, bases: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const root of draft.roots) {
    const base = bases[root] as number;
    counts.set(base, (counts.get(base) ?? 0) + 1);
  }
  return counts;
}

function rootPlace({ base, kind, index }: Place, rootsAt: ReadonlyMap<number, number>): RootPlace {
  if (kind === 'input') return { kind, index, shared: true };
  return { kind: 'output', index, shared: (rootsAt.get(base) ?? 0) > 1 };
}

/**
 * Base of an update's output → input it may overwrite. It may, if the output is reached by one root and nobody in the plan,
 * no root is a view of the input, its instruction can write where it reads (or does not read there), and no other update
 * reads the input: two updates that wait for each other would never run.
 */
function acceptedDonations(
  draft: Draft,
  donations: readonly Donation[],
  bases: readonly number[],
  rootsAt: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const accepted = new Map<number, number>();
  if (donations.length === 0) return accepted;
  const consumed = new Set(draft.instructions.flatMap(({ inputs }) => inputs.map((input) => bases[input] as number)));
  const writers = new Map(draft.instructions.flatMap((instruction) => instruction.outputs.map((output) => [output, instruction])));
  const updates = new Set(donations.map(({ root }) => writers.get(bases[draft.roots[root] as number] as number)));
  for (const { root, input } of donations) {
    const value = draft.roots[root] as number;
    const base = bases[value] as number;
    const writer = writers.get(base);
    if (base !== value || consumed.has(base) || rootsAt.get(base) !== 1 || rootsAt.has(input) || writer === undefined) continue;
    const readsIt = (instruction: DraftInstruction | undefined) => instruction?.inputs.some((read) => bases[read] === input) ?? false;
    if ([...updates].some((update) => update !== writer && readsIt(update))) continue;
    if (!readsIt(writer) || inPlace.has(writer.primitive)) accepted.set(base, input);
  }
  return accepted;
}
