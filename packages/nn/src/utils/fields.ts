import { ArgumentError, Tensor } from '@dl/tensor';
import { checkTensor, describe } from '@dl/tensor/internal';
import { nameOf } from '../members.ts';
import type { Module } from '../module.ts';
import { Buffer, Parameter } from '../parameter.ts';

/** Refuses what is no module. */
export function checkModule(caller: string, module: unknown): asserts module is Module {
  if (typeof module !== 'function' || !('forward' in module))
    throw new ArgumentError(`${caller}: module must be a module; got ${describe(module)}`);
}

/** A module's parameter or buffer. @throws ArgumentError if the field holds neither. */
export function ownTensor(caller: string, module: Module, name: string): Parameter | Buffer {
  checkModule(caller, module);
  const found: unknown = Object.hasOwn(module, name) ? Reflect.get(module, name) : undefined;
  if (found instanceof Parameter || found instanceof Buffer) return found;
  throw new ArgumentError(`${caller}: ${nameOf(module)} must have a parameter or a buffer '${name}'; got ${describe(found)}`);
}

/** Takes a tensor out of a module's fields and has it computed instead, each time it is read. Assigning to it calls `write`. */
export function computeField(module: Module, name: string, read: () => Tensor, write: (value: Tensor) => void): void {
  Reflect.deleteProperty(module, name);
  const set = (value: unknown): void => {
    checkTensor(nameOf(module), name, value);
    write(value);
  };
  Object.defineProperty(module, name, { get: read, set, enumerable: false, configurable: true });
}

/** Ends `computeField`: the field holds a tensor of its own again. */
export function restoreField(module: Module, name: string, value: Tensor): void {
  Reflect.deleteProperty(module, name);
  addField(module, name, value);
}

/** A field that its class does not declare: a plain one, found as all are. */
export function addField(owner: Module, name: string, value: Tensor | Module): void {
  Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true });
}

/** A field that may be computed, as a tensor. */
export function tensorField(module: Module, name: string): Tensor {
  const found: unknown = Reflect.get(module, name);
  if (found instanceof Tensor) return found;
  throw new ArgumentError(`${nameOf(module)}: '${name}' must be a tensor; got ${describe(found)}`);
}
