import type { Backend, Executable } from '../backend.ts';
import { copyKey, equalsKey, hashKey } from './key.ts';
import type { RootPlace } from './passes/placement.ts';

/** A graph made runnable, found again by its structure. */
export interface Plan {
  readonly key: Int32Array;
  readonly executable: Executable;
  readonly roots: readonly RootPlace[];
  /** For each root: which input it donates, or `null`. */
  readonly donated: readonly (number | null)[];
  readonly scalarCount: number;
  readonly constants: readonly number[];
  lastUse: number;
}

/** 200 sequence lengths, each with a training and an evaluation plan, fit. */
const capacity = 512;

/** The plans of one backend. The least recently used one makes room. */
export class PlanCache {
  private readonly plans = new Map<number, Plan[]>();
  private count = 0;
  private clock = 0;

  get size(): number {
    return this.count;
  }

  /** The plan whose key equals the one being written, made if there is none. */
  find(make: (key: Int32Array) => Plan): Plan {
    const hash = hashKey();
    const candidates = this.plans.get(hash);
    const found = candidates?.find((plan) => equalsKey(plan.key));
    const plan = found ?? this.add(hash, make(copyKey()));
    plan.lastUse = ++this.clock;
    return plan;
  }

  private add(hash: number, plan: Plan): Plan {
    if (this.count >= capacity) this.evictOldest();
    const candidates = this.plans.get(hash);
    if (candidates === undefined) this.plans.set(hash, [plan]);
    else candidates.push(plan);
    this.count++;
    return plan;
  }

  private evictOldest(): void {
    const all = [...this.plans.values()].flat();
    const oldest = all.reduce((a, b) => (a.lastUse < b.lastUse ? a : b));
    oldest.executable.release();
    this.count--;
    for (const [hash, plans] of this.plans) {
      if (!plans.includes(oldest)) continue;
      if (plans.length === 1) this.plans.delete(hash);
      else plans.splice(plans.indexOf(oldest), 1);
    }
  }
}

const caches = new WeakMap<Backend, PlanCache>();

/** The plans of a backend. */
export function planCacheOf(backend: Backend): PlanCache {
  let cache = caches.get(backend);
  if (cache === undefined) {
    cache = new PlanCache();
    caches.set(backend, cache);
  }
  return cache;
}
