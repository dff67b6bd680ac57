// `node scripts/platformPackages.mjs [platform …]`: writes the packages of these platforms (all by default) to `npm/<platform>`, from
// the binaries in `build/prebuilds` (`node scripts/build.mjs --target <platform>`).
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { nativeVariants } from './native.mjs';
import { folderOf, packageOf, platforms } from './platforms.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const { version, license, engines } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(platforms);
  const problems = wanted.flatMap((name) => writePackage(name, join(home, 'build/prebuilds', name), join(home, 'npm', name)));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/**
 * Writes the package of a platform, with the binaries in `source`, into the folder `target`; returns what is missing.
 * @param {string} name @param {string} source @param {string} target
 */
export function writePackage(name, source, target) {
  const platform = platforms[name];
  if (!platform) return [`no platform '${name}'; there are ${Object.keys(platforms).join(', ')}`];
  const binaries = Object.keys(nativeVariants[platform.cpu] ?? {}).map((variant) => `${variant}.node`);
  const missing = binaries.filter((file) => !existsSync(join(source, file)));
  if (missing.length > 0) return missing.map((file) => `${join(source, file)} is not there: node scripts/build.mjs --target ${name}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(join(target, folderOf(name)), { recursive: true });
  for (const file of binaries) cpSync(join(source, file), join(target, folderOf(name), file));
  cpSync(join(home, '../../LICENSE'), join(target, 'LICENSE'));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifestOf(name, platform), null, 2)}\n`);
  writeFileSync(join(target, 'README.md'), `# ${packageOf(name)}\n\nNative code of \`@dl/backend-cpu\` for ${name}. Install that.\n`);
  return [];
}

function manifestOf(/** @type {string} */ name, /** @type {import('./platforms.mjs').Platform} */ { os, cpu, libc }) {
  return {
    name: packageOf(name),
    version,
    description: `Native code of @dl/backend-cpu for ${name}.`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    files: ['prebuilds'],
    // Yarn keeps packages in archives, which the system can't load libraries from.
    preferUnplugged: true,
    publishConfig: { access: 'public' },
  };
}
