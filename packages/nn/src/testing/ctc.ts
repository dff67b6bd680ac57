import { requiresGrad } from '@dl/autograd';
import { logSoftmax } from '@dl/tensor';
import { CTCLoss, type Reduction } from '../index.ts';
import type { Compare } from './compare.ts';
import type { Recorded } from './golden.ts';
import { fromJson, type TensorJson } from './tensorJson.ts';

interface Ctc {
  readonly title: string;
  readonly scores: TensorJson;
  readonly targets: TensorJson;
  readonly inputLengths: TensorJson;
  readonly targetLengths: TensorJson;
  readonly blank: number;
  readonly zeroInfinity: boolean;
  readonly losses: Readonly<Record<Reduction, { readonly loss: TensorJson; readonly gradient: TensorJson | null }>>;
}

/** CTCLoss in each reduction, with the gradient of the scores. */
export function ctcLosses(records: readonly Ctc[]): readonly Recorded[] {
  return records.flatMap((record) =>
    (['none', 'sum', 'mean'] as const).map((reduction) => ({
      title: `CTCLoss of ${record.title}, reduction=${reduction}`,
      subject: 'CTCLoss',
      check: (compare: Compare) => check(compare, record, reduction),
    })),
  );
}

async function check(compare: Compare, { blank, zeroInfinity, losses, ...given }: Ctc, reduction: Reduction): Promise<void> {
  const scores = requiresGrad(fromJson(given.scores));
  const criterion = new CTCLoss({ blank, zeroInfinity, reduction });
  const loss = criterion(logSoftmax(scores, -1), fromJson(given.targets), fromJson(given.inputLengths), fromJson(given.targetLengths));
  loss.sum().backward();
  const expected = losses[reduction];
  await compare('loss', loss, expected.loss);
  if (expected.gradient !== null) await compare('gradient', scores.grad, expected.gradient);
}
