import { describe, expect, it } from 'vitest';
import { type Applied, differenceFromReference } from '../testing/differenceFromReference.ts';
import { type Elements, elements } from '../testing/elements.ts';
import { openEngines } from '../testing/openEngines.ts';

const engines = await openEngines();
const floats = ['float32', 'float64'] as const;
const window = { stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceilMode: false };
const overlapping = { ...window, padding: [1, 1], kernelSize: [3, 3] };
const tolerance = 1e-5;

/** What chooses the greater or the lesser of two: some processors have instructions for it that may lose a NaN, or the sign of a zero. */
describe.each(engines)('on $title', ({ engine }) => {
  it.each(floats)('extremes and rectifiers know NaN, infinities and both zeros (%s)', (dtype) => {
    for (let seed = 1; seed <= 8; seed++) {
      const x = elements([3, 2, 14, 18], dtype, seed, true);
      const y = elements([3, 2, 14, 18], dtype, seed + 100, true);
      for (const applied of [...comparisons(x, y), ...extremes(x)])
        expect(differenceFromReference(engine, applied, 0), `${applied.primitive} ${seed}`).toBeNull();
    }
  });

  it.each(floats)('a softmax with a NaN anywhere in a line is NaN (%s)', (dtype) => {
    for (const place of [0, 1, 5, 16, 36]) {
      const x = withNaN(elements([37, 37], dtype), place * 38);
      for (const primitive of ['softmax', 'logSoftmax'] as const)
        for (const dim of [0, 1]) {
          const applied = { primitive, inputs: [x], params: { dim } };
          expect(differenceFromReference(engine, applied, tolerance), `${primitive} ${dim} ${place}`).toBeNull();
        }
    }
  });
});

function comparisons(x: Elements, y: Elements): readonly Applied[] {
  return [
    { primitive: 'maximum', inputs: [x, y] },
    { primitive: 'minimum', inputs: [x, y] },
    { primitive: 'relu', inputs: [x] },
  ];
}

function extremes(x: Elements): readonly Applied[] {
  const reduced = (['amax', 'amin'] as const).flatMap((primitive) =>
    [[0], [3], [1, 2]].map((dims) => ({ primitive, inputs: [x], params: { dims, keepDim: false } })),
  );
  return [
    ...reduced,
    { primitive: 'maxPool', inputs: [x], params: { ...window, kernelSize: [2, 2] } },
    { primitive: 'maxPool', inputs: [x], params: overlapping },
  ];
}

function withNaN(x: Elements, place: number): Elements {
  x.data[place] = Number.NaN;
  return x;
}
