import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';

/** A flag that takes one of a few names, `standard` without it: `command.addOption(choice('--model <name>', 'what is trained', ['mlp', 'cnn'], 'mlp'))`. */
export function choice(flag: string, description: string, names: readonly string[], standard?: string): Option {
  return new Option(flag, description).choices(names).default(standard);
}

export function wholeNumberFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} ${most === Number.MAX_SAFE_INTEGER ? 'up' : `to ${most}`}.`);
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** From `least` up, below `end`: a dropout rate is `numberBetween(0, 1)`. */
export function numberBetween(least: number, end: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value < end) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} up, below ${end}.`);
  };
}

export function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new InvalidArgumentError('There is no such folder.');
}

/** Better now than after the training. */
export function fileToBe(path: string): string {
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new InvalidArgumentError('Its folder does not exist.');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new InvalidArgumentError('It is a folder.');
  return path;
}
