import { type AttentionPrimitives, apply } from '@dl/tensor/internal';
import { once } from './algebra.ts';
import type { VjpTable } from './table.ts';

export const attentionVjps: VjpTable<keyof AttentionPrimitives> = {
  // The same scalars drop the same weights. The mask has no gradient here: functions compose what needs one.
  attention: ([g, gLogSumExp], { inputs: [query, key, value, ...mask], params, scalars, output: [output, logSumExp] }) => {
    if (g === undefined || gLogSumExp !== undefined) return 'decomposed';
    const gradients = once(() => apply('attentionGradient', [g, query, key, value, output, logSumExp, ...mask], params, scalars));
    return [() => gradients()[0], () => gradients()[1], () => gradients()[2], ...mask.map(() => null)];
  },
  attentionGradient: 'decomposed',
};
