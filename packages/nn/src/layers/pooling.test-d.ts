import { ones, type Tensor } from '@dl/tensor';
import { expectTypeOf, test } from 'vitest';
import { AdaptiveMaxPool2d, AvgPool2d, Conv2d, ConvTranspose2d, MaxPool2d, MaxUnpool2d, Sequential } from '../index.ts';

test('returnIndices makes the result a pair, which unpooling takes', () => {
  const x = ones([1, 1, 4, 4]);
  expectTypeOf(new MaxPool2d(2)(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new MaxPool2d([2, 3], { stride: 2, ceilMode: true })(x)).toEqualTypeOf<Tensor>();
  expectTypeOf(new MaxPool2d(2, { returnIndices: true })(x)).toEqualTypeOf<readonly [output: Tensor, indices: Tensor]>();
  expectTypeOf(new AdaptiveMaxPool2d(2, { returnIndices: true })(x)).toEqualTypeOf<readonly [output: Tensor, indices: Tensor]>();
  expectTypeOf(new MaxUnpool2d(2)(...new MaxPool2d(2, { returnIndices: true })(x))).toEqualTypeOf<Tensor>();
});

test('convolutions and poolings stand in a Sequential', () => {
  const model = new Sequential(new Conv2d(1, 2, 3, { padding: 'same' }), new MaxPool2d(2), new ConvTranspose2d(2, 1, 2), new AvgPool2d(2));
  expectTypeOf(model(ones([1, 1, 4, 4]))).toEqualTypeOf<Tensor>();
});

test('sizes are one number or one for each dim', () => {
  // @ts-expect-error: two dims, three sizes.
  new Conv2d(1, 1, [1, 2, 3]);
  // @ts-expect-error: transposed convolutions pad with nothing by name.
  new ConvTranspose2d(1, 1, 3, { padding: 'same' });
});
