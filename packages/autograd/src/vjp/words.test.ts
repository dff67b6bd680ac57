import { expect, test } from 'vitest';
import { vjpRules } from './index.ts';

test('the primitives where gradients stop are these', () => {
  const words = Object.entries(vjpRules).filter(([, entry]) => entry === 'notDifferentiable');
  expect(words.map(([name, word]) => `${name}: ${word}`)).toMatchInlineSnapshot(`
    [
      "full: notDifferentiable",
      "iota: notDifferentiable",
      "randomUniform: notDifferentiable",
      "isnan: notDifferentiable",
      "logicalNot: notDifferentiable",
      "eq: notDifferentiable",
      "ne: notDifferentiable",
      "lt: notDifferentiable",
      "le: notDifferentiable",
      "gt: notDifferentiable",
      "ge: notDifferentiable",
      "logicalAnd: notDifferentiable",
      "logicalOr: notDifferentiable",
      "logicalXor: notDifferentiable",
      "argmax: notDifferentiable",
      "argmin: notDifferentiable",
      "detach: notDifferentiable",
      "sgd: notDifferentiable",
      "sgdMomentum: notDifferentiable",
      "adam: notDifferentiable",
      "adamAmsgrad: notDifferentiable",
    ]
  `);
});
