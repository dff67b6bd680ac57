/** Median of the seconds that so many calls take, after some for warming up. */
export async function medianSeconds(runs: number, work: () => unknown, warm = 5): Promise<number> {
  const seconds: number[] = [];
  for (let run = -warm; run < runs; run++) {
    const start = performance.now();
    await work();
    if (run >= 0) seconds.push((performance.now() - start) / 1000);
  }
  return median(seconds);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
