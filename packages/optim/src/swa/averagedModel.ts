import { Buffer, cloneModule, Module } from '@dl/nn';
import { ArgumentError, ShapeError, type Tensor, where, zeros } from '@dl/tensor';
import { describe, formatShape, sameShape, withGradMode } from '@dl/tensor/internal';
import { type AvgFn, eachBy, getSwaAvgFn, type MultiAvgFn } from './averages.ts';

/** What `AveragedModel` takes. */
export interface AveragedModelOptions {
  /** How one parameter's average follows it; default `getSwaAvgFn()`, the mean of all. */
  readonly avgFn?: AvgFn;
  /** The same for all parameters at once, instead of `avgFn`. */
  readonly multiAvgFn?: MultiAvgFn;
  /** Average buffers as well, rather than copy them; default `false`. */
  readonly useBuffers?: boolean;
  /** `false`: the module given holds the averages itself, rather than a copy of it; for modules with `#private` fields, which cannot be copied. */
  readonly copy?: boolean;
}

/**
 * A model whose parameters are averages of another's: stochastic weight averaging (Izmailov et al. 2018) or an exponential moving average.
 * PyTorch: `torch.optim.swa_utils.AveragedModel`. It holds a copy of the model. A class's `#private` fields cannot be copied: for such models
 * give it a second one and `copy: false`. The first `updateParameters` gives it the parameters, the next ones average. Nothing is computed
 * yet: the averages ride with the next `optimizer.step()`.
 *
 * @throws ArgumentError for two functions or none; from `updateParameters` for the very model that holds the averages, or one with other
 *   parameters.
 * @example
 * const ema = new AveragedModel(model, { avgFn: getEmaAvgFn(0.999) });
 * // after each optimizer.step():
 * ema.updateParameters(model);
 */
export class AveragedModel<M extends Module> extends Module {
  /** Holds the averages. */
  readonly module: M;
  /** How many times they were updated. */
  readonly nAveraged = new Buffer(zeros([], { dtype: 'int32' }));
  readonly #average: MultiAvgFn;
  readonly #useBuffers: boolean;

  constructor(model: M, options: AveragedModelOptions = {}) {
    super();
    const { avgFn, multiAvgFn, useBuffers = false, copy = true } = options;
    if (!(model instanceof Module)) throw new ArgumentError(`AveragedModel: model must be a module; got ${describe(model)}`);
    if (avgFn !== undefined && multiAvgFn !== undefined) throw new ArgumentError('AveragedModel: give avgFn or multiAvgFn; got both');
    for (const f of [avgFn, multiAvgFn])
      if (f !== undefined && typeof f !== 'function') throw new ArgumentError(`AveragedModel: averages are functions; got ${describe(f)}`);
    this.module = copy ? cloneModule(model) : model;
    this.#average = multiAvgFn ?? eachBy(avgFn ?? getSwaAvgFn());
    this.#useBuffers = useBuffers;
  }

  override forward(...inputs: Parameters<M['forward']>): ReturnType<M['forward']> {
    return this.module(...inputs);
  }

  /** Takes a model's parameters into the averages. */
  updateParameters(model: Module): void {
    const buffers: Pairs = paired('buffers', this.module.buffers(), model.buffers());
    const parameters: Pairs = paired('parameters', this.module.parameters(), model.parameters());
    withGradMode('updateParameters', false, () => {
      this.#follow(this.#useBuffers ? [...parameters, ...buffers] : parameters);
      if (!this.#useBuffers) for (const [own, theirs] of buffers) own.assign(theirs.detach());
      this.nAveraged.assign(this.nAveraged.add(1));
    });
  }

  #follow(pairs: Pairs): void {
    const count = this.nAveraged.detach();
    const isFirst = count.eq(0);
    const [averaged, current] = [pairs.map(([own]) => own.detach()), pairs.map(([, theirs]) => theirs.detach())];
    const next = this.#average(averaged, current, count);
    pairs.forEach(([own], i) => {
      const [value, start] = [next[i], current[i]];
      if (value === undefined || start === undefined)
        throw new ArgumentError(`AveragedModel: multiAvgFn must return one tensor a parameter; got ${next.length} for ${pairs.length}`);
      own.assign(where(isFirst, start, value.to(own.dtype)));
    });
  }
}

type Pairs = readonly (readonly [own: Tensor, theirs: Tensor])[];

/** The averages beside what they follow. */
function paired(what: string, own: readonly Tensor[], theirs: readonly Tensor[]): Pairs {
  if (own.length !== theirs.length)
    throw new ArgumentError(
      `updateParameters: the models must be alike; got ${theirs.length} ${what}, where the averages have ${own.length}`,
    );
  return own.map((mine, i) => {
    const other = theirs[i] ?? mine;
    if (other === mine)
      throw new ArgumentError(
        `updateParameters: the averages need a module of their own; got the model itself. Use new AveragedModel(model)`,
      );
    if (!sameShape(mine.shape, other.shape))
      throw new ShapeError(
        `updateParameters: the models must be alike; got ${formatShape(other.shape)}, where the average has ${formatShape(mine.shape)}`,
      );
    return [mine, other];
  });
}
