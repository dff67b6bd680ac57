import { ArgumentError } from '@dl/tensor';
import { checkInteger, describe, drainRuns } from '@dl/tensor/internal';
import { type Collated, defaultCollate } from './collate.ts';
import type { Dataset, IterableDataset } from './dataset.ts';
import type { SeedOptions } from './randomOrder.ts';
import { type Batches, BatchSampler } from './samplers/batchSampler.ts';
import { RandomSampler } from './samplers/randomSampler.ts';
import type { Sampler } from './samplers/sampler.ts';
import { SequentialSampler } from './samplers/sequentialSampler.ts';

/** What `DataLoader` takes. */
export interface DataLoaderOptions<Sample, Batch = Collated<Sample>> extends SeedOptions {
  /** How many samples a batch has; default 1. */
  readonly batchSize?: number;
  /** Take the samples in random order, another one each epoch. Default false. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that is smaller. Default false. */
  readonly dropLast?: boolean;
  /** The order of the samples, in place of `shuffle` and `seed`. */
  readonly sampler?: Sampler;
  /** The batches, in place of all of the above. */
  readonly batchSampler?: Batches;
  /** What makes a batch of samples; default `defaultCollate`. */
  readonly collate?: (samples: Sample[]) => Batch | Promise<Batch>;
}

/**
 * Batches of a dataset, to be iterated with `for await`, once an epoch. Each epoch of a shuffled loader has another order, all of them
 * from one seed; several iterations at once, and ones that end early, do not disturb one another.
 * While more than 8 runs are in flight on the device, the next batch waits. PyTorch: `torch.utils.data.DataLoader`.
 *
 * @throws ArgumentError if an option is out of range, two exclude each other, or there would be no batch.
 * @example
 * for await (const [images, labels] of new DataLoader(digits, { batchSize: 64, shuffle: true })) { … }
 */
export class DataLoader<Sample, Batch = Collated<Sample>> implements AsyncIterable<Batch> {
  readonly dataset: Dataset<Sample> | IterableDataset<Sample>;
  /** The batches of indices; `null` for an iterable dataset. */
  readonly batchSampler: Batches | null;
  readonly #batchSize: number;
  readonly #dropLast: boolean;
  readonly #collate: ((samples: Sample[]) => Batch | Promise<Batch>) | null;

  constructor(dataset: Dataset<Sample> | IterableDataset<Sample>, options: DataLoaderOptions<Sample, Batch> = {}) {
    const { batchSize = 1, dropLast = false, collate = null } = options;
    checkInteger('DataLoader', 'batchSize', batchSize, 1);
    this.dataset = dataset;
    this.#batchSize = batchSize;
    this.#dropLast = dropLast;
    this.#collate = collate;
    this.batchSampler = isStream(dataset) ? noSampler(options) : batchesOf(dataset, options);
  }

  /**
   * How many batches an epoch has.
   *
   * @throws ArgumentError for an iterable dataset, which does not know.
   */
  get length(): number {
    if (this.batchSampler === null) throw new ArgumentError('DataLoader: the length must be known; got an IterableDataset, which has none');
    return this.batchSampler.length;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    if (isStream(this.dataset)) return this.#stream(this.dataset);
    return this.#epoch(this.dataset, (this.batchSampler ?? [])[Symbol.iterator]());
  }

  async *#epoch(dataset: Dataset<Sample>, batches: Iterator<readonly number[]>): AsyncGenerator<Batch, void, undefined> {
    for (let next = batches.next(); next.done !== true; next = batches.next()) {
      await drainRuns(greatestLead);
      yield (await this.#wholeBatch(dataset, next.value)) ?? this.#put(await Promise.all(next.value.map((index) => dataset.get(index))));
    }
  }

  async *#stream(samples: IterableDataset<Sample>): AsyncGenerator<Batch, void, undefined> {
    let batch: Sample[] = [];
    for await (const sample of samples) {
      batch.push(sample);
      if (batch.length < this.#batchSize) continue;
      await drainRuns(greatestLead);
      yield this.#put(batch);
      batch = [];
    }
    if (batch.length > 0 && !this.#dropLast) yield this.#put(batch);
  }

  /** The dataset's own way to make a batch, where it has one and nobody wants another. */
  async #wholeBatch(dataset: Dataset<Sample>, indices: readonly number[]): Promise<Batch | null> {
    if (this.#collate !== null) return null;
    const batch: unknown = await dataset.getBatch(indices);
    // Without a collate function, Batch is Collated<Sample>.
    return batch as Batch | null;
  }

  async #put(samples: Sample[]): Promise<Batch> {
    if (this.#collate !== null) return this.#collate(samples);
    const batch: unknown = defaultCollate(samples);
    return batch as Batch;
  }
}

// ---------------------------------------------------------------------------------------------------------------------

/** Runs that may be in flight before a loader waits. */
const greatestLead = 8;

function batchesOf<Sample, Batch>(dataset: Dataset<Sample>, options: DataLoaderOptions<Sample, Batch>): Batches {
  if (!isIndexed(dataset)) throw new ArgumentError(`DataLoader: needs a Dataset or an IterableDataset; got ${describe(dataset)}`);
  const { batchSize = 1, dropLast = false, sampler, batchSampler } = options;
  if (batchSampler !== undefined) refuse(options, 'batchSampler', ['batchSize', 'shuffle', 'dropLast', 'sampler', 'seed']);
  if (sampler !== undefined) refuse(options, 'sampler', ['shuffle', 'seed']);
  const batches = batchSampler ?? new BatchSampler(sampler ?? samplerOf(dataset, options), { batchSize, dropLast });
  if (batches.length === 0) {
    const size = batchSampler === undefined ? ` for batches of ${batchSize}${dropLast ? ', smaller ones dropped' : ''}` : '';
    throw new ArgumentError(`DataLoader: there must be at least one batch; got ${dataset.length} samples${size}`);
  }
  return batches;
}

/** By what they can do, not by class: two copies of this package in one program agree. */
function isStream<Sample>(dataset: Dataset<Sample> | IterableDataset<Sample>): dataset is IterableDataset<Sample> {
  return typeof dataset === 'object' && dataset !== null && Symbol.asyncIterator in dataset;
}

function isIndexed(dataset: unknown): boolean {
  return typeof dataset === 'object' && dataset !== null && 'length' in dataset && 'get' in dataset && 'getBatch' in dataset;
}

function samplerOf<Sample, Batch>(dataset: Dataset<Sample>, { shuffle = false, seed }: DataLoaderOptions<Sample, Batch>): Sampler {
  if (seed !== undefined) checkInteger('DataLoader', 'seed', seed, 0);
  if (!shuffle || dataset.length === 0) return new SequentialSampler(dataset);
  return new RandomSampler(dataset, seed === undefined ? {} : { seed });
}

function noSampler<Sample, Batch>(options: DataLoaderOptions<Sample, Batch>): null {
  refuse(options, 'an IterableDataset', ['shuffle', 'sampler', 'batchSampler', 'seed']);
  return null;
}

function refuse<Options extends object>(options: Options, given: string, excluded: readonly (keyof Options & string)[]): void {
  const found = excluded.find((name) => options[name] !== undefined && options[name] !== false);
  if (found !== undefined) throw new ArgumentError(`DataLoader: ${given} excludes ${excluded.join(', ')}; got ${found} as well`);
}
