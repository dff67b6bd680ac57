import { ArgumentError, DTypeError, flip, ones, ShapeError, stack, type Tensor, tensor, zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import golden from '../fixtures/transforms.json' with { type: 'json' };
import { Compose, Lambda, Normalize, ToTensor } from './index.ts';

const image = (data: (typeof golden)[number]['image']): Tensor => tensor(data, { dtype: 'uint8' });

describe.each(golden.map((row) => [String(row.shape), row] as const))('an image that becomes [%s]', (_, row) => {
  test('ToTensor: has the bits of PyTorch', async () => {
    const scaled = new ToTensor()(image(row.image));
    expect(scaled.shape).toEqual(row.shape);
    expect(await scaled.data()).toEqual(Float32Array.from(row.scaled));
  });

  test('Normalize: has the bits of PyTorch', async () => {
    const transform = new Compose([new ToTensor(), new Normalize(row.mean, row.std)]);
    expect(await transform(image(row.image)).data()).toEqual(Float32Array.from(row.normalized));
  });

  test('a batch is the stack of its samples', async () => {
    const transform = new Compose([new ToTensor(), new Normalize(row.mean, row.std)]);
    const images = [image(row.image), flip(image(row.image), 0)];
    const batch = transform.batch?.(stack(images));
    expect(batch?.shape).toEqual([2, ...row.shape]);
    expect(await batch?.data()).toEqual(await stack(images.map(transform)).data());
  });
});

describe('ToTensor', () => {
  test('keeps the values and dtype of other images', async () => {
    const scaled = new ToTensor()(tensor([[1, 300]], { dtype: 'float64' }));
    expect([scaled.shape, scaled.dtype, await scaled.tolist()]).toEqual([[1, 1, 2], 'float64', [[[1, 300]]]]);
  });

  test('uploads the bytes alone: its result is a recipe', () => {
    const bytes = image([[1, 2]]);
    expect(new ToTensor()(bytes).value.storage).toBeNull();
    expect(bytes.dtype).toBe('uint8');
  });

  test.each([[[3]], [[1, 2, 3, 4]]])('refuses an image of shape %j', (shape) => {
    expect(() => new ToTensor()(zeros(shape))).toThrow(ShapeError);
    expect(() => new ToTensor().batch(zeros([1, ...shape]))).toThrow(/ToTensor: images must be \[N, H, W\] or \[N, H, W, C\]; got/);
  });

  test('refuses what is not a tensor', () => {
    expect(() => new ToTensor()([[1]] as never)).toThrow(/ToTensor: the image must be a tensor; got \[\[1\]\]/);
  });
});

describe('Normalize', () => {
  test('takes one number for all channels', async () => {
    expect(await new Normalize([1], [2])(ones([3, 1, 1]).mul(5)).tolist()).toEqual([[[2]], [[2]], [[2]]]);
  });

  test('computes in the dtype of the images', async () => {
    const normalized = new Normalize([0.1, 0.2], [0.3, 0.7])(ones([2, 1, 1], { dtype: 'float64' }));
    expect(normalized.dtype).toBe('float64');
    expect(await normalized.data()).toEqual(new Float64Array([(1 - 0.1) / 0.3, (1 - 0.2) / 0.7]));
  });

  test.each([
    ['a deviation of 0', [0], [0], /Normalize: std must not be 0, by which one cannot divide; got \[0\]/],
    ['NaN', [Number.NaN], [1], /Normalize: each mean must be a finite number; got NaN/],
    ['an infinite deviation', [0], [Number.POSITIVE_INFINITY], /Normalize: each std must be a finite number/],
    ['no numbers', [], [1], /Normalize: mean must be an array of one number or more; got \[\]/],
    ['a number', 0.5 as never, [1], /Normalize: mean must be an array of one number or more; got 0.5/],
  ])('refuses %s', (_, mean, std, message) => {
    expect(() => new Normalize(mean, std)).toThrow(ArgumentError);
    expect(() => new Normalize(mean, std)).toThrow(message);
  });

  test('refuses images of other channels, of too few dims, and of bytes', () => {
    const rgb = new Normalize([1, 2, 3], [1, 1, 1]);
    expect(() => rgb(zeros([1, 2, 2]))).toThrow(/mean must have one number, or one for each of the 1 channels of \[1, 2, 2\]; got 3/);
    expect(() => rgb(zeros([2, 2]))).toThrow(/images must be \[..., C, H, W\]; got \[2, 2\]/);
    expect(() => rgb(zeros([3, 2, 2], { dtype: 'uint8' }))).toThrow(DTypeError);
  });
});

describe('Lambda', () => {
  test('is its function', async () => {
    expect(await new Lambda((x: Tensor) => x.neg())(tensor([1])).tolist()).toEqual([-1]);
    expect(new Lambda((text: string) => text.length)('abc')).toBe(3);
  });

  test('acts on batches where it is told so', async () => {
    const negate = new Lambda((x: Tensor) => x.neg(), { batched: true });
    expect(await negate.batch?.(tensor([1, 2])).tolist()).toEqual([-1, -2]);
    expect(new Lambda((x: Tensor) => x.neg()).batch).toBeUndefined();
  });

  test('refuses what is no function', () => {
    expect(() => new Lambda(3 as never)).toThrow(/Lambda: needs a function; got 3/);
  });
});

describe('Compose', () => {
  test('applies its transforms in their order', () => {
    const transform = new Compose([(text: string) => text.length, (length: number) => length * 2, (double: number) => [double]]);
    expect(transform('abc')).toEqual([6]);
  });

  test('has no batches where one of them has none', () => {
    expect(new Compose([new ToTensor(), new Lambda((x: Tensor) => x.neg())]).batch).toBeUndefined();
  });

  test('reads like PyTorch', () => {
    expect(String(new Compose([new ToTensor(), new Normalize([0.5], [0.25])]))).toBe(
      'Compose([ToTensor(), Normalize(mean=[0.5], std=[0.25])])',
    );
  });

  test('refuses what are no transforms', () => {
    expect(() => new Compose([1] as never)).toThrow(/Compose: needs an array of transforms, which are functions; got \[1\]/);
    expect(() => new Compose(new ToTensor() as never)).toThrow(ArgumentError);
  });
});
