// Compiles C files into objects named by everything that went into them, several at a time. What is there already is not made again.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildFolder } from './sources.mjs';

/** @typedef {{ ok: boolean, text: string }} Outcome */
/** @typedef {{ file: string, key: string[], compile: (object: string) => Promise<Outcome> }} Job */

const objectFolder = join(buildFolder, 'objects');
const kept = 8;
/** Milliseconds that a compilation may take. */
const longest = 900_000;

/** @param {string} title @param {Job[]} jobs */
export async function compileAll(title, jobs) {
  mkdirSync(objectFolder, { recursive: true });
  const stale = jobs.filter((job) => !existsSync(objectOf(job))).length;
  if (stale > 0) console.error(`compiling ${stale} C files for ${title} …`);
  /** @type {string[]} */
  const objects = [];
  /** @type {string[]} */
  const problems = [];
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const { object, problem } = await compile(job);
      if (object) objects.push(object);
      if (problem) problems.push(problem);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { objects: objects.sort(), problems };
}

/** A file that does not compile stands aside with its last object, so that the others can be tried. */
async function compile(/** @type {Job} */ job) {
  const object = objectOf(job);
  const { ok, text } = await alone(`${object}.lock`, () => compileOnce(job, object));
  if (ok && text) process.stderr.write(text);
  const [latest, ...older] = objectsOf(familyOf(job));
  for (const path of older.slice(kept)) rmSync(path, { force: true });
  return ok ? { object } : { object: latest, problem: text };
}

async function compileOnce(/** @type {Job} */ job, /** @type {string} */ object) {
  if (existsSync(object)) return { ok: true, text: '' };
  const draft = draftOf(object);
  const outcome = await job.compile(draft);
  if (outcome.ok) renameSync(draft, object);
  return outcome;
}

/** Runs `task` while no other process holds the lock; one that has died holds none. @template T @param {() => Promise<T>} task */
async function alone(/** @type {string} */ lock, task) {
  while (!take(lock)) await setTimeout(100);
  try {
    return await task();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(/** @type {string} */ lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(/** @type {string} */ lock) {
  try {
    const isOld = Date.now() - statSync(lock).mtimeMs > longest;
    const owner = Number(readFileSync(lock, 'utf8'));
    return !isOld && (owner === 0 || process.kill(owner, 0));
  } catch {
    return false;
  }
}

const familyOf = (/** @type {Job} */ { file, key }) => `${basename(file, '.c')}-${hashOf(key).slice(0, 8)}`;

function objectOf(/** @type {Job} */ job) {
  const texts = includesOf(job.file).map((path) => readFileSync(path, 'utf8'));
  return join(objectFolder, `${familyOf(job)}-${hashOf(texts).slice(0, 16)}.o`);
}

/** The latest first. */
function objectsOf(/** @type {string} */ family) {
  return readdirSync(objectFolder)
    .filter((name) => name.startsWith(`${family}-`) && name.endsWith('.o'))
    .map((name) => join(objectFolder, name))
    .map((path) => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time)
    .map(({ path }) => path);
}

/** The file and what it includes with quotes, each once. */
export function includesOf(/** @type {string} */ file, /** @type {Set<string>} */ seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return [...seen];
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^\s*#\s*include\s*"([^"]+)"/gm))
    includesOf(join(dirname(file), name), seen);
  return [...seen];
}

/**
 * Makes a file unless it was made from the same `ingredients`; returns what went wrong. It is made beside its place and moved there:
 * a process that has the old one loaded keeps it.
 * @param {string} output @param {string[]} ingredients @param {(draft: string) => Promise<Outcome>} maker
 */
export async function make(output, ingredients, maker) {
  const record = join(objectFolder, `${hashOf([output]).slice(0, 16)}.from`);
  const wanted = hashOf(ingredients);
  if (existsSync(output) && existsSync(record) && readFileSync(record, 'utf8') === wanted) return undefined;
  for (const folder of [dirname(output), objectFolder]) mkdirSync(folder, { recursive: true });
  const draft = draftOf(output);
  const { ok, text } = await maker(draft);
  if (!ok) return text;
  renameSync(draft, output);
  writeFileSync(record, wanted);
  return undefined;
}

const draftOf = (/** @type {string} */ path) => `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
const hashOf = (/** @type {string[]} */ parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
