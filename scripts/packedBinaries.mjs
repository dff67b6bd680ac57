// A stranger installs the packed @dl/backend-cpu with npm: with this platform's packed binaries, without them, and with broken ones.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePackage } from '../packages/backend-cpu/scripts/platformPackages.mjs';
import { folderOf, packageOf } from '../packages/backend-cpu/scripts/platforms.mjs';
import { root } from './workspace.mjs';

const program = `import { cpu } from '@dl/backend-cpu';
import { tensor, useBackend } from '@dl/tensor';
const backend = await cpu();
useBackend(backend);
console.log(backend.description, (await tensor([1, 2]).mul(3).data()).join());
`;

/** What a program prints, and what it says on stderr: nothing but at most one line. */
const expected = {
  native: { stdout: /^native (avx512|avx2|neon), \d+ threads? 3,6\n$/, stderr: /^$/ },
  missing: {
    stdout: /^WebAssembly .* 3,6\n$/,
    stderr: /^@dl\/backend-cpu: WebAssembly .* in the place of native code: no native code for \S+ \(package \S+\)\n$/,
  },
  broken: { stdout: /^WebAssembly .* 3,6\n$/, stderr: /^@dl\/backend-cpu: WebAssembly .* in the place of native code: \w+: .*\.node.*\n$/ },
};

/**
 * Returns what is wrong. The binaries are those that the local compiler made: a release makes others, and checks them.
 * @param {string} place @param {Record<string, string>} tarballs
 */
export function checkBinaries(place, tarballs) {
  const platform = `${process.platform}-${process.arch}`;
  const build = join(root, 'packages/backend-cpu/build', platform);
  const consumer = join(place, 'consumer');
  mkdirSync(consumer);
  if (existsSync(build)) return checkWith(consumer, tarballs, platform, build);
  console.log(`no native code was compiled for ${platform}: only the way without it is checked`);
  return [...install(consumer, tarballs), ...check(consumer, 'missing')];
}

/** @param {string} consumer @param {Record<string, string>} tarballs @param {string} platform @param {string} build */
function checkWith(consumer, tarballs, platform, build) {
  const name = packageOf(platform);
  const source = join(consumer, 'platform');
  const missing = writePackage(platform, build, source);
  if (missing.length > 0) return missing;
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', consumer], { cwd: source, encoding: 'utf8' });
  const tarball = join(consumer, JSON.parse(packed.stdout)[0].filename);
  const problems = install(consumer, { ...tarballs, [name]: tarball });
  const binaries = join(consumer, 'node_modules', name, folderOf(platform));
  problems.push(...check(consumer, 'native'));
  for (const file of existsSync(binaries) ? readdirSync(binaries) : []) writeFileSync(join(binaries, file), 'no library');
  problems.push(...check(consumer, 'broken'));
  rmSync(join(consumer, 'node_modules', name), { recursive: true, force: true });
  return [...problems, ...check(consumer, 'missing')];
}

/** Without the network: what npm can't find of the optional packages it leaves out. @param {string} consumer @param {Record<string, string>} tarballs */
function install(consumer, tarballs) {
  const wanted = Object.entries(tarballs).filter(([name]) => /^@dl\/(tensor$|formats$|backend-cpu)/.test(name));
  const dependencies = Object.fromEntries(wanted.map(([name, path]) => [name, `file:${path}`]));
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  writeFileSync(join(consumer, 'program.js'), program);
  const npm = spawnSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: consumer,
    encoding: 'utf8',
  });
  return npm.status === 0 ? [] : [`npm does not install @dl/backend-cpu:\n${npm.stderr}`];
}

/** @param {string} consumer @param {keyof typeof expected} title */
function check(consumer, title) {
  const { DL_CPU, DL_CPU_BINARIES, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['program.js'], { cwd: consumer, encoding: 'utf8', env });
  const isAsExpected = status === 0 && expected[title].stdout.test(stdout) && expected[title].stderr.test(stderr);
  return isAsExpected ? [] : [`installed with ${title} binaries, @dl/backend-cpu exits with ${status} and prints\n${stdout}${stderr}`];
}
