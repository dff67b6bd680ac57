import { ArgumentError } from '@dl/tensor';
import { isModule, members, nameOf } from './members.ts';
import type { Module } from './module.ts';
import { join } from './names.ts';
import { Buffer, Parameter } from './parameter.ts';

/** Something found in a module, with its path. */
export type Named<T> = readonly [path: string, found: T];

/** The modules directly below one, with their keys; a shared one under each of its keys. */
export function childrenOf(module: Module): Named<Module>[] {
  return module[members]().filter((member): member is Named<Module> => isModule(member[1]));
}

/** A module and all below it, parents first; a shared one under each of its paths. */
export function allModules(root: Module): Named<Module>[] {
  const found: Named<Module>[] = [];
  const visit = (path: string, module: Module, above: readonly Module[]): void => {
    if (above.includes(module))
      throw new ArgumentError(`${nameOf(root)}: a module must not contain itself; got a ${nameOf(module)} again at '${path}'`);
    found.push([path, module]);
    const chain = [...above, module];
    for (const [key, child] of childrenOf(module)) visit(join(path, key), child, chain);
  };
  visit('', root, []);
  return found;
}

/** The parameters of a list of modules, each module's own before the next one's. */
export function parametersIn(modules: readonly Named<Module>[]): Named<Parameter>[] {
  return modules.flatMap(([path, module]) => own(path, module, (member) => member instanceof Parameter));
}

/** The buffers of a list of modules. */
export function buffersIn(modules: readonly Named<Module>[]): Named<Buffer>[] {
  return modules.flatMap(([path, module]) => own(path, module, (member) => member instanceof Buffer));
}

/** What goes into a state dict: parameters and persistent buffers, tied ones under each of their keys. */
export function stateIn(root: Module): Named<Parameter | Buffer>[] {
  return allModules(root).flatMap((named) => [...parametersIn([named]), ...buffersIn([named]).filter(([, buffer]) => buffer.persistent)]);
}

/** The list without what was found before, under another path. */
export function unique<T>(list: readonly Named<T>[]): Named<T>[] {
  const seen = new Set<T>();
  return list.filter(([, found]) => !seen.has(found) && seen.add(found));
}

function own<T>(path: string, module: Module, wanted: (member: unknown) => member is T): Named<T>[] {
  return module[members]().flatMap(([key, member]) => (wanted(member) ? [[join(path, key), member] as const] : []));
}
