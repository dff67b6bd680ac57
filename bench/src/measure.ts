/** Calls that come first, and for how long at least: compilers of all kinds need some time. */
const warming = { calls: 5, seconds: 1 };

/** Median of the seconds that so many calls take, after some for warming up. */
export async function medianSeconds(runs: number, work: () => unknown): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < warming.calls || secondsSince(start) < warming.seconds; call++) await work();
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = performance.now();
    await work();
    seconds.push(secondsSince(before));
  }
  return median(seconds);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
