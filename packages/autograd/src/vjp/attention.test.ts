// What PyTorch gives: fixtures/attention.py.
import { readFileSync } from 'node:fs';
import { arange, randn, scaledDotProductAttention, type Tensor } from '@dl/tensor';
import { apply } from '@dl/tensor/internal';
import { difference, fromGolden, type GoldenTensor, tensorOf } from '@dl/tensor/testing';
import { describe, expect, test } from 'vitest';
import { checkGradients } from '../checkGradients.ts';
import { gradients } from '../gradients.ts';
import { requiresGrad } from '../requiresGrad.ts';

interface Case {
  readonly title: string;
  readonly inputs: readonly [GoldenTensor, GoldenTensor, GoldenTensor];
  readonly mask: GoldenTensor | null;
  readonly learned: boolean;
  readonly options: { readonly isCausal: boolean; readonly enableGqa: boolean };
  readonly gradients: readonly GoldenTensor[];
}
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/attention.json', import.meta.url), 'utf8'));

function leaf(golden: GoldenTensor): Tensor {
  return requiresGrad(tensorOf(fromGolden(golden)));
}

describe('scaledDotProductAttention', () => {
  test.each(cases)('has the gradients that PyTorch has: $title', async ({ inputs, mask, learned, options, gradients: expected }) => {
    const [query, key, value] = [leaf(inputs[0]), leaf(inputs[1]), leaf(inputs[2])];
    const attnMask = mask === null ? null : learned ? leaf(mask) : tensorOf(fromGolden(mask));
    const y = scaledDotProductAttention(query, key, value, attnMask === null ? options : { ...options, attnMask });
    const counting = arange(1, y.numel() + 1, { dtype: 'float64' }).reshape(y.shape);
    const found = gradients(y.mul(counting).sum(), learned && attnMask ? [query, key, value, attnMask] : [query, key, value]);
    for (const [i, gradient] of found.entries()) {
      const golden = fromGolden(expected[i] as GoldenTensor);
      expect(gradient.shape).toEqual(golden.shape);
      expect(difference(await gradient.data(), golden.data, 1e-11), `input ${i}`).toBeNull();
    }
  });
});

describe('attention', () => {
  // Samples weigh all outputs; alone, the first one has a primitive for its gradient.
  test.each([
    ['plain', { causal: false, dropout: false }],
    ['causal, with dropout', { causal: true, dropout: true }],
  ] as const)('the gradient of its first output, once more differentiated: %s', async (_, params) => {
    const scalars = [0.6, 0.3, 1, 2, 3, 4] as const;
    const first = (query: Tensor, key: Tensor, value: Tensor): Tensor => apply('attention', [query, key, value], params, scalars)[0];
    await checkGradients(first, [randn([2, 3, 2]), randn([2, 3, 2]), randn([2, 3, 2])], { order: 2 });
  });
});
