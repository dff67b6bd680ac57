// `node scripts/build.mjs [--native | --wasm] [--variant avx512] [--sanitize]`: compiles what is stale of the native and WebAssembly
// engines. `--fallback`: WebAssembly only where there is no C compiler.
import { parseArgs } from 'node:util';
import { buildNative, findCompiler, nativeVariants, obstacleOf } from './native.mjs';
import { buildWasm, ensureWasmModules, wasmVariants } from './wasm.mjs';

const { values } = parseArgs({
  options: {
    native: { type: 'boolean', default: false },
    wasm: { type: 'boolean', default: false },
    fallback: { type: 'boolean', default: false },
    variant: { type: 'string', multiple: true },
    sanitize: { type: 'boolean', default: false },
  },
});
const target = { platform: process.platform, arch: process.arch };
const compiler = values.wasm ? undefined : findCompiler();
const native = compiler
  ? Object.entries(nativeVariants[target.arch] ?? {}).filter(([name, flags]) => isWanted(name) && isPossible(compiler, name, flags))
  : [];
const skipsWasm = values.native || values.sanitize || (values.fallback && native.length > 0);
const wasm = skipsWasm ? [] : Object.keys(wasmVariants).filter(isWanted);

ensureWasmModules();
if (!compiler && !values.wasm)
  console.error('@dl/backend-cpu: no C compiler (cc, gcc, clang, or what CC names): kernels run as WebAssembly, not as native code');
const problems = [];
for (const [variant] of native) if (compiler) problems.push(...(await buildNative(compiler, target, variant, values.sanitize)));
for (const variant of wasm) problems.push(...(await buildWasm(variant)));
for (const problem of problems) process.stderr.write(problem.endsWith('\n') ? problem : `${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);

function isWanted(/** @type {string} */ variant) {
  return values.variant?.includes(variant) ?? true;
}

function isPossible(/** @type {import('./native.mjs').Compiler} */ compiler, /** @type {string} */ name, /** @type {string[]} */ flags) {
  const obstacle = obstacleOf(compiler, flags);
  if (obstacle) console.error(`@dl/backend-cpu: no native code for ${name}: ${obstacle}`);
  return obstacle === undefined;
}
