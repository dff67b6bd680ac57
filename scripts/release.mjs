// Publishes what main has and npm has not: the packages with binaries, which the release's workflow has made and checked, then all others.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../packages/backend-cpu/scripts/platforms.mjs';
import { readJson, root } from './workspace.mjs';

const { version } = readJson('packages/backend-cpu/package.json');
const folders = Object.keys(platforms).map((platform) => join(root, 'packages/backend-cpu/npm', platform));
for (const folder of folders) {
  const manifest = existsSync(folder) ? readJson(join(folder, 'package.json')) : undefined;
  if (manifest?.version !== version) fail(`${folder} has not version ${version} of the binaries; the release's workflow makes them`);
}
run('npm', ['run', 'build']);
for (const folder of folders) if (!isPublished(readJson(join(folder, 'package.json')).name)) run('npm', ['publish', folder]);
run('npx', ['changeset', 'publish']);

function isPublished(/** @type {string} */ name) {
  const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === version;
}

function run(/** @type {string} */ program, /** @type {string[]} */ args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail(`${program} ${args.join(' ')} failed`);
}

/** @returns {never} */
function fail(/** @type {string} */ reason) {
  console.error(`release: ${reason}`);
  process.exit(1);
}
