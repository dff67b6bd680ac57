import { DataLoader, Dataset } from '@dl/data';
import { adopt, type Tensor } from '@dl/tensor';
import { BucketSampler, paddedLength } from './bucketSampler.ts';
import type { Mail } from './corpus.ts';
import { paddingNumber, type Vocabulary } from './vocabulary.ts';

/** Mails of about one length. */
export interface MailBatch {
  /** int32 `[B, T]`. */
  readonly tokens: Tensor;
  /** How many tokens of each mail are its own; behind them there is padding. */
  readonly lengths: Int32Array<ArrayBuffer>;
  /** int32 `[B]`: 1 is spam, 0 is not. */
  readonly labels: Tensor;
}

/** A mail as numbers. */
interface Sample {
  readonly tokens: readonly number[];
  readonly label: number;
}

/** Batches of mails, as numbers, padded. */
export function mailLoader(
  mails: readonly Mail[],
  vocabulary: Vocabulary,
  options: { readonly batchSize: number; readonly shuffle: boolean },
): DataLoader<Sample, MailBatch> {
  const samples = mails.map(({ tokens, isSpam }) => ({ tokens: vocabulary.encode(tokens), label: Number(isSpam) }));
  const lengths = samples.map(({ tokens }) => tokens.length);
  return new DataLoader(new Samples(samples), { batchSampler: new BucketSampler(lengths, options), collate: padded });
}

// ---------------------------------------------------------------------------------------------------------------------

class Samples extends Dataset<Sample> {
  readonly samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    super();
    this.samples = samples;
  }

  get length(): number {
    return this.samples.length;
  }

  get(index: number): Sample {
    const sample = this.samples[index];
    if (sample === undefined) throw new RangeError(`no mail ${index}`);
    return sample;
  }
}

function padded(samples: readonly Sample[]): MailBatch {
  const lengths = Int32Array.from(samples, ({ tokens }) => tokens.length);
  const steps = paddedLength(Math.max(...lengths));
  const tokens = new Int32Array(samples.length * steps).fill(paddingNumber);
  for (const [row, sample] of samples.entries()) tokens.set(sample.tokens, row * steps);
  const labels = Int32Array.from(samples, ({ label }) => label);
  return { tokens: adopt(tokens, [samples.length, steps]), lengths, labels: adopt(labels) };
}
