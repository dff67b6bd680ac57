// A rule builds the gradient that is wanted and nothing else.
import { type Tensor, tensor } from '@dl/tensor';
import { isFloating, type PrimitiveName } from '@dl/tensor/internal';
import { primitiveNames, runSample, samplesOf, tensorOf } from '@dl/tensor/testing';
import { expect, test } from 'vitest';
import { gradients } from '../gradients.ts';
import { requiresGrad } from '../requiresGrad.ts';
import { unseenUses } from '../testing/unseenUses.ts';
import { vjpRules } from './index.ts';

/** What an evaluation would be asked for: the sum of the first output, and its gradient for one input. */
function differentiated([output]: readonly Tensor[], x: Tensor): readonly Tensor[] {
  if (output === undefined || !output.requiresGrad) return [];
  const y = output.mul(tensor(0.5)).sum();
  const [gradient] = gradients(y, [x], { allowUnused: true });
  // Zeros, whatever flows in: that is left over.
  const isConstant = gradient?.value.node.primitive === 'full';
  return gradient === null || isConstant ? [] : [y, gradient];
}

/** Their gradients are zeros, whatever flows in: that is left over. */
const steps: readonly PrimitiveName[] = ['sign', 'floor', 'ceil', 'round', 'trunc', 'floorDivide'];

test.each(primitiveNames.filter((primitive) => vjpRules[primitive] !== 'notDifferentiable' && !steps.includes(primitive)))(
  '%s: nothing is left over',
  (primitive) => {
    let built = 0;
    for (const sample of samplesOf(primitive)) {
      for (const [i, { dtype }] of sample.inputs.entries()) {
        if (!isFloating(dtype)) continue;
        const inputs = sample.inputs.map(tensorOf);
        const x = requiresGrad(inputs[i] as Tensor);
        const roots = differentiated(runSample(primitive, sample, inputs), x);
        expect(unseenUses(roots), `${sample.title}, input ${i}`).toEqual([]);
        built += roots.length;
      }
    }
    expect(built).toBeGreaterThan(0);
  },
);
