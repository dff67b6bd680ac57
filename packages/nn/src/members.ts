import { ArgumentError } from '@dl/tensor';
import { Callable } from './callable.ts';
import type { Module } from './module.ts';
import { keyOf } from './names.ts';
import { Buffer, Parameter } from './parameter.ts';

/** What a module owns directly. */
export type Member = Module | Parameter | Buffer;

/** The method that lists a module's members: containers, whose keys are data, have their own. */
export const members: unique symbol = Symbol('dl.members');

/**
 * The members among an object's own enumerable fields, with their keys, in the order in which the fields were set.
 *
 * @throws ArgumentError if an array or a plain object holds modules or parameters: nobody would find them there.
 */
export function fieldMembers(owner: object): (readonly [string, Member])[] {
  const found: (readonly [string, Member])[] = [];
  const keys = new Map<string, string>();
  for (const [field, value] of Object.entries(owner)) {
    if (!isMember(value)) {
      refuseHidden(owner, field, value);
      continue;
    }
    const key = keyOf(field);
    const other = keys.get(key);
    if (other !== undefined)
      throw new ArgumentError(`${nameOf(owner)}: fields need keys of their own; got '${other}' and '${field}', both '${key}'`);
    keys.set(key, field);
    found.push([key, value]);
  }
  return found;
}

/** Whether a value is a module, a parameter or a buffer. */
function isMember(value: unknown): value is Member {
  return isModule(value) || value instanceof Parameter || value instanceof Buffer;
}

/** Whether a value is a module. */
export function isModule(value: unknown): value is Module {
  return value instanceof Callable;
}

/** A module's class, as errors and `toString` name it. */
export function nameOf(owner: object): string {
  return owner.constructor.name;
}

function refuseHidden(owner: object, field: string, value: unknown): void {
  const hidden = contentsOf(value)?.find(isMember);
  if (hidden === undefined) return;
  const [what, containers] = isModule(hidden) ? ['modules', 'ModuleList or ModuleDict'] : ['parameters', 'ParameterList or ParameterDict'];
  const holder = Array.isArray(value) ? 'an array' : `a plain ${nameOf(value as object)}`;
  throw new ArgumentError(
    `${nameOf(owner)}: ${what} must be fields or in a ${containers}; got ${holder} of them in the field '${field}'. Use new ${containers.split(' ')[0]}(…)`,
  );
}

function contentsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Map || value instanceof Set) return [...value.values()];
  return isPlainObject(value) ? Object.values(value) : undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
