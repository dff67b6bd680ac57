import type { TensorSpec } from '../shape.ts';

/**
 * The structural key of a graph: integers in one reused array. A hash of them finds candidates, an exact compare decides.
 * Strings (primitive names, dtypes, modes) are interned once.
 */
let words = new Int32Array(1 << 12);
let length = 0;
const interned = new Map<string, number>();
/** Announces a number that is no 32-bit integer. */
const wide = 0x7fffffff;

export function beginKey(): void {
  length = 0;
}

export function push(word: number): void {
  if (length === words.length) {
    const grown = new Int32Array(words.length * 2);
    grown.set(words);
    words = grown;
  }
  words[length++] = word;
}

export function pushString(text: string): void {
  let id = interned.get(text);
  if (id === undefined) {
    id = interned.size;
    interned.set(text, id);
  }
  push(id);
}

export function pushSpec(spec: TensorSpec): void {
  pushString(spec.dtype);
  pushList(spec.shape);
}

type ParamValue = number | boolean | string | null | readonly number[];

/** A node's params: flat objects of integers, booleans, words and lists of integers, in the order they were written. */
export function pushParams(params: object): void {
  for (const name in params) {
    const value = (params as Readonly<Record<string, ParamValue>>)[name] as ParamValue;
    if (typeof value === 'number') pushNumber(value);
    else if (typeof value === 'string') pushString(value);
    else if (typeof value === 'boolean') push(value ? 1 : 0);
    else if (value === null) push(-1);
    else pushList(value);
  }
}

/** FNV-1a over the words. */
export function hashKey(): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (words[i] as number), 0x01000193);
  return hash;
}

export function copyKey(): Int32Array {
  return words.slice(0, length);
}

export function equalsKey(key: Int32Array): boolean {
  if (key.length !== length) return false;
  for (let i = 0; i < length; i++) if (key[i] !== words[i]) return false;
  return true;
}

function pushList(list: readonly number[]): void {
  push(list.length);
  for (let i = 0; i < list.length; i++) pushNumber(list[i] as number);
}

function pushNumber(value: number): void {
  if ((value | 0) === value) {
    push(value);
    return;
  }
  push(wide);
  pushString(String(value));
}
