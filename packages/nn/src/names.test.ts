import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as nn from './index.ts';
import { keyOf } from './names.ts';

const torch: Readonly<Record<'modules' | 'functional' | 'init', readonly string[]>> = JSON.parse(
  readFileSync(new URL('../fixtures/names.json', import.meta.url), 'utf8'),
);
/** Names that PyTorch's `nn` lacks, and why we have them. */
const own: Readonly<Record<string, string>> = {
  sigmoidFocalLoss: 'torchvision has it, as ops.sigmoid_focal_loss',
  FocalLoss: 'the same as a module, as all losses have one',
  calculateFanInAndFanOut: 'PyTorch has it, with an underscore before it',
  SinusoidalPositionalEncoding: 'every tutorial of PyTorch writes it out',
  RotaryEmbedding: 'the same of today’s language models',
  applyRotaryEmbedding: 'the same as a function',
  KeyValueCache: 'what makes writing text linear in its length',
};
/** PyTorch's names as ours are made of them: each underscore becomes a capital. */
const camel = (names: readonly string[]): readonly string[] =>
  names.map((name) => name.replace(/^_|_$/g, '').replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));

describe('every name is PyTorch’s, camelCased', () => {
  test.each([
    ['functional', Object.keys(nn.functional), camel(torch.functional)],
    ['init', Object.keys(nn.init), camel(torch.init)],
    ['modules', Object.keys(nn).filter((name) => /^[A-Z]/.test(name)), torch.modules],
  ])('in %s', (_, ours, theirs) => {
    expect(ours.filter((name) => !theirs.includes(name) && !Object.hasOwn(own, name))).toEqual([]);
    expect(ours.length).toBeGreaterThan(10);
  });
});

describe('a field’s key', () => {
  test.each([
    ['weight', 'weight'],
    ['runningMean', 'running_mean'],
    ['numBatchesTracked', 'num_batches_tracked'],
    ['weightIhL0', 'weight_ih_l0'],
    ['conv1', 'conv1'],
    ['already_snake', 'already_snake'],
    ['W', 'W'],
    ['WQuery', 'W_query'],
    ['0', '0'],
  ])('of %s is %s', (field, key) => {
    expect(keyOf(field)).toBe(key);
  });
});
