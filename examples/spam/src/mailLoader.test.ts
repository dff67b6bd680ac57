import { expect, test } from 'vitest';
import { mailLoader } from './mailLoader.ts';
import { Vocabulary } from './vocabulary.ts';

test('batches are padded behind each mail, with their lengths and labels', async () => {
  const mails = [
    { tokens: ['a', 'b', 'a'], isSpam: true },
    { tokens: [], isSpam: false },
    { tokens: Array.from({ length: 41 }, () => 'b'), isSpam: true },
  ];
  const loader = mailLoader(mails, new Vocabulary([['a', 'b', 'a']], 10), { batchSize: 2, shuffle: false });
  const batches = [];
  for await (const { tokens, lengths, labels } of loader)
    batches.push({ shape: tokens.shape, rows: await tokens.tolist(), lengths: [...lengths], labels: await labels.tolist() });
  const padding = (count: number) => Array.from({ length: count }, () => 0);
  expect(batches).toEqual([
    {
      shape: [2, 40],
      rows: [
        [2, 3, 2, ...padding(37)],
        [1, ...padding(39)],
      ],
      lengths: [3, 1],
      labels: [1, 0],
    },
    { shape: [1, 80], rows: [[...Array.from({ length: 41 }, () => 3), ...padding(39)]], lengths: [41], labels: [1] },
  ]);
});
