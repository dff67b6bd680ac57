// What the other scripts know about the workspace. No dependency: runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: tsup bundles this file into its configuration.
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
export const manifest = readJson('package.json');

/** Packages that are published, in alphabetical order. */
export const publicPackages = foldersBelow('packages').filter((folder) => existsSync(join(root, folder, 'tsup.config.ts')));

/** Names of the example programs; examples/common is none. */
export const examples = foldersBelow('examples')
  .filter((folder) => existsSync(join(root, folder, 'src/flags.ts')) && existsSync(join(root, folder, 'package.json')))
  .map((folder) => basename(folder));

/** Changes exactly when a build of the package would; tests are no part of it. */
export function buildInputs(/** @type {string} */ folder) {
  const shared = ['tsup.base.ts', 'tsconfig.base.json'];
  const own = [
    'package.json',
    'tsconfig.json',
    'tsup.config.ts',
    ...filesBelow('src', join(root, folder)).filter((file) => !/\.test(-d)?\.ts$/.test(file)),
  ];
  return hashOf([...shared, ...own.map((file) => join(folder, file))]);
}

/** Where the inputs of the last build of a package are remembered. */
export const buildStamp = (/** @type {string} */ folder) => join(root, folder, 'node_modules/.cache/built');

/** Changes whenever compiled kernels might; and where they were compiled for this machine, the inputs of that. */
export function kernelInputs() {
  return hashOf([
    'packages/backend-cpu/package.json',
    ...['kernels', 'scripts'].flatMap((name) => filesBelow(`packages/backend-cpu/${name}`)),
  ]);
}
export const kernelStamp = join(root, `packages/backend-cpu/build/${process.platform}-${process.arch}/inputs`);

export function installInputs() {
  const manifests = [...foldersBelow('packages'), ...foldersBelow('examples'), 'bench'].map((folder) => join(folder, 'package.json'));
  return hashOf(['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests.filter((file) => existsSync(join(root, file)))]);
}

/** Files below a folder, relative to `from`, sorted. */
export function filesBelow(/** @type {string} */ folder, from = root) {
  const start = join(from, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(^|\/)(node_modules|dist)(\/|$)/.test(relative(from, entry.parentPath)))
    .map((entry) => relative(from, join(entry.parentPath, entry.name)))
    .sort();
}

export function readJson(/** @type {string} */ path) {
  return JSON.parse(readFileSync(resolve(root, path), 'utf8'));
}

function foldersBelow(/** @type {string} */ group) {
  return readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(group, entry.name))
    .sort();
}

function hashOf(/** @type {string[]} */ files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}
