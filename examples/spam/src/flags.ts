import { type CommonFlags, choice, exampleCommand, fileToBe, parseFlags, wholeNumberFrom } from '@dl/example-common';

/** What the command line says. */
export interface Flags extends CommonFlags {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly maxLength: number;
  readonly vocabulary: number;
  readonly limit?: number;
  readonly save?: string;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function spamFlags(args: readonly string[]): Flags {
  const command = exampleCommand('spam', 'Trains a classifier of e-mails, spam or not, and tests it.', {
    epochs: 4,
    batchSize: 32,
    lr: 0.002,
  })
    .addOption(choice('--cell <name>', 'what reads the words', ['rnn', 'lstm', 'gru'], 'lstm'))
    .option('--max-length <n>', 'how many tokens of a mail are read', wholeNumberFrom(1), 200)
    .option(
      '--vocabulary <n>',
      'how many tokens have a number of their own, padding and the unknown one included',
      wholeNumberFrom(2),
      8000,
    )
    .option('--limit <n>', 'take n mails only, at random (default: all)', wholeNumberFrom(20))
    .option('--save <file>', 'write the trained parameters as a safetensors file', fileToBe);
  return parseFlags<Flags>(command, args);
}
