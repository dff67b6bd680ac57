import type { Tensor } from '@dl/tensor';
import { handled, replace, withGradMode } from '@dl/tensor/internal';
import { type Closure, checkClosure, Optimizer } from './optimizer.ts';
import { ParameterState, type Update } from './parameterState.ts';
import { loadOptimizerState, type OptimizerStateDict, type StateLayout, takeOptimizerState } from './stateDict.ts';

/**
 * The base of optimizers that update each parameter for itself, by its gradient and what is remembered of it. A subclass has defaults,
 * checks hyperparameters, names its state, and says how one parameter is updated.
 *
 * @example
 * class SignDescent extends ParameterwiseOptimizer<{ lr: number }> {
 *   override readonly stateNames = [];
 *   constructor(params: Params<{ lr: number }>, options: { lr?: number } = {}) {
 *     super(params, options, { lr: 0.01 });
 *   }
 *   protected override checkOptions(): void {}
 *   protected override updatesOf(parameter: Tensor, gradient: Tensor, _state: ParameterState, { lr }: { lr: number }): Update[] {
 *     return [{ target: parameter, next: parameter.sub(gradient.sign().mul(lr)) }];
 *   }
 * }
 */
export abstract class ParameterwiseOptimizer<Options extends object> extends Optimizer<Options> {
  /** The names of what `stateDict` holds of a parameter: tensors, numbers, and `step` where it matters. */
  abstract readonly stateNames: readonly string[];
  readonly #states = new Map<Tensor, ParameterState>();

  /**
   * Updates every parameter that has a gradient; the rest stay as they are. All is captured before it returns: parameters, read from now
   * on, are the new ones, and steps run in the order of the calls, awaited or not. The promise is settled when the numbers are there.
   *
   * @param closure If given, is called first; what it returns, the loss, is what the promise gives.
   * @throws ArgumentError for a hyperparameter out of range. If it rejects, parameters and state are as before.
   */
  override step(): Promise<void>;
  override step(closure: Closure): Promise<Tensor>;
  override step(closure?: Closure): Promise<Tensor> | Promise<void> {
    if (closure === undefined) return handled(this.#step());
    return handled(this.#stepAfter(closure));
  }

  override stateDict(): OptimizerStateDict {
    return takeOptimizerState(this.paramGroups, this.#states, this.stateNames);
  }

  override loadStateDict(dict: OptimizerStateDict): void {
    const layout: StateLayout = {
      optionNames: Object.keys(this.defaults),
      stateNames: this.stateNames,
      numberNames: this.numberNames,
      shapeOf: (name, parameter) => this.slotShape(name, parameter),
    };
    const { options, states } = loadOptimizerState(this.name, dict, this.paramGroups, layout);
    const groups = this.paramGroups.map((group, i) => ({ ...group, ...options[i] }));
    for (const group of groups) this.checkOptions(group);
    groups.forEach((group, i) => {
      Object.assign(this.paramGroups[i] ?? {}, group);
    });
    this.#states.clear();
    for (const [parameter, state] of states) this.#states.set(parameter, state);
  }

  /** How a parameter and its state become new ones. `state.step` already counts this step. */
  protected abstract updatesOf(parameter: Tensor, gradient: Tensor, state: ParameterState, options: Options): readonly Update[];

  /** Which of the state's names are of numbers, beside `step`. */
  protected get numberNames(): readonly string[] {
    return [];
  }

  /** The shape of a tensor of the state; the parameter's, unless a subclass says otherwise. */
  protected slotShape(_name: string, parameter: Tensor): readonly number[] {
    return parameter.shape;
  }

  /** What is remembered of a parameter. */
  protected stateOf(parameter: Tensor): ParameterState {
    const state = this.#states.get(parameter) ?? new ParameterState(parameter);
    this.#states.set(parameter, state);
    return state;
  }

  async #stepAfter(closure: Closure): Promise<Tensor> {
    checkClosure(this.name, closure);
    const loss = closure();
    await this.#step();
    return loss;
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

  #stepOf(parameter: Tensor, group: Options): { readonly updates: readonly Update[]; undo(): void }[] {
    const { gradient } = parameter;
    if (gradient === null) return [];
    const state = this.stateOf(parameter);
    const undo = state.mark();
    state.step++;
    const updates = withGradMode('step', false, () => this.updatesOf(parameter, gradient, state, group));
    return [{ updates, undo }];
  }
}
