import { ArgumentError, DTypeError, GradientError, Tensor } from '@dl/tensor';
import { describe, isFloating } from '@dl/tensor/internal';

/** Parameters that share their hyperparameters. A hyperparameter that is set here takes effect with the next `step()`. */
export type ParamGroup<Options extends object> = Options & { readonly params: readonly Tensor[] };

/** A group as it is given: what it does not say is as in the optimizer's options. */
export type ParamGroupInput<Options extends object> = Partial<Options> & { readonly params: Tensor | Iterable<Tensor> };

/** What an optimizer is given: parameters, or groups of them. */
export type Params<Options extends object> = Iterable<Tensor> | Iterable<ParamGroupInput<Options>>;

/** What is given, as a list of groups. */
export function listGroups<Options extends object>(caller: string, given: Params<Options>): readonly { readonly params: unknown }[] {
  if (given instanceof Tensor || !isIterable(given)) {
    throw new ArgumentError(`${caller}: parameters must be a list of tensors or of groups { params, … }; got ${describe(given)}`);
  }
  const list: readonly unknown[] = [...given];
  if (list.length === 0) throw new ArgumentError(`${caller}: there must be parameters; got an empty list`);
  const groups = list.filter(isGroup);
  if (groups.length === 0) return [{ params: list }];
  if (groups.length === list.length) return groups;
  throw new ArgumentError(
    `${caller}: parameters must be all tensors or all groups; got ${list.length - groups.length} tensors and ${groups.length} others`,
  );
}

/**
 * A group with everything it needs.
 *
 * @throws ArgumentError for an option of unknown name, a parameter given twice or one that is no tensor; DTypeError, GradientError for
 *   one that cannot be learned.
 */
export function completeGroup<Options extends object>(
  caller: string,
  { params, ...options }: { readonly params: unknown },
  defaults: Options,
  taken: ReadonlySet<Tensor>,
): ParamGroup<Options> {
  return Object.assign(withDefaults(caller, options, defaults), { params: listParameters(caller, params, taken) });
}

/** Options with defaults for those that are not given. */
export function withDefaults<Options extends object>(caller: string, options: object, defaults: Options): Options {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!Object.hasOwn(defaults, name))
      throw new ArgumentError(`${caller}: options are ${Object.keys(defaults).join(', ')}; got '${name}'`);
  }
  return Object.assign({ ...defaults }, Object.fromEntries(given));
}

/** Parameters in a list; each may be there once. */
export function listParameters(caller: string, given: unknown, taken: ReadonlySet<Tensor> = new Set()): readonly Tensor[] {
  const list: unknown[] = given instanceof Tensor ? [given] : isIterable(given) ? [...given] : [given];
  const seen = new Set(taken);
  return list.map((parameter, i) => {
    checkParameter(caller, parameter, i);
    if (seen.has(parameter))
      throw new ArgumentError(`${caller}: each parameter may be given once; got number ${i}, ${describe(parameter)}, twice`);
    seen.add(parameter);
    return parameter;
  });
}

function isGroup(item: unknown): item is { readonly params: unknown } {
  return typeof item === 'object' && item !== null && !(item instanceof Tensor);
}

function checkParameter(caller: string, parameter: unknown, i: number): asserts parameter is Tensor {
  if (!(parameter instanceof Tensor))
    throw new ArgumentError(`${caller}: parameters must be tensors; got ${describe(parameter)} as number ${i}`);
  if (!isFloating(parameter.dtype))
    throw new DTypeError(`${caller}: parameters must be float32 or float64; got ${parameter.dtype} as number ${i}`);
  if (parameter.value.owner !== parameter) {
    throw new GradientError(
      `${caller}: parameters must be leaves that require gradients; got a computed tensor as number ${i}. Use a Parameter, or requiresGrad(x)`,
    );
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
