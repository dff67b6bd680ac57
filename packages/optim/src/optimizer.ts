import { type Tensor, zerosLike } from '@dl/tensor';
import { claimGradient, handled, releaseGradient, replace, withGradMode } from '@dl/tensor/internal';
import { ParameterState, type Update } from './parameterState.ts';
import { completeGroup, listGroups, type ParamGroup, type ParamGroupInput, type Params, withDefaults } from './paramGroups.ts';
import { loadOptimizerState, type OptimizerStateDict, takeOptimizerState } from './stateDict.ts';

/** What `zeroGrad` takes. */
export interface ZeroGradOptions {
  /** Drop the gradients (default `true`) rather than fill them with zeros. */
  readonly setToNone?: boolean;
}

/**
 * The base of all optimizers: parameters in groups, the state of each, and the step. PyTorch: `torch.optim.Optimizer`.
 *
 * A subclass has `defaults`, checks hyperparameters, and says how one parameter is updated.
 */
export abstract class Optimizer<Options extends object> {
  /** The groups. Set hyperparameters here at any time: `optimizer.paramGroups[0].lr = 0.01`. */
  readonly paramGroups: ParamGroup<Options>[] = [];
  /** What groups have that do not say otherwise. */
  readonly defaults: Options;
  /** The names of what `stateDict` holds of a parameter: tensors, and `step` where it matters. */
  abstract readonly stateNames: readonly string[];
  readonly #states = new Map<Tensor, ParameterState>();

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

  /**
   * Updates every parameter that has a gradient; the rest stay as they are. All is captured before it returns: parameters, read from now
   * on, are the new ones, and steps run in the order of the calls, awaited or not. The promise is settled when the numbers are there.
   *
   * @throws ArgumentError for a hyperparameter out of range. If it rejects, parameters and state are as before.
   */
  step(): Promise<void> {
    return handled(this.#step());
  }

  async #step(): Promise<void> {
    for (const group of this.paramGroups) this.checkOptions(group);
    const steps = this.paramGroups.flatMap((group) => group.params.flatMap((parameter) => this.#stepOf(parameter, group)));
    const onFailure = (): void => {
      for (const { undo } of steps) undo();
    };
    await replace(
      steps.flatMap(({ updates }) => updates),
      { onFailure },
    );
  }

  /** Hyperparameters and state, as PyTorch lays them out: by the parameters' numbers. Later steps do not change what was taken. */
  stateDict(): OptimizerStateDict {
    return takeOptimizerState(this.paramGroups, this.#states, this.stateNames);
  }

  /**
   * Takes hyperparameters and state from what `stateDict` gave. All is checked before anything is changed.
   *
   * @throws DataError if groups, parameters or shapes differ; ArgumentError for a hyperparameter out of range.
   */
  loadStateDict(dict: OptimizerStateDict): void {
    const { options, states } = loadOptimizerState(this.name, dict, this.paramGroups, Object.keys(this.defaults), this.stateNames);
    const groups = this.paramGroups.map((group, i) => ({ ...group, ...options[i] }));
    for (const group of groups) this.checkOptions(group);
    groups.forEach((group, i) => {
      Object.assign(this.paramGroups[i] ?? {}, group);
    });
    this.#states.clear();
    for (const [parameter, state] of states) this.#states.set(parameter, state);
  }

  /** Refuses hyperparameters out of range. */
  protected abstract checkOptions(options: Options): void;

  /** How a parameter and its state become new ones. `state.step` already counts this step. */
  protected abstract updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: Options): readonly Update[];

  /** All parameters, group by group. */
  protected parameters(): readonly Tensor[] {
    return this.paramGroups.flatMap(({ params }) => params);
  }

  #addGroup(given: { readonly params: unknown }): void {
    const group = completeGroup(this.name, given, this.defaults, new Set(this.parameters()));
    this.checkOptions(group);
    this.paramGroups.push(group);
  }

  #stateOf(parameter: Tensor): ParameterState {
    const state = this.#states.get(parameter) ?? new ParameterState(parameter);
    this.#states.set(parameter, state);
    return state;
  }

  #stepOf(parameter: Tensor, group: Options): { readonly updates: readonly Update[]; undo(): void }[] {
    const { gradient } = parameter;
    if (gradient === null) return [];
    const state = this.#stateOf(parameter);
    const before = [...state.slots.keys()];
    state.step++;
    const undo = (): void => {
      state.step--;
      state.keep(before);
    };
    const updates = withGradMode('step', false, () => this.updatesOf(parameter, gradient, state, group));
    return [{ updates, undo }];
  }
}
