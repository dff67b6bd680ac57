import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly signal: string | null;
}

const folder = process.env.DL_CPU_BINARIES ?? join(import.meta.dirname, `../../build/${process.platform}-${process.arch}`);

const tsx = import.meta.resolve('tsx');

/** The addon's file, for programs that do without TypeScript. */
export const binaryPath = (variant: string): string => join(folder, `${variant}.node`);

/** Runs JavaScript in a Node of its own; `@dl/*` are the sources. One that does not end in time is killed. */
export function runNode(code: string, environment: Readonly<Record<string, string>> = {}, limit = 20_000): Promise<Ended> {
  const args = ['--import', tsx, '--conditions=@dl/source', '--input-type=module', '-e', code];
  const options = {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    timeout: limit,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr, signal: error?.signal ?? null });
    });
  });
}
