// `node scripts/bootstrap.mjs <task> [arguments]`: installs and builds what is missing or stale, then runs the task.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import {
  buildInputs,
  buildStamp,
  examples,
  installInputs,
  kernelInputs,
  kernelStamp,
  manifest,
  publicPackages,
  root,
} from './workspace.mjs';

const report = process.env.DL_TEST_REPORT;
// WebAssembly takes longer to compile: where there is native code, a program needs none.
const nativeIfPossible = ['--fallback'];
/** `built` are the folders that must be; a command begins with a tool or with a script. @type {Record<string, { kernels: readonly string[], built: readonly string[], command: readonly string[] }>} */
const tasks = {
  setup: { kernels: nativeIfPossible, built: [], command: [] },
  // Built as well: to compile one at each start would take a second and 50 MB.
  ...Object.fromEntries(
    examples.map((name) => [
      name,
      {
        kernels: nativeIfPossible,
        built: [...publicPackages, 'examples/common', `examples/${name}`],
        command: [`examples/${name}/dist/index.js`],
      },
    ]),
  ),
  bench: { kernels: [], built: publicPackages, command: ['tsx', 'bench/src/index.ts'] },
  // Tests read the sources.
  test: {
    kernels: [],
    built: [],
    command: [
      ...['vitest', 'run', '--config', 'vitest.workspace.ts'],
      ...(report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []),
    ],
  },
};

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];
if (!task) fail(`bootstrap: unknown task '${name}'; known are ${Object.keys(tasks).join(', ')}`);
install();
compileKernels(task.kernels);
await build(task.built);
if (task.command.length > 0) run([...task.command, ...args]);

// ---------------------------------------------------------------------------------------------------------------------

function install() {
  const stamp = join(root, 'node_modules/.cache/installed');
  const inputs = installInputs();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  console.error('installing packages …');
  const pnpm = spawnSync('npx', ['--yes', manifest.packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  });
  if (pnpm.status !== 0) fail(`${pnpm.stdout ?? ''}${pnpm.stderr ?? ''}${pnpm.error ?? ''}\npnpm install failed`);
  remember(stamp, inputs);
}

/** Compiles what is stale of the C kernels. To look at every object takes half a second: not where native code alone is wanted, and is there. */
function compileKernels(/** @type {readonly string[]} */ options) {
  const inputs = kernelInputs();
  if (options.includes('--fallback') && existsSync(kernelStamp) && readFileSync(kernelStamp, 'utf8') === inputs) return;
  const script = join(root, 'packages/backend-cpu/scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [script, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) fail('the kernels of @dl/backend-cpu do not compile');
  if (existsSync(dirname(kernelStamp))) remember(kernelStamp, inputs);
}

/** JavaScript only: programs and tests need no declarations. tsup.base.ts leaves the stamp. */
async function build(/** @type {readonly string[]} */ folders) {
  const stale = folders.filter((folder) => !isBuilt(folder));
  if (stale.length === 0) return;
  console.error(`building ${stale.map((folder) => folder.replace(/^packages/, '@dl')).join(', ')} …`);
  const queue = [...stale];
  await Promise.all(
    Array.from({ length: Math.min(4, availableParallelism()) }, async () => {
      for (let folder = queue.shift(); folder; folder = queue.shift()) await buildScripts(folder);
    }),
  );
}

function isBuilt(/** @type {string} */ folder) {
  const stamp = buildStamp(folder);
  return existsSync(join(root, folder, 'dist/index.js')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === buildInputs(folder);
}

function buildScripts(/** @type {string} */ folder) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const tsup = spawn(process.execPath, [binary('tsup')], { cwd: join(root, folder), env: { ...process.env, DL_BUILD: 'scripts' } });
      let output = '';
      tsup.stdout.on('data', (text) => (output += text));
      tsup.stderr.on('data', (text) => (output += text));
      tsup.on('close', (code) => (code === 0 ? resolve() : fail(`${output}\nbuild of ${folder} failed`)));
    })
  );
}

function run(/** @type {string[]} */ [tool = '', ...rest]) {
  const child = spawn(process.execPath, [tool.endsWith('.js') ? join(root, tool) : binary(tool), ...rest], { cwd: root, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
  child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function binary(/** @type {string} */ tool) {
  const folder = join(root, 'node_modules', tool);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[tool]);
}

function remember(/** @type {string} */ stamp, /** @type {string} */ inputs) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
}

/** @returns {never} */
function fail(/** @type {string} */ message) {
  console.error(message);
  process.exit(1);
}
