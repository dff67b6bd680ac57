import { profile } from '@dl/backend-cpu';
import type { CommonFlags } from './command.ts';

/** Measures until it is printed. */
export interface LastEpochProfile {
  print(): Promise<void>;
}

/**
 * With `--profile`, measures from here on, if `epoch` (from 0) is the last, until `print()`, which prints the table. Otherwise
 * both do nothing. The last epoch, since the first one also makes the plans.
 */
export function profileLastEpoch({ profile: wanted, epochs }: Pick<CommonFlags, 'profile' | 'epochs'>, epoch: number): LastEpochProfile {
  if (!wanted || epoch !== epochs - 1) return { print: async () => {} };
  let end = () => {};
  const report = profile(() => new Promise<void>((resolve) => (end = resolve)));
  return {
    print: async () => {
      end();
      console.log(String(await report));
    },
  };
}
