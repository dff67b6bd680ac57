import { MNIST } from '@dl/data';
import type { Tensor } from '@dl/tensor';
import { expectTypeOf, test } from 'vitest';
import { Compose, Lambda, Normalize, ToTensor } from './index.ts';

test('Compose: takes what its first transform takes, gives what its last one gives', () => {
  const image = new Compose([new ToTensor(), new Normalize([0.5], [0.5])]);
  expectTypeOf(image).parameters.toEqualTypeOf<[sample: Tensor]>();
  expectTypeOf(image).returns.toEqualTypeOf<Tensor>();
  const words = new Compose([(text: string) => text.length, new Lambda((length: number) => [length])]);
  expectTypeOf(words).parameters.toEqualTypeOf<[sample: string]>();
  expectTypeOf(words).returns.toEqualTypeOf<number[]>();
});

test('Compose: refuses a transform that cannot take what the one before it gives', () => {
  // @ts-expect-error: a number is no tensor
  new Compose([(text: string) => text.length, new ToTensor()]);
  // @ts-expect-error: nor is a number a text
  new Compose([(text: string) => text, (text: string) => text.length, (text: string) => text]);
});

test('MNIST: takes a Compose as its transform', async () => {
  const digits = await MNIST.load({ root: '', transform: new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]) });
  expectTypeOf(digits).toEqualTypeOf<MNIST<Tensor, number>>();
  const sizes = await MNIST.load({ root: '', transform: new Compose([new ToTensor(), (x: Tensor) => x.shape.length]) });
  expectTypeOf(sizes).toEqualTypeOf<MNIST<number, number>>();
});
