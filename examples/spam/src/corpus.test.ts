import { expect, test } from 'vitest';
import { distinct, loadCorpus } from './corpus.ts';

test('of mails with the same words the first stays, whatever their numbers and punctuation', () => {
  const [a, b, c] = [
    ['buy', 'now', '!'],
    ['buy', '1', 'now'],
    ['now', 'buy'],
  ].map((tokens) => ({ tokens, isSpam: true }));
  if (a === undefined || b === undefined || c === undefined) throw new Error('three mails');
  expect(distinct([a, b, c])).toEqual([a, c]);
});

test('the corpus has 5,837 different mails, 1,745 of them spam, none longer than asked for', () => {
  const mails = loadCorpus(200);
  expect([mails.length, mails.filter(({ isSpam }) => isSpam).length]).toEqual([5837, 1745]);
  expect(Math.max(...mails.map(({ tokens }) => tokens.length))).toBe(200);
});
