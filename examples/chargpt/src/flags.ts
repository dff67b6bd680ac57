import {
  addRunFlags,
  fileToBe,
  numberBetween,
  parseFlags as parse,
  positiveNumber,
  type RunFlags,
  wholeNumberFrom,
} from '@dl/example-common';
import { Command, InvalidArgumentError } from 'commander';
import type { ModelSizes } from './model.ts';

/** What the command line says. */
export interface Flags extends RunFlags, ModelSizes {
  readonly steps: number;
  readonly batchSize: number;
  readonly context: number;
  readonly lr: number;
  readonly temperature: number;
  readonly topK?: number;
  readonly length: number;
  readonly prompt: string;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly save?: string;
  readonly load?: string;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags(args: readonly string[]): Flags {
  const command = new Command('npm run chargpt --')
    .description('Trains a small transformer on the characters of Moby Dick, and lets it write.')
    .option('--steps <n>', 'how many steps to train; 0 with --load: only write', wholeNumberFrom(0), 3800)
    .option('--batch-size <n>', 'how many pieces of the text make a step', wholeNumberFrom(1), 8)
    .option('--context <n>', 'how many characters a piece has: so far back the model sees', wholeNumberFrom(2), 128)
    .option('--layers <n>', 'how many layers the model has', wholeNumberFrom(1), 4)
    .option('--dim <n>', 'how many numbers stand for a character', wholeNumberFrom(2), 128)
    .option('--heads <n>', 'how many heads attention has; each gets an even share of --dim', wholeNumberFrom(1), 4)
    .option('--lr <rate>', 'the highest learning rate, of Muon; that of AdamW is a tenth', positiveNumber, 0.02)
    .option('--temperature <t>', 'how daring it writes; 0 takes the likeliest character each time', numberBetween(0, 100), 0.8)
    .option('--top-k <n>', 'let it choose among the n likeliest characters only (default: all)', wholeNumberFrom(1))
    .option('--length <n>', 'how many characters it writes', wholeNumberFrom(0), 500)
    .option('--prompt <text>', 'the beginning of what it writes', someText, 'Call me ')
    .option('--no-cache', 'compute the whole context anew for each character: the same text, only later')
    .option('--save <file>', 'write the trained parameters as a safetensors file', fileToBe)
    .option('--load <file>', 'begin with the parameters of such a file');
  const flags = parse<Flags>(addRunFlags(command, 'step'), args);
  if (flags.dim % (2 * flags.heads) !== 0)
    command.error(
      `error: option '--heads <n>' argument '${flags.heads}' is invalid. Each head must get an even share of --dim, ${flags.dim}.`,
    );
  return flags;
}

function someText(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
