import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type BackendName, backends } from './backends.ts';

/** What the command line says. */
export interface Flags {
  readonly limit?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
  readonly seed?: number;
  readonly data?: string;
  readonly backend: BackendName;
  readonly engine?: 'native' | 'wasm';
  readonly threads?: number;
  readonly save?: string;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags(args: readonly string[]): Flags {
  const command = new Command('npm run mnist --')
    .description('Trains a classifier of handwritten digits, and tests it.')
    .option('--limit <n>', 'train on the first n images only (default: all)', wholeNumberFrom(1))
    .option('--epochs <n>', 'how often to go through the images', wholeNumberFrom(1), 5)
    .option('--batch-size <n>', 'how many images make a step', wholeNumberFrom(1), 64)
    .option('--lr <rate>', 'learning rate of Adam', positiveNumber, 0.001)
    .option('--seed <n>', 'the same seed gives the same numbers, bit for bit (default: another each time)', wholeNumberFrom(0))
    .option('--data <dir>', 'folder of four IDX files of the same form, such as Fashion-MNIST (default: MNIST)', folder)
    .addOption(new Option('--backend <name>', 'what computes').choices(Object.keys(backends)).default('cpu'))
    .addOption(new Option('--engine <name>', 'how the cpu backend computes (default: native, where it can)').choices(['native', 'wasm']))
    .option('--threads <n>', 'how many threads compute, where the backend has threads (default: all)', wholeNumberFrom(1))
    .option('--save <file>', 'write the trained parameters as a safetensors file', fileToBe)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  const flags = command.parse(args, { from: 'user' }).opts<Flags>();
  checkHeeded(command, flags);
  return flags;
}

// ---------------------------------------------------------------------------------------------------------------------

/** Refuses what the chosen backend would not heed. */
function checkHeeded(command: Command, { backend, threads, engine }: Flags): void {
  const { heeds } = backends[backend];
  if (threads !== undefined && threads > 1 && !heeds.includes('threads'))
    command.error(`error: option '--threads <n>' argument '${threads}' is invalid. The ${backend} backend has one thread.`);
  if (engine !== undefined && !heeds.includes('engine'))
    command.error(`error: option '--engine <name>' argument '${engine}' is invalid. The ${backend} backend has one engine.`);
}

function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} up.`);
  };
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new InvalidArgumentError('There is no such folder.');
}

/** Better now than after the training. */
function fileToBe(path: string): string {
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new InvalidArgumentError('Its folder does not exist.');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new InvalidArgumentError('It is a folder.');
  return path;
}
