import { ArgumentError, type Tensor, zerosLike } from '@dl/tensor';
import { claimGradient, describe, releaseGradient } from '@dl/tensor/internal';
import { completeGroup, listGroups, type ParamGroup, type ParamGroupInput, type Params, withDefaults } from './paramGroups.ts';
import type { OptimizerStateDict } from './stateDict.ts';

/** What `zeroGrad` takes. */
export interface ZeroGradOptions {
  /** Drop the gradients (default `true`) rather than fill them with zeros. */
  readonly setToNone?: boolean;
}

/** Computes the loss anew, with its gradients: drops the old ones, calls the model and `backward()`, returns the loss. */
export type Closure = () => Tensor;

/**
 * The base of all optimizers: parameters in groups, with hyperparameters. PyTorch: `torch.optim.Optimizer`.
 *
 * To write one that updates each parameter for itself, extend `ParameterwiseOptimizer`.
 */
export abstract class Optimizer<Options extends object = { lr: number }> {
  /** The groups. Set hyperparameters here at any time: `optimizer.paramGroups[0].lr = 0.01`. */
  readonly paramGroups: ParamGroup<Options>[] = [];
  /** What groups have that do not say otherwise. */
  readonly defaults: Options;

  /**
   * @param params A list of parameters, or of groups `{ params, … }` with hyperparameters of their own.
   * @throws ArgumentError for a hyperparameter out of range or of unknown name, an empty list, or a parameter given twice;
   *   GradientError for a tensor that is no leaf; DTypeError for one that is not float32 or float64.
   */
  constructor(params: Params<Options>, options: Partial<Options>, defaults: Options) {
    this.defaults = withDefaults(this.name, options, defaults);
    this.checkOptions(this.defaults);
    for (const group of listGroups(this.name, params)) this.#addGroup(group);
  }

  /** The class, as errors name it. */
  get name(): string {
    return this.constructor.name;
  }

  /** Adds parameters, with hyperparameters of their own. */
  addParamGroup(group: ParamGroupInput<Options>): void {
    this.#addGroup(group);
  }

  /** Drops the gradients of all parameters: call it before each `backward()`, which adds to what is there. */
  zeroGrad(options: ZeroGradOptions = {}): void {
    const { setToNone = true } = options;
    for (const parameter of this.parameters()) {
      const filled = !setToNone && parameter.gradient !== null;
      releaseGradient(parameter);
      if (filled) claimGradient(parameter, zerosLike(parameter));
    }
  }

  /** Updates the parameters. With a closure, it is called first, and the loss that it returns is what the promise gives. */
  abstract step(): Promise<void>;
  abstract step(closure: Closure): Promise<Tensor>;

  /** Hyperparameters and state, as PyTorch lays them out: by the parameters' numbers. Later steps do not change what was taken. */
  abstract stateDict(): OptimizerStateDict;

  /**
   * Takes hyperparameters and state from what `stateDict` gave. All is checked before anything is changed.
   *
   * @throws DataError if groups, parameters or shapes differ; ArgumentError for a hyperparameter out of range.
   */
  abstract loadStateDict(dict: OptimizerStateDict): void;

  /** Refuses hyperparameters out of range. */
  protected abstract checkOptions(options: Options): void;

  /** Refuses parameters that it cannot update. Runs in the constructor, before a subclass has its fields. */
  protected admit(_parameter: Tensor): void {}

  /** All parameters, group by group. */
  protected parameters(): readonly Tensor[] {
    return this.paramGroups.flatMap(({ params }) => params);
  }

  #addGroup(given: { readonly params: unknown }): void {
    const group = completeGroup(this.name, given, this.defaults, new Set(this.parameters()));
    this.checkOptions(group);
    for (const parameter of group.params) this.admit(parameter);
    this.paramGroups.push(group);
  }
}

/** Refuses what is no function. */
export function checkClosure(caller: string, closure: unknown): asserts closure is Closure {
  if (typeof closure !== 'function')
    throw new ArgumentError(`${caller}: the closure must be a function that returns the loss; got ${describe(closure)}`);
}
