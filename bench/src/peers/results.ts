import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flags } from '../flags.ts';
import type { Limits } from '../limits.ts';
import { networkNames } from '../models/index.ts';
import type { Timing } from '../timing.ts';
import { type Job, ourJob, pytorchJob } from './job.ts';
import { type Command, jsonLines, ourselves, root } from './run.ts';

/** Everything that was measured. What was not is absent: an empty list, or `null`. */
export interface Results {
  readonly ours: readonly Timing[];
  readonly pytorch: readonly Timing[];
  /** On WebAssembly, one thread. */
  readonly wasm: readonly Timing[];
  readonly tfjs: readonly Timing[];
  readonly limits: readonly Limits[];
  readonly job: Job | null;
  readonly pytorchJob: Job | null;
  /** Versions of the peers that are installed. */
  readonly versions: Versions;
}

interface Versions {
  readonly pytorch: string | null;
  readonly tfjs: string | null;
}

export const peerCases = ['matmul', ...networkNames, 'limits', 'wasm', 'mnist'] as const;
type PeerCase = (typeof peerCases)[number];

/** Measures, strictly one program after the other; ours and the peers' take turns, case by case. */
export async function measureAll(cases: readonly PeerCase[], flags: Flags): Promise<Results> {
  const versions = { pytorch: pytorchVersion(), tfjs: tfjsVersion() };
  const common = ['--runs', String(flags.runs)];
  const threads = ['--threads', flags.threads.join(',')];
  const peer = (command: Command, isInstalled: boolean) => (isInstalled ? timings(command) : []);
  const ours: Timing[] = [];
  const pytorch: Timing[] = [];
  for (const name of cases.filter((name) => name === 'matmul' || networkNames.some((network) => network === name))) {
    ours.push(...(await timings(ourselves('steps', '--json', ...common, ...threads, name))));
    const words = ['python3', join(root, 'bench/peers/pytorch.py'), '--compile', ...common, ...threads, name] as const;
    pytorch.push(...(await peer({ words }, versions.pytorch !== null)));
  }
  const wants = (name: PeerCase) => cases.includes(name);
  const wasm = ['steps', '--json', '--engine', 'wasm', '--threads', '1', ...common, 'matmul', 'mlp'];
  return {
    ours,
    pytorch,
    wasm: wants('wasm') ? await timings(ourselves(...wasm)) : [],
    tfjs: wants('wasm') ? await peer({ words: ['node', join(root, 'bench/peers/tfjs.mjs'), ...common] }, versions.tfjs !== null) : [],
    limits: wants('limits') || ours.length > 0 ? await announced(ourselves('limits', '--json', ...common, ...threads), isLimits) : [],
    job: wants('mnist') ? await ourJob() : null,
    pytorchJob: wants('mnist') && versions.pytorch !== null ? await pytorchJob() : null,
    versions,
  };
}

function timings(command: Command): Promise<Timing[]> {
  return announced(command, isTiming);
}

/** What a program printed; stderr says which one runs. */
function announced<T>(command: Command, isWanted: (line: unknown) => line is T): Promise<T[]> {
  const words = command.words.slice(command.words[0] === process.execPath ? 1 + process.execArgv.length : 0);
  console.error(`… ${words.join(' ').replaceAll(`${root}/`, '')}`);
  return jsonLines(command, isWanted);
}

function isTiming(line: unknown): line is Timing {
  return typeof line === 'object' && line !== null && 'case' in line && 'ms' in line;
}

function isLimits(line: unknown): line is Limits {
  return typeof line === 'object' && line !== null && 'case' in line && line.case === 'limits';
}

function pytorchVersion(): string | null {
  const { status, stdout } = spawnSync('python3', ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function tfjsVersion(): string | null {
  const file = join(root, 'bench/peers/node_modules/@tensorflow/tfjs-backend-wasm/package.json');
  return existsSync(file) ? String(JSON.parse(readFileSync(file, 'utf8')).version) : null;
}
