import { expect, test } from 'vitest';
import { tokenize } from './tokenize.ts';

test.each([
  ['Win $100 NOW!!!', ['win', '$', '100', 'now', '!!!']],
  ["Don't  reply\n\t-- it's 'free'", ["don't", 'reply', '--', "it's", "'", 'free', "'"]],
  ['http://a.b/c_4', ['http', ':', '//', 'a', '.', 'b', '/', 'c', '_', '4']],
  ['Grüße, ÉTÉ 日本', ['grüße', ',', 'été', '日本']],
  ['<a> a<b <img>', ['<a>', 'a', '<', 'b', '<img>']],
  ['!?!', ['!', '?', '!']],
  [' \n', []],
])('%j becomes words, numbers and marks', (text, tokens) => {
  expect(tokenize(text)).toEqual(tokens);
});
