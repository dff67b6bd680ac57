import { expect, test } from 'vitest';
import { Vocabulary } from './vocabulary.ts';

const texts = [
  ['b', 'a', 'a'],
  ['c', 'a', 'b'],
];

test('the most frequent tokens get numbers behind padding and the unknown one', () => {
  const vocabulary = new Vocabulary(texts, 4);
  expect([vocabulary.size, vocabulary.tokens]).toEqual([4, ['<pad>', '<unk>', 'a', 'b']]);
  expect(vocabulary.encode(['a', 'c', 'b', 'never seen', 'a'])).toEqual([2, 1, 3, 1, 2]);
});

test('it is no larger than there are tokens, and as small as two', () => {
  expect(new Vocabulary(texts, 100).size).toBe(5);
  expect(new Vocabulary(texts, 2).encode(['a'])).toEqual([1]);
});

test('no text has the number of padding, and an empty one has a step', () => {
  const vocabulary = new Vocabulary(texts, 5);
  expect(vocabulary.encode(['<pad>', 'constructor'])).toEqual([1, 1]);
  expect(vocabulary.encode([])).toEqual([1]);
});
