import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Flags {
  /** What to run, and of what; empty for all. */
  readonly words: readonly string[];
  /** One JSON object a line instead of lines for people. */
  readonly json: boolean;
  /** Write docs/benchmarks.md. */
  readonly write: boolean;
  readonly backend: 'cpu' | 'reference';
  readonly engine?: 'native' | 'wasm';
  readonly variant?: Variant;
  /** Numbers of threads, each measured by itself. */
  readonly threads: readonly number[];
  /** How many runs a median is taken of. */
  readonly runs: number;
}

const variants = ['avx512', 'avx2', 'neon', 'relaxed simd', 'simd'] as const;
type Variant = (typeof variants)[number];

/** Reads the command line; what is wrong with it is an error of one line. */
export function parseFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      backend: { type: 'string', default: 'cpu' },
      engine: { type: 'string' },
      variant: { type: 'string' },
      threads: { type: 'string', default: availableParallelism() > 1 ? '1,2' : '1' },
      runs: { type: 'string', default: '30' },
    },
  });
  const { json, write, engine, variant } = values;
  return {
    words: positionals,
    json,
    write,
    backend: oneOf('backend', values.backend, ['cpu', 'reference']),
    ...(engine !== undefined && { engine: oneOf('engine', engine, ['native', 'wasm']) }),
    ...(variant !== undefined && { variant: oneOf('variant', variant, variants) }),
    threads: values.threads.split(',').map((text) => countFrom('threads', text)),
    runs: countFrom('runs', values.runs),
  };
}

/** A word of a fixed list. */
export function oneOf<T extends string>(what: string, word: string, words: readonly T[]): T {
  const found = words.find((known) => known === word);
  if (found === undefined) throw new Error(`there is no ${what} ${word}; choose from ${words.join(', ')}`);
  return found;
}

function countFrom(flag: string, text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`--${flag} takes whole numbers from 1 up; got '${text}'`);
  return count;
}
