// `node scripts/build.mjs [--native | --wasm] [--variant avx512] [--sanitize]`: compiles what is stale of the native and WebAssembly
// engines. `--fallback`: WebAssembly only where there is no C compiler. `--target linux-arm64-musl`: native code only, for another
// platform, by Zig, into `build/prebuilds`; `--every-target`: for all.
import { parseArgs } from 'node:util';
import { buildNative, findCompiler, findZig, nativeVariants, obstacleOf } from './native.mjs';
import { platforms } from './platforms.mjs';
import { buildWasm, ensureWasmModules, wasmVariants } from './wasm.mjs';

const { values } = parseArgs({
  options: {
    native: { type: 'boolean', default: false },
    wasm: { type: 'boolean', default: false },
    fallback: { type: 'boolean', default: false },
    target: { type: 'string', multiple: true, default: [] },
    'every-target': { type: 'boolean', default: false },
    variant: { type: 'string', multiple: true },
    sanitize: { type: 'boolean', default: false },
  },
});
const targets = values['every-target'] ? Object.keys(platforms) : values.target;
const compiler = values.wasm ? undefined : findCompiler();
const here = { name: `${process.platform}-${process.arch}`, platform: process.platform, arch: process.arch };
const native = targets.length > 0 ? targets.flatMap(crossBuilds) : compiler ? buildsOf(compiler, here) : [];
const skipsWasm = values.native || values.sanitize || targets.length > 0 || (values.fallback && native.length > 0);
const wasm = skipsWasm ? [] : Object.keys(wasmVariants).filter(isWanted);

ensureWasmModules();
if (!compiler && !values.wasm && targets.length === 0)
  console.error('@dl/backend-cpu: no C compiler (cc, gcc, clang, or what CC names): kernels run as WebAssembly, not as native code');
const problems = [];
for (const build of native) problems.push(...(await buildNative(build.compiler, build.target, build.variant, values.sanitize)));
for (const variant of wasm) problems.push(...(await buildWasm(variant)));
for (const problem of problems) process.stderr.write(problem.endsWith('\n') ? problem : `${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);

function crossBuilds(/** @type {string} */ name) {
  const platform = platforms[name];
  if (!platform) fail(`no platform '${name}'; there are ${Object.keys(platforms).join(', ')}`);
  const zig = findZig(platform.zig);
  if (!zig) fail('code for other platforms is made by Zig: pip install ziglang, or name it in ZIG');
  return buildsOf(zig, { name: `prebuilds/${name}`, platform: platform.os, arch: platform.cpu });
}

function buildsOf(/** @type {import('./native.mjs').Compiler} */ compiler, /** @type {import('./native.mjs').Target} */ target) {
  return Object.entries(nativeVariants[target.arch] ?? {})
    .filter(([variant, flags]) => isWanted(variant) && isPossible(compiler, variant, flags))
    .map(([variant]) => ({ compiler, target, variant }));
}

function isWanted(/** @type {string} */ variant) {
  return values.variant?.includes(variant) ?? true;
}

function isPossible(/** @type {import('./native.mjs').Compiler} */ compiler, /** @type {string} */ name, /** @type {string[]} */ flags) {
  const obstacle = obstacleOf(compiler, flags);
  if (obstacle) console.error(`@dl/backend-cpu: no native code for ${name}: ${obstacle}`);
  return obstacle === undefined;
}

/** @returns {never} */
function fail(/** @type {string} */ reason) {
  console.error(`@dl/backend-cpu: ${reason}`);
  process.exit(1);
}
