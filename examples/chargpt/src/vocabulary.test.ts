import { expect, test } from 'vitest';
import { loadMobyDick, splitText } from './text.ts';
import { Vocabulary } from './vocabulary.ts';

test('characters are numbered in their order, and come back', () => {
  const vocabulary = new Vocabulary('banana—');
  expect(vocabulary.size).toBe(5);
  expect([...vocabulary.encode('ban—')]).toEqual([2, 1, 3, 4]);
  expect(vocabulary.decode(vocabulary.encode('nab—'))).toBe('nab—');
});

test('characters that it does not know are token 0, and no part of a prompt', () => {
  const vocabulary = new Vocabulary('abc');
  expect([...vocabulary.encode('axb')]).toEqual([1, 0, 2]);
  expect(vocabulary.decode([1, 0, 99])).toBe('a\uFFFD\uFFFD');
  vocabulary.checkKnown('--prompt', 'cab');
  expect(() => vocabulary.checkKnown('--prompt', 'café')).toThrow('--prompt: must be of characters that the training text has; got "f"');
});

test('the novel is whole; its last tenth is for validation, and what lies before that for the test', () => {
  const text = loadMobyDick();
  const { training, validation, test: last } = splitText(text);
  expect(training + last + validation).toBe(text);
  expect(validation.length / text.length).toBeCloseTo(0.1, 5);
  expect(last.length / text.length).toBeCloseTo(0.05, 5);
  expect(training.includes('Call me Ishmael. Some years ago')).toBe(true);
  expect(validation.includes("from hell's heart I stab at thee")).toBe(true);
});
