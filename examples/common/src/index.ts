export { type BackendName, startBackend } from './backends.ts';
export { addRunFlags, type CommonFlags, type Defaults, exampleCommand, parseFlags, type RunFlags } from './command.ts';
export { reportErrors } from './errors.ts';
export { choice, fileToBe, folder, numberBetween, positiveNumber, wholeNumberFrom } from './parsers.ts';
export { type LastEpochProfile, profileLastEpoch } from './profileLastEpoch.ts';
export { type Progress, progressBar } from './progress.ts';
