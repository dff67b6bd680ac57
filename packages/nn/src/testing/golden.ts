import type { Compare } from './compare.ts';

/** A record of PyTorch's numbers as a test; it runs on the backend that is current. */
export interface Golden {
  readonly title: string;
  /** The class or function of which it is a setting. */
  readonly subject: string;
  /** Rejects where a number is further off than the tolerance, or anything else is not as in PyTorch. */
  readonly check: () => Promise<void>;
}

/** The records of one file of fixtures. */
export interface GoldenSet {
  readonly title: string;
  /** `fixtures/<file>.json` of its package. */
  readonly file: string;
  /** What it computes in. */
  readonly dtype: 'float32' | 'float64';
  /** The records of a file that was read, as tests; `slack` times the set's tolerance is allowed. */
  readonly goldens: (json: unknown, slack?: number) => readonly Golden[];
}

/** What a file's records have to be turned into: a title, a subject, and a check that is told how to compare. */
export interface Recorded {
  readonly title: string;
  readonly subject: string;
  readonly check: (compare: Compare) => Promise<void>;
  /** In the place of the set's. */
  readonly tolerance?: number;
}

interface GoldenSetOptions {
  readonly title?: string;
  readonly dtype?: GoldenSet['dtype'];
  /** Of outputs, states, gradients and second derivatives, as `compare` measures it. */
  readonly tolerance: number;
  readonly compare: (tolerance: number) => Compare;
}

/** The set of a file whose records are of type R. */
export function goldenSet<R>(file: string, options: GoldenSetOptions, recordedOf: (json: R) => readonly Recorded[]): GoldenSet {
  const { title = file, dtype = 'float32', compare } = options;
  return {
    title,
    file,
    dtype,
    goldens: (json, slack = 1) =>
      recordedOf(json as R).map(({ subject, title, check, tolerance = options.tolerance }) => ({
        subject,
        title,
        check: () => check(compare(slack * tolerance)),
      })),
  };
}
