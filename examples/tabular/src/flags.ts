import { type CommonFlags, exampleCommand, parseFlags as parse, wholeNumberFrom } from '@dl/example-common';

/** What the command line says. */
export interface Flags extends CommonFlags {
  readonly splits: number;
  readonly hidden: number;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags(args: readonly string[]): Flags {
  const defaults = { epochs: 60, batchSize: 16, lr: 0.05 };
  const command = exampleCommand(
    'tabular',
    'Trains a classifier of iris flowers by four lengths, and compares it with simpler ones.',
    defaults,
  )
    .option('--splits <n>', 'how often to deal the flowers into training, validation and test anew', wholeNumberFrom(1), 10)
    .option('--hidden <n>', 'how many units each hidden layer has', wholeNumberFrom(1), 32);
  return parse<Flags>(command, args);
}
