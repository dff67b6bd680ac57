/** One measured figure, printed as a line. */
export function report(name: string, figures: Readonly<Record<string, string | number>>): void {
  const parts = Object.entries(figures).map(([key, value]) => `${key} ${typeof value === 'number' ? rounded(value) : value}`);
  console.log(`${name.padEnd(34)} ${parts.join('   ')}`);
}

/** Median of the seconds that `runs` calls take, after two for warming up. */
export async function medianSeconds(runs: number, work: () => void | Promise<void>): Promise<number> {
  const seconds: number[] = [];
  for (let run = -2; run < runs; run++) {
    const start = performance.now();
    await work();
    if (run >= 0) seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN;
}

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
