import { Command, Option } from 'commander';
import { type BackendFlags, backends } from './backends.ts';
import { positiveNumber, wholeNumberFrom } from './parsers.ts';

/** The flags that say how, not what, a program computes. */
export interface RunFlags extends BackendFlags {
  readonly seed?: number;
  readonly profile?: boolean;
}

/** The flags of every example that counts epochs. */
export interface CommonFlags extends RunFlags {
  readonly epochs: number;
  readonly batchSize: number;
  readonly lr: number;
}

export type Defaults = Pick<CommonFlags, 'epochs' | 'batchSize' | 'lr'>;

/**
 * The command `npm run <name> --` with the flags of every example that counts epochs; add the program's own with `.option()` and
 * `.addOption()`, then give it to `parseFlags`.
 */
export function exampleCommand(name: string, description: string, { epochs, batchSize, lr }: Defaults): Command {
  const command = new Command(`npm run ${name} --`)
    .description(description)
    .option('--epochs <n>', 'how often to go through the training data', wholeNumberFrom(1), epochs)
    .option('--batch-size <n>', 'how many samples make a step', wholeNumberFrom(1), batchSize)
    .option('--lr <rate>', 'learning rate', positiveNumber, lr);
  return addRunFlags(command, 'epoch');
}

/** Adds `--seed`, `--backend` and their kin to a command; `part` is what `--profile` measures the last one of. */
export function addRunFlags(command: Command, part: string): Command {
  return command
    .option('--seed <n>', 'the same seed gives the same numbers, bit for bit (default: another each time)', wholeNumberFrom(0))
    .addOption(new Option('--backend <name>', 'what computes').choices(Object.keys(backends)).default('cpu'))
    .addOption(new Option('--engine <name>', 'how the cpu backend computes (default: native, where it can)').choices(['native', 'wasm']))
    .option('--threads <n>', 'how many threads compute, where the backend has threads (default: all)', wholeNumberFrom(1))
    .option('--profile', `print where the time of the last ${part} went`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags<F extends RunFlags>(command: Command, args: readonly string[]): F {
  const flags = command.parse(args, { from: 'user' }).opts<F>();
  checkHeeded(command, flags);
  return flags;
}

// ---------------------------------------------------------------------------------------------------------------------

/** Refuses what the chosen backend would not heed. */
function checkHeeded(command: Command, { backend, threads, engine, profile }: RunFlags): void {
  const { heeds } = backends[backend];
  const invalid = (option: string, rule: string) =>
    command.error(`error: option '${option} is invalid. The ${backend} backend has ${rule}.`);
  if (threads !== undefined && threads > 1 && !heeds.includes('threads')) invalid(`--threads <n>' argument '${threads}'`, 'one thread');
  if (engine !== undefined && !heeds.includes('engine')) invalid(`--engine <name>' argument '${engine}'`, 'one engine');
  if (profile && !heeds.includes('profile')) invalid("--profile'", 'no profile');
}
