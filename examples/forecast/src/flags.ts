import { type CommonFlags, exampleCommand, parseFlags as parse, wholeNumberFrom } from '@dl/example-common';

/** What the command line says. */
export interface Flags extends CommonFlags {
  readonly window: number;
  readonly hidden: number;
  readonly until: number;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags(args: readonly string[]): Flags {
  const defaults = { epochs: 10, batchSize: 64, lr: 0.003 };
  const command = exampleCommand(
    'forecast',
    'Forecasts the births of the next day in the USA, and compares with naive forecasts.',
    defaults,
  )
    .option('--window <n>', 'how many days a forecast looks back, at least 7', wholeNumberFrom(7), 28)
    .option('--hidden <n>', 'how many numbers the GRU remembers', wholeNumberFrom(1), 64)
    .option('--until <year>', 'leave out what came later: the last two years are for the test', wholeNumberFrom(1974, 1988), 1988);
  return parse<Flags>(command, args);
}
