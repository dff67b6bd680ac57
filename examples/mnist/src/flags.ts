import { type CommonFlags, choice, exampleCommand, fileToBe, folder, parseFlags as parse, wholeNumberFrom } from '@dl/example-common';
import { type ModelName, models } from './models.ts';
import { type ScheduleName, schedules } from './schedules.ts';

/** What the command line says. */
export interface Flags extends CommonFlags {
  readonly model: ModelName;
  readonly schedule?: ScheduleName;
  readonly limit?: number;
  readonly data?: string;
  readonly save?: string;
}

/** Reads the command line. What is wrong with it, one line says on stderr, and the program ends with code 2. */
export function parseFlags(args: readonly string[]): Flags {
  const defaults = { epochs: 5, batchSize: 64, lr: 0.001 };
  const command = exampleCommand('mnist', 'Trains a classifier of handwritten digits, and tests it.', defaults)
    .addOption(choice('--model <name>', 'the network: layers of all pixels, or convolutions', Object.keys(models), 'mlp'))
    .addOption(
      choice('--schedule <name>', 'learning rate: as it is, or up to thrice it, then down (default: by model)', Object.keys(schedules)),
    )
    .option('--limit <n>', 'train on the first n images only (default: all)', wholeNumberFrom(1))
    .option('--data <dir>', 'folder of four IDX files of the same form, such as Fashion-MNIST (default: MNIST)', folder)
    .option('--save <file>', 'write the trained parameters as a safetensors file', fileToBe);
  return parse<Flags>(command, args);
}
