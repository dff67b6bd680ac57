import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { Dict } from './containers/dict.ts';
import { List } from './containers/list.ts';
import { Sequential } from './containers/sequential.ts';
import { isModule, type Member, members } from './members.ts';
import { Module } from './module.ts';
import { Buffer, Parameter } from './parameter.ts';

/**
 * A module like another: the same values in parameters, buffers and modules of its own. What one module owns under several names the
 * copy does, too; every other field is the same. Hooks stay behind, and so do `#private` fields of a class: a module that has
 * any can't be copied. PyTorch: `copy.deepcopy(module)`.
 *
 * @throws ArgumentError for what is no module.
 * @example const teacher = cloneModule(student).eval();
 */
export function cloneModule<M extends Module>(module: M): M {
  if (!isModule(module)) throw new ArgumentError(`cloneModule: module must be a module; got ${describe(module)}`);
  return clone(module, new Map()) as M;
}

// ---------------------------------------------------------------------------------------------------------------------

type Copies = Map<Member, Member>;

function clone(module: Module, copies: Copies): Module {
  const copy = emptyCopy(module, copies);
  copies.set(module, copy);
  for (const [field, value] of Object.entries(module)) Reflect.set(copy, field, isMember(value) ? copied(value, copies) : value);
  return copy;
}

function copied(member: Member, copies: Copies): Member {
  const known = copies.get(member);
  if (known !== undefined) return known;
  if (isModule(member)) return clone(member, copies);
  const values = member.detach();
  const copy =
    member instanceof Parameter
      ? new Parameter(values, { requiresGrad: member.requiresGrad })
      : new Buffer(values, { persistent: member.persistent });
  copies.set(member, copy);
  return copy;
}

/** A module of the same class, without its fields; a container has its members. */
function emptyCopy(module: Module, copies: Copies): Module {
  const items = () => containedIn(module).map(([key, member]) => [key, copied(member, copies)] as const);
  const construct = (base: unknown, inputs: readonly unknown[]) =>
    Reflect.construct(base as new () => Module, inputs, module.constructor as new () => Module);
  if (module instanceof List) return construct(List, [items().map(([, member]) => member)]);
  if (module instanceof Dict) return construct(Dict, [Object.fromEntries(items())]);
  if (module instanceof Sequential) return construct(Sequential, [Object.fromEntries(items())]);
  return construct(Module, []);
}

/** The members of a container that are no fields of it. */
function containedIn(module: Module): readonly (readonly [string, Member])[] {
  const fields = new Set<unknown>(Object.values(module));
  return module[members]().filter(([, member]) => !fields.has(member));
}

function isMember(value: unknown): value is Member {
  return isModule(value) || value instanceof Parameter || value instanceof Buffer;
}
