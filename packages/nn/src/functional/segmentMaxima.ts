import { cat, maximum, type Tensor, where } from '@dl/tensor';
import { rowsOf } from './embeddingRows.ts';

/**
 * The maxima of runs of rows: `numbers` `[n]` says, ascending, which run each row belongs to, `ends` how many rows come before the end of
 * each run; an empty run has some number or other. Each row takes in the one 1, 2, 4, … rows before it while that is of its run, so the last
 * row of a run has seen all of it after log₂ n passes (Hillis and Steele 1986), wherever the runs begin.
 */
export function segmentMaxima(rows: Tensor, numbers: Tensor, ends: Tensor): Tensor {
  const length = rows.size(0);
  if (length === 0) return rows.sum({ dim: 0, keepDim: true }).expand([ends.numel(), rows.size(1)]);
  let greatest = rows;
  for (let reach = 1; reach < length; reach *= 2) {
    const [first, rest] = [greatest.narrow(0, 0, reach), greatest.narrow(0, reach, length - reach)];
    const before = greatest.narrow(0, 0, length - reach);
    const together = numbers.narrow(0, reach, length - reach).eq(numbers.narrow(0, 0, length - reach));
    greatest = cat([first, where(together.unsqueeze(1), maximum(rest, before), rest)]);
  }
  return rowsOf(greatest, ends.sub(1).clamp({ min: 0 }));
}
