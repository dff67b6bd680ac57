// Packs every public package and checks the tarballs as a stranger would meet them. Needs `npm run build` first.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { checkBinaries } from './packedBinaries.mjs';
import { publicPackages, readJson, root } from './workspace.mjs';

/** @typedef {{ name: string, exports: Record<string, unknown>, dependencies?: Record<string, string> }} Manifest */

const place = mkdtempSync(join(tmpdir(), 'dl-packed-'));
const modules = join(place, 'node_modules');
/** @type {string[]} */
const problems = [];
const program = `import { Linear, MSELoss } from '@dl/nn';
import { Adam } from '@dl/optim';
import { tensor } from '@dl/tensor';

const model = new Linear(2, 1);
const optimizer = new Adam(model.parameters(), { lr: 0.1 });
const losses: number[] = [];
for (let step = 0; step < 2; step++) {
  optimizer.zeroGrad();
  const loss = new MSELoss()(model(tensor([[1, 2]])), tensor([[30]]));
  loss.backward();
  await optimizer.step();
  losses.push(await loss.item());
}
const [first = 0, second = 0] = losses;
if (!(second < first)) throw new Error('a step does not lower the loss');
`;

/** By package. */
const tarballs = /** @type {Record<string, string>} */ ({});
const manifests = [];
for (const folder of publicPackages) manifests.push(await checkTarball(folder));
checkConsumer(manifests);
await checkBrowser();
problems.push(...checkBinaries(place, tarballs));
rmSync(place, { recursive: true });
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${manifests.length} tarballs are sound` : `${problems.length} problems in the tarballs`);
process.exit(problems.length === 0 ? 0 : 1);

// ---------------------------------------------------------------------------------------------------------------------

async function checkTarball(/** @type {string} */ folder) {
  const tarball = pack(folder);
  const target = join(modules, readJson(join(folder, 'package.json')).name);
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  const text = readFileSync(join(target, 'package.json'), 'utf8');
  /** @type {Manifest} */
  const manifest = JSON.parse(text);
  tarballs[manifest.name] = tarball;
  for (const word of ['@dl/source', 'workspace:', '/src/'])
    if (text.includes(word)) problems.push(`${manifest.name}: its package.json still says '${word}'`);
  const present = readdirSync(target);
  for (const file of ['README.md', 'LICENSE', 'dist'])
    if (!present.includes(file)) problems.push(`${manifest.name}: the tarball lacks ${file}`);
  await checkExports(manifest, tarball);
  linkDependencies(folder, manifest);
  return manifest;
}

function pack(/** @type {string} */ folder) {
  if (!existsSync(join(root, folder, 'dist/index.d.ts'))) throw new Error(`${folder} has no declarations; npm run build first`);
  const output = execFileSync('pnpm', ['pack', '--json', '--pack-destination', place], { cwd: join(root, folder), encoding: 'utf8' });
  return JSON.parse(output).filename;
}

/** publint: does package.json tell the truth? attw: does every resolver find the types? */
async function checkExports(/** @type {Manifest} */ manifest, /** @type {string} */ tarball) {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) } });
  for (const message of messages) problems.push(`${manifest.name}: publint: ${formatMessage(message, pkg, { color: false })}`);
  const attw = spawnSync('attw', ['--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--format', 'ascii', tarball], {
    encoding: 'utf8',
  });
  if (attw.status !== 0) problems.push(`${manifest.name}: attw:\n${attw.stdout}${attw.stderr}`);
}

/** Outside dependencies come from the workspace's install. */
function linkDependencies(/** @type {string} */ folder, /** @type {Manifest} */ { dependencies = {} }) {
  for (const name of Object.keys(dependencies)) {
    const link = join(modules, name);
    if (name.startsWith('@dl/') || existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join(root, folder, 'node_modules', name)), link);
  }
}

/** A strict program without Node's or the browser's types imports every entry, another trains a step; Node runs both. */
function checkConsumer(/** @type {Manifest[]} */ packed) {
  const entries = packed.flatMap(({ name, exports }) => Object.keys(exports).map((entry) => name + entry.slice(1)));
  const imports = entries.map((entry, i) => `import * as entry${i} from '${entry}';`);
  const counts = entries.map((entry, i) => `if (Object.keys(entry${i}).length === 0) throw new Error('${entry} exports nothing');`);
  writeFileSync(join(place, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(place, 'entries.ts'), [...imports, ...counts, ''].join('\n'));
  writeFileSync(join(place, 'program.ts'), program);
  for (const resolution of ['bundler', 'nodenext']) {
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
    const strictness = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
    const options = { target: 'es2022', lib: ['es2023'], types: [], ...strictness, module, moduleResolution: resolution };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['entries.ts', 'program.ts'] }));
    const tsc = spawnSync('tsc', ['-p', place], { encoding: 'utf8' });
    if (tsc.status !== 0) problems.push(`a consumer with moduleResolution ${resolution} does not compile:\n${tsc.stdout}`);
  }
  for (const file of ['entries.js', 'program.js']) runConsumer(file);
}

/** A browser bundles the entries: what needs Node may only be imported when it is called. The program runs without the code it does not use. */
async function checkBrowser() {
  // gpu.js runs in browsers, the other two only in Node.
  const external = ['node:*', 'gpu.js', 'idx-data', 'webgpu'];
  const options = /** @type {const} */ ({ bundle: true, format: 'esm', platform: 'browser', metafile: true, logLevel: 'silent' });
  try {
    const entryPoints = ['entries.js', 'program.js'].map((file) => join(place, file));
    const { metafile } = await build({ ...options, entryPoints, absWorkingDir: place, outdir: join(place, 'bundled'), external });
    for (const [file, { imports }] of Object.entries(metafile.inputs)) {
      const wrong = imports.filter(
        ({ path, kind }) => kind === 'import-statement' && (isBuiltin(path) || path === 'idx-data' || path === 'webgpu'),
      );
      for (const { path } of wrong) problems.push(`${file}: imports '${path}' at once, which browsers lack; import it where it is needed`);
    }
    runConsumer('bundled/program.js');
  } catch (error) {
    problems.push(`a browser's bundler fails: ${error instanceof Error ? error.message : error}`);
  }
}

function runConsumer(/** @type {string} */ file) {
  const run = spawnSync(process.execPath, [file], { cwd: place, encoding: 'utf8' });
  if (run.status !== 0) problems.push(`a consumer, ${file}, does not run:\n${run.stderr}`);
}
