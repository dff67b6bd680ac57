import type { Step } from './chainCode.ts';

/** Makes one step of two where C can and nobody else reads what the first makes. `kept` are values that somebody else reads. */
export function pairSteps(steps: readonly Step[], kept: ReadonlySet<number>): readonly Step[] {
  const reads = new Map<number, number>();
  for (const value of steps.flatMap(({ operands }) => operands)) reads.set(value, (reads.get(value) ?? 0) + 1);
  const isFree = (value: number) => reads.get(value) === 1 && !kept.has(value);
  /** The steps that may still become the first of a pair, by what they make. */
  const firsts = new Map<number, Step>();
  const merged = new Set<number>();
  const all = steps.map((step) => {
    const place = step.operands.findIndex((value) => firsts.has(value) && pairName(firsts.get(value) as Step, step, value) !== null);
    const first = firsts.get(step.operands[place] ?? -1);
    if (first === undefined) {
      if (isFree(step.result)) firsts.set(step.result, step);
      return step;
    }
    merged.add(first.result);
    const others = step.operands.filter((_, i) => i !== place);
    return { ...step, name: pairName(first, step, first.result) ?? step.name, operands: [...first.operands, ...others] };
  });
  return all.filter(({ result }) => !merged.has(result));
}

const seconds: Readonly<Record<string, string>> = { addFloats: 'Add', subFloats: 'Sub', mulFloats: 'Mul' };
const comparisons: ReadonlySet<string> = new Set(['eqFloats', 'neFloats', 'gtFloats', 'geFloats']);

/** The name of the pair, `null` if there is none. */
function pairName(first: Step, second: Step, value: number): string | null {
  const name = first.name.slice(0, -'Floats'.length);
  if (second.name === 'whereWords') return comparisons.has(first.name) && second.operands[0] === value ? `${name}WhereFloats` : null;
  const suffix = seconds[second.name];
  if (suffix === undefined || seconds[first.name] === undefined) return null;
  const isSubtracted = second.name === 'subFloats' && second.operands[1] === value;
  return `${name}${isSubtracted ? 'SubFrom' : suffix}Floats`;
}
