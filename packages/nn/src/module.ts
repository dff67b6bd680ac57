import { ArgumentError, type Backend, type Tensor } from '@dl/tensor';
import { describe, isPromise, releaseGradient, withCallFrame } from '@dl/tensor/internal';
import { Callable, invoke } from './callable.ts';

import { fieldMembers, type Member, members, nameOf } from './members.ts';
import { castModule, moveModule } from './moveModule.ts';
import type { Buffer, Parameter } from './parameter.ts';
import { describeModule } from './repr.ts';
import { type LoadReport, loadStateDict, type StateDict, takeStateDict } from './stateDict.ts';
import { allModules, buffersIn, childrenOf, type Named, parametersIn, unique } from './walk.ts';

/** The method that Node's `console.log` calls. */
const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What `registerForwardHook` and its kin return: `remove()` ends the hook. */
export interface RemovableHandle {
  remove(): void;
}

/** Whether to look into the modules below as well. */
export interface RecurseOptions {
  /** Default `true`. */
  readonly recurse?: boolean;
}

/**
 * The base of all layers, losses and models: a function of tensors that owns parameters. A subclass has fields (parameters, buffers,
 * modules, found by themselves) and `forward`; a call `model(x)` runs `forward(x)` with its types, inside the hooks. Nothing is computed
 * until numbers are asked for, so `forward` must be synchronous. If it throws, buffers assigned on the way are as before.
 *
 * Fields must be public: `#private` ones cannot be found. Lists of modules belong in a `ModuleList`, not in an array.
 *
 * PyTorch: `torch.nn.Module`.
 *
 * @example
 * class Classifier extends Module {
 *   hidden = new Linear(784, 128);
 *   output = new Linear(128, 10);
 *   forward(x: Tensor) {
 *     return this.output(this.hidden(x).relu());
 *   }
 * }
 * const model = new Classifier();
 * const logits = model(images);
 */
export abstract class Module extends Callable {
  /** Whether it is in training mode, as it is at first; see `train` and `eval`. */
  training = true;
  readonly #preHooks = new Set<(module: never, inputs: never) => unknown>();
  readonly #hooks = new Set<(module: never, inputs: never, output: never) => unknown>();

  /** What a call computes. Call the module itself, not this: hooks run and assigned buffers are kept only then. */
  abstract forward(...inputs: never[]): unknown;

  /** All parameters, each once, its own before those of the modules below. */
  parameters(options: RecurseOptions = {}): Parameter[] {
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  /** The same with their names, which are their keys in a state dict: `layers.0.weight`. */
  namedParameters(options: RecurseOptions = {}): Named<Parameter>[] {
    return unique(parametersIn(this.#scope(options)));
  }

  /** All buffers (state that no optimizer changes, such as running statistics), each once. */
  buffers(options: RecurseOptions = {}): Buffer[] {
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** The same with their names. */
  namedBuffers(options: RecurseOptions = {}): Named<Buffer>[] {
    return unique(buffersIn(this.#scope(options)));
  }

  /** The modules directly below, each once. */
  children(): Module[] {
    return this.namedChildren().map(([, child]) => child);
  }

  /** The same with their names. */
  namedChildren(): Named<Module>[] {
    return unique(childrenOf(this));
  }

  /** This module and all below it, each once, parents first. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  /** The same with their names; its own is empty. */
  namedModules(): Named<Module>[] {
    return unique(allModules(this));
  }

  /**
   * The parameters and persistent buffers under PyTorch's names, as they are now: later steps do not change what was taken. Nothing is
   * copied. Tied weights stand under each of their names.
   *
   * @example const best = model.stateDict(); // … later: model.loadStateDict(best)
   */
  stateDict(): StateDict {
    return takeStateDict(this);
  }

  /**
   * Gives parameters and buffers the values of a state dict, cast to their dtypes. All is checked before anything is changed.
   *
   * @param options `strict` (default `true`): whether missing and unexpected keys are errors, too; wrong shapes always are.
   * @throws DataError that lists every missing and unexpected key and every wrong shape.
   */
  loadStateDict(state: StateDict, options: { readonly strict?: boolean } = {}): LoadReport {
    return loadStateDict(this, state, options);
  }

  /** Puts it and all modules below into training mode (dropout drops, batch normalisation takes the batch's statistics), or out of it. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ArgumentError(`train: mode must be true or false; got ${String(mode)}`);
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Puts it and all modules below into evaluation mode: `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /** Calls a function on each module, children before parents, this one last. */
  apply(f: (module: Module) => void): this {
    for (const child of this.children()) child.apply(f);
    f(this);
    return this;
  }

  /** Freezes all parameters (`false`), or lets gradients flow to them again. PyTorch's `requires_grad_`. */
  requiresGrad(wanted = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = wanted;
    return this;
  }

  /** Drops the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) releaseGradient(parameter);
  }

  /**
   * Casts all floating parameters and buffers, at once, or brings all to another backend, which has to be awaited. Gradients are dropped.
   * Make optimizers afterwards: their state stays as it is.
   *
   * @throws DTypeError if the dtype is neither float32 nor float64.
   * @example const exact = new Linear(2, 2).to('float64');
   */
  to(dtype: 'float32' | 'float64'): this;
  to(backend: Backend): Promise<this>;
  to(target: 'float32' | 'float64' | Backend): this | Promise<this> {
    if (typeof target === 'object' && target !== null) return moveModule(this, target).then(() => this);
    castModule(this, target);
    return this;
  }

  /**
   * Calls a function before each `forward`, with the module and its inputs; an array that it returns replaces them.
   *
   * @example const handle = layer.registerForwardPreHook((_, [x]) => [x.mul(2)]);
   */
  registerForwardPreHook<M extends Module, R extends Parameters<M['forward']> | []>(
    this: M,
    // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
    hook: (module: M, inputs: Parameters<M['forward']>) => R | void,
  ): RemovableHandle {
    return added(this.#preHooks, hook);
  }

  /**
   * Calls a function after each `forward`, with the module, its inputs and its output; what it returns, unless `undefined`, replaces the output.
   *
   * @example const handle = layer.registerForwardHook((_, inputs, output) => { seen.push(output); });
   */
  registerForwardHook<M extends Module>(
    this: M,
    // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
    hook: (module: M, inputs: Parameters<M['forward']>, output: ReturnType<M['forward']>) => ReturnType<M['forward']> | void,
  ): RemovableHandle {
    return added(this.#hooks, hook);
  }

  /** What `toString` prints between the brackets, as `in_features=784`; a subclass may override it. */
  extraRepr(): string {
    return '';
  }

  /** The module and all below it as PyTorch prints them. */
  override toString(): string {
    return describeModule(this);
  }

  /** @internal What `console.log` prints in Node. */
  [inspect](): string {
    return this.toString();
  }

  /** @internal What it owns directly: its fields. */
  [members](): readonly Named<Member>[] {
    return fieldMembers(this);
  }

  /** @internal */
  protected override [invoke](inputs: readonly unknown[]): unknown {
    return withCallFrame(() => this.#run(inputs));
  }

  #scope({ recurse = true }: RecurseOptions): Named<Module>[] {
    return recurse ? unique(allModules(this)) : [['', this]];
  }

  #run(given: readonly unknown[]): unknown {
    let inputs = given;
    for (const hook of this.#preHooks) inputs = replacedInputs(this, hook(this as never, inputs as never)) ?? inputs;
    let output = this.forward(...(inputs as never[]));
    refusePromise(this, output);
    for (const hook of this.#hooks) output = hook(this as never, inputs as never, output as never) ?? output;
    return output;
  }
}

/** A call runs `forward`, with its argument and result types. */
export interface Module {
  // biome-ignore lint/style/useShorthandFunctionType: an alias cannot merge with the class.
  (...inputs: Parameters<this['forward']>): ReturnType<this['forward']>;
}

/** A module of one input. */
export interface UnaryModule<Input = never, Output = unknown> {
  (x: Input): Output;
  forward(x: Input): Output;
  training: boolean;
}

/** A layer as most are: a tensor in, a tensor out. */
export type Layer = UnaryModule<Tensor, Tensor>;

// ---------------------------------------------------------------------------------------------------------------------

function added<T>(set: Set<T>, hook: T): RemovableHandle {
  set.add(hook);
  return { remove: () => set.delete(hook) };
}

function replacedInputs(module: Module, result: unknown): readonly unknown[] | undefined {
  if (result === undefined || Array.isArray(result)) return result;
  throw new ArgumentError(`${nameOf(module)}: a forward pre-hook must return an array of inputs, or nothing; got ${describe(result)}`);
}

function refusePromise(module: Module, output: unknown): void {
  if (!isPromise(output)) return;
  output.then(undefined, () => {});
  throw new ArgumentError(
    `${nameOf(module)}: forward must be synchronous; got one that returns a promise. Await the numbers outside: await model(x).data()`,
  );
}
