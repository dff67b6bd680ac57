import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** A program with its arguments, and variables of its environment beside ours. */
export interface Command {
  readonly words: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end; its stderr is ours. Returns what it printed. */
export function run({ words: [program, ...args], env = {} }: Command): Promise<string> {
  const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${[program, ...args].join(' ')} ended with code ${code}`)),
    );
  });
}

/** What a program printed one JSON object a line; other lines are passed over. */
export async function jsonLines<T>(command: Command, isWanted: (line: unknown) => line is T): Promise<T[]> {
  const lines = (await run(command)).split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line): unknown => JSON.parse(line)).filter(isWanted);
}

/** This very program, with other arguments. */
export function ourselves(...args: readonly string[]): Command {
  return { words: [process.execPath, ...process.execArgv, process.argv[1] ?? '', ...args] };
}
