// For the tests of the examples: runs a program as a user would, on the sources.
import { execFile } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `src/index.ts` of the example in `folder` to its end: `await runExample(join(import.meta.dirname, '..'), '--epochs', '1')`. */
export function runExample(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const command = ['--import', 'tsx', '--conditions=@dl/source', 'src/index.ts', ...args];
  const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}
