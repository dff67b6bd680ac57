import { ArgumentError, type Tensor } from '@dl/tensor';
import { checkInteger, checkOneOf, handled } from '@dl/tensor/internal';
import { checkAllNonNegative } from '../hyperparameters.ts';
import { checkClosure, Optimizer } from '../optimizer.ts';
import type { ParamGroupInput, Params } from '../paramGroups.ts';
import { loadGroups, type OptimizerStateDict, takeGroups } from '../stateDict.ts';
import { descend } from './descent.ts';
import { emptyMemory, loadMemory, type Memory, takeMemory } from './memory.ts';
import { type LossClosure, Objective } from './objective.ts';

/** The hyperparameters of `LBFGS`. */
export interface LBFGSOptions {
  /** The length of a step without line search, and the first that a line search tries; default 1. */
  lr: number;
  /** How many directions one call of `step` takes at most; default 20. */
  maxIter: number;
  /** How often one call of `step` calls the closure at most; default 5/4 of `maxIter`. */
  maxEval: number;
  /** The greatest gradient at which it stops; default 1e-7. */
  toleranceGrad: number;
  /** The change of the loss or the parameters at which it stops; default 1e-9. */
  toleranceChange: number;
  /** How many changes it remembers, each twice the size of the parameters; default 100. */
  historySize: number;
  /** How long a step is: `strong_wolfe` searches for one, `null` takes `lr`. Default `null`. */
  lineSearchFn: 'strong_wolfe' | null;
}

const defaults: LBFGSOptions = {
  lr: 1,
  maxIter: 20,
  maxEval: 25,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null,
};

/**
 * Limited-memory BFGS (Liu and Nocedal 1989): a quasi-Newton method for full batches and few parameters. A call of `step` takes up to
 * `maxIter` directions and calls the closure for each, as often as the line search asks. PyTorch: `torch.optim.LBFGS`.
 *
 * Two things differ. Where to go next depends on numbers, so `step` runs the closure many times between waits: it must be awaited before
 * anything else is done with the parameters. And each length of the history has a plan of its own, `historySize` of them at most.
 * If a step fails, the parameters and the history are as before it.
 *
 * @throws ArgumentError for a hyperparameter out of range, more than one group, or a step that is begun before the last has ended.
 * @example
 * const optimizer = new LBFGS(model.parameters(), { lineSearchFn: 'strong_wolfe' });
 * const loss = await optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const loss = criterion(model(x), y);
 *   loss.backward();
 *   return loss;
 * });
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  #memory: Memory = emptyMemory;
  #running = false;

  constructor(params: Params<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    const { maxIter = defaults.maxIter, maxEval = Math.floor((maxIter * 5) / 4) } = options;
    super(params, { ...options, maxEval }, defaults);
    if (this.paramGroups.length !== 1) throw new ArgumentError(`LBFGS: there can be one group only; got ${this.paramGroups.length}`);
  }

  /** @throws ArgumentError, always. */
  override addParamGroup(_group: ParamGroupInput<LBFGSOptions>): void {
    throw new ArgumentError('LBFGS: there can be one group only; got another');
  }

  /** @deprecated It needs a closure. */
  override step(): Promise<void>;
  /** Moves the parameters along up to `maxIter` directions; gives the loss from before. */
  override step(closure: LossClosure): Promise<Tensor>;
  override step(closure?: LossClosure): Promise<Tensor> | Promise<void> {
    return handled(this.#step(closure));
  }

  override stateDict(): OptimizerStateDict {
    const state = takeMemory(this.#memory);
    return { state: state === null ? {} : { 0: state }, param_groups: takeGroups(this.paramGroups) };
  }

  override loadStateDict(dict: OptimizerStateDict): void {
    const [options] = loadGroups(this.name, dict, this.paramGroups, Object.keys(this.defaults));
    const [group] = this.paramGroups;
    if (group === undefined) return;
    const memory = loadMemory(this.name, dict.state[dict.param_groups[0]?.params[0] ?? 0], group.params);
    this.checkOptions({ ...group, ...options });
    Object.assign(group, options);
    this.#memory = memory;
  }

  protected override checkOptions(options: LBFGSOptions): void {
    const { lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn } = options;
    checkInteger(this.name, 'maxIter', maxIter, 1);
    checkInteger(this.name, 'maxEval', maxEval, 1);
    checkInteger(this.name, 'historySize', historySize, 1);
    checkAllNonNegative(this.name, { lr, toleranceGrad, toleranceChange });
    if (lineSearchFn !== null) checkOneOf(this.name, 'lineSearchFn', lineSearchFn, ['strong_wolfe']);
  }

  async #step(closure: LossClosure | undefined): Promise<Tensor> {
    checkClosure(this.name, closure);
    const [group] = this.paramGroups;
    if (this.#running || group === undefined) throw new ArgumentError('LBFGS: a step must be awaited before the next; got one that runs');
    this.checkOptions(group);
    this.#running = true;
    const objective = new Objective(this.parameters(), closure);
    try {
      return await this.#descend(objective, group);
    } finally {
      this.#running = false;
    }
  }

  async #descend(objective: Objective, group: LBFGSOptions): Promise<Tensor> {
    const before = await objective.place();
    try {
      const { loss, memory } = await descend(objective, group, this.#memory);
      this.#memory = memory;
      return loss;
    } catch (error) {
      objective.restore(before);
      throw error;
    }
  }
}
