import { sameShape } from '../../shape.ts';
import type { Draft, DraftInstruction } from '../draft.ts';

/**
 * What follows the gradient of a pool goes before it, where there are fewer elements: a mask made of the pool's input becomes one of
 * its output, and a sum over planes skips the places. A greatest element is the one that it was taken from, so nothing changes but
 * the order in which a sum adds.
 */
export function pooledGradients(draft: Draft): Draft {
  return draft.instructions.some(({ primitive }) => primitive === 'maxPoolGradient') ? new Pooled(draft).draft() : draft;
}

/** A gradient whose indices come from a pool of the same draft. */
interface PoolUse {
  readonly pool: DraftInstruction;
  readonly gradient: DraftInstruction;
}

class Pooled {
  private readonly source: Draft;
  private readonly specs: Draft['specs'][number][];
  private readonly writers = new Map<number, DraftInstruction>();
  private readonly readers = new Map<number, number>();

  constructor(source: Draft) {
    this.source = source;
    this.specs = [...source.specs];
    for (const value of [...source.roots, ...source.instructions.flatMap(({ inputs }) => inputs)])
      this.readers.set(value, (this.readers.get(value) ?? 0) + 1);
  }

  draft(): Draft {
    const instructions = this.source.instructions.flatMap((instruction) => {
      const made = this.rewritten(instruction);
      for (const each of made) for (const output of each.outputs) this.writers.set(output, each);
      return made;
    });
    return { ...this.source, specs: this.specs, instructions };
  }

  private rewritten(instruction: DraftInstruction): readonly DraftInstruction[] {
    if (instruction.primitive === 'where') return this.masked(instruction) ?? [instruction];
    if (instruction.primitive === 'sum') return [this.summed(instruction)];
    return [instruction];
  }

  /** `where(le(x, bound), 0, maxPoolGradient(g, indices))`, x being what was pooled. */
  private masked(where: DraftInstruction): readonly DraftInstruction[] | null {
    const [mask, fill, scattered] = where.inputs as [number, number, number];
    const use = this.poolUse(scattered);
    const test = this.writers.get(mask);
    if (use === null || test?.primitive !== 'le' || test.inputs[0] !== use.pool.inputs[0] || this.readers.get(scattered) !== 1) return null;
    const isOneBound = this.specs[test.inputs[1] as number]?.shape.length === 0;
    if (!isOneBound || !this.isZero(fill) || !this.haveOneShape(where.outputs[0], scattered)) return null;
    const pooled = use.pool.outputs[0] as number;
    const [before, indices] = use.gradient.inputs as [number, number];
    const pooledMask = this.like(pooled, 'bool');
    const kept = this.like(before);
    return [
      { ...test, inputs: [pooled, ...test.inputs.slice(1)], outputs: [pooledMask] },
      { ...where, inputs: [pooledMask, fill, before], outputs: [kept] },
      { ...use.gradient, inputs: [kept, indices], outputs: where.outputs },
    ];
  }

  private summed(sum: DraftInstruction): DraftInstruction {
    const [scattered = -1] = sum.inputs;
    const use = this.poolUse(scattered);
    const dims = 'dims' in sum.params ? (sum.params.dims as readonly number[]) : [];
    const spatial = [...(this.specs[scattered]?.shape.keys() ?? [])].slice(2);
    return use !== null && spatial.every((dim) => dims.includes(dim)) ? { ...sum, inputs: [use.gradient.inputs[0] as number] } : sum;
  }

  private poolUse(value: number): PoolUse | null {
    const gradient = this.writers.get(value);
    if (gradient?.primitive !== 'maxPoolGradient') return null;
    const indices = gradient.inputs[1] as number;
    const pool = this.writers.get(indices);
    const isOfPool = pool?.primitive === 'maxPool' && pool.outputs[1] === indices;
    return isOfPool && this.haveOneShape(pool.inputs[0], value) ? { pool, gradient } : null;
  }

  /** One number that is known to be zero, whatever the run. */
  private isZero(value: number): boolean {
    const writer = this.writers.get(value);
    return writer?.primitive === 'full' && writer.scalars[0] === 0;
  }

  private haveOneShape(a: number | undefined, b: number): boolean {
    const [one, other] = [this.specs[a ?? -1], this.specs[b]];
    return one !== undefined && other !== undefined && sameShape(one.shape, other.shape);
  }

  /** A new value with the shape of another. */
  private like(value: number, dtype = this.specs[value]?.dtype): number {
    const spec = this.specs[value] as Draft['specs'][number];
    return this.specs.push(dtype === undefined ? spec : { ...spec, dtype }) - 1;
  }
}
