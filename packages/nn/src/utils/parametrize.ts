import { noGrad } from '@dl/autograd';
import { ArgumentError, type Tensor } from '@dl/tensor';
import { assign } from '@dl/tensor/internal';
import { ModuleDict } from '../containers/moduleDict.ts';
import type { Identity } from '../layers/identity.ts';
import { nameOf } from '../members.ts';
import type { Module } from '../module.ts';
import { keyOf } from '../names.ts';
import { Buffer, Parameter } from '../parameter.ts';
import { addField, checkModule, computeField, ownTensor, restoreField } from './fields.ts';
import { type Parametrization, ParametrizationList } from './parametrizationList.ts';

export { type Parametrization, ParametrizationList } from './parametrizationList.ts';

/** What `registerParametrization` takes. */
export interface RegisterParametrizationOptions {
  /** Whether the parametrization may change shape and dtype; default `false`. */
  readonly unsafe?: boolean;
}

/** What `removeParametrizations` takes. */
export interface RemoveParametrizationsOptions {
  /** Keep the value that was computed last, rather than the original; default `true`. */
  readonly leaveParametrized?: boolean;
}

/**
 * Has a parameter or a buffer of a module computed from learned originals, each time it is read: `module[name]` is what the parametrization
 * makes of `module.parametrizations[name].original`. Several stack up. Make optimizers afterwards. Returns the module.
 * PyTorch: `torch.nn.utils.parametrize.register_parametrization`.
 *
 * @throws ArgumentError if the module has no such tensor, or the parametrization changes shape or dtype and `unsafe` is not set.
 * @example
 * class Symmetric extends Module {
 *   forward(x: Tensor) {
 *     return x.triu().add(x.triu({ diagonal: 1 }).t());
 *   }
 * }
 * parametrize.registerParametrization(layer, 'weight', new Symmetric());
 */
export function registerParametrization<M extends Module>(
  module: M,
  name: string,
  parametrization: Parametrization,
  options: RegisterParametrizationOptions = {},
): M {
  checkModule('registerParametrization', module);
  checkModule('registerParametrization', parametrization);
  parametrization.train(module.training);
  const existing = listsOf(module);
  if (existing?.has(keyOf(name)) === true) {
    existing.get(keyOf(name)).append(parametrization);
    return module;
  }
  const list = new ParametrizationList(parametrization, ownTensor('registerParametrization', module, name), {
    unsafe: options.unsafe ?? false,
  });
  list.training = module.training;
  computeField(
    module,
    name,
    () => list() as Tensor,
    (value) => list.assignInverse(value),
  );
  listsFor(module).set(keyOf(name), list);
  return module;
}

/**
 * Ends all parametrizations of a tensor: it is a parameter (or buffer) again, with the value computed last, or the original's. Where there
 * was one original, it is the same object, so that optimizers go on. PyTorch: `torch.nn.utils.parametrize.remove_parametrizations`.
 *
 * @throws ArgumentError if it is not parametrized, or several originals cannot stand for it.
 * @example parametrize.removeParametrizations(layer, 'weight')
 */
export function removeParametrizations<M extends Module>(module: M, name: string, options: RemoveParametrizationsOptions = {}): M {
  checkModule('removeParametrizations', module);
  const lists = listsOf(module);
  if (lists?.has(keyOf(name)) !== true)
    throw new ArgumentError(`removeParametrizations: '${name}' of ${nameOf(module)} must be parametrized; got one that is not`);
  restoreField(module, name, lastValue(lists.get(keyOf(name)), name, options.leaveParametrized ?? true));
  lists.delete(keyOf(name));
  if (lists.size === 0) {
    Reflect.deleteProperty(module, field);
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
  }
  return module;
}

/**
 * Whether any tensor of a module, or that of a name, is parametrized. PyTorch: `torch.nn.utils.parametrize.is_parametrized`.
 *
 * @example parametrize.isParametrized(layer, 'weight')
 */
export function isParametrized(module: Module, name?: string): boolean {
  checkModule('isParametrized', module);
  const lists = listsOf(module);
  return lists !== null && (name === undefined || lists.has(keyOf(name)));
}

// ---------------------------------------------------------------------------------------------------------------------

type Lists = ModuleDict<Readonly<Record<string, ParametrizationList>>>;

/** Where the lists are: part of state-dict keys. */
const field = 'parametrizations';

function listsOf(module: Module): Lists | null {
  const found: unknown = Object.hasOwn(module, field) ? Reflect.get(module, field) : null;
  return found instanceof ModuleDict ? (found as Lists) : null;
}

/** The lists of a module; with the first one its class becomes `Parametrized…`, as in PyTorch. */
function listsFor(module: Module): Lists {
  const existing = listsOf(module);
  if (existing !== null) return existing;
  const Class = module.constructor as typeof Identity;
  const name = `Parametrized${Class.name}`;
  const classes = { [name]: class extends Class {} };
  Object.setPrototypeOf(module, classes[name]?.prototype ?? Class.prototype);
  const lists: Lists = new ModuleDict();
  lists.training = module.training;
  addField(module, field, lists);
  return lists;
}

function lastValue(list: ParametrizationList, name: string, leaveParametrized: boolean): Tensor {
  const [original, ...others] = list.originals;
  if (original === undefined || others.length > 0) {
    if (leaveParametrized)
      return original instanceof Buffer ? new Buffer(noGrad(() => list() as Tensor)) : new Parameter(noGrad(() => list() as Tensor));
    throw new ArgumentError(
      `removeParametrizations: '${name}' has several originals; got leaveParametrized false. Leave the value that they give`,
    );
  }
  return leaveParametrized
    ? assign(
        original,
        noGrad(() => list() as Tensor),
      )
    : original;
}
