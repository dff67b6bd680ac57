import { expect, test } from 'vitest';
import { loadBirths } from './births.ts';
import { errorsOf } from './errors.ts';
import { deviationOf, features, Windows } from './windows.ts';

const days = loadBirths();

test('the series has each day of twenty years, and begins on a Wednesday', () => {
  expect(days).toHaveLength(7305);
  expect(days[0]).toEqual({ year: 1969, weekday: 2, season: 0, births: 8486 });
  for (const [i, { weekday }] of days.entries()) expect(weekday).toBe((i + 2) % 7);
});

test('a window is of the days before its target, and knows nothing of the target but its place in the calendar', async () => {
  const options = { window: 14, from: 100, end: 110 };
  const sample = await new Windows(days, 1000, options).get(0);
  const other = days.map((day, i) => (i < 100 ? day : { ...day, births: 0 }));
  const [window, change] = [await sample[0].data(), await sample[1].item()];
  expect(sample[0].shape).toEqual([14, features]);
  expect(await (await new Windows(other, 1000, options).get(0))[0].data()).toEqual(window);
  expect(change).toBeCloseTo(((days[100]?.births ?? 0) - (days[93]?.births ?? 0)) / 1000, 5);
  expect([...window].filter((_, i) => i % features === 0).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
});

test('the first samples have a whole window before them', () => {
  expect(new Windows(days, 1, { window: 28, from: 0, end: 100 })).toHaveLength(72);
});

test('errors are means of absolute differences, and the deviation that of the days', () => {
  expect(errorsOf([10, 20, 40], (day) => day * 10, 1, 3)).toEqual({ absolute: 15, relative: 0.5 });
  expect(deviationOf([1, 3].map((births) => ({ year: 1969, weekday: 0, season: 0, births })))).toBe(1);
});
