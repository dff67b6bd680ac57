/** One measured figure, printed as a line. */
export function report(name: string, figures: Readonly<Record<string, string | number>>): void {
  const parts = Object.entries(figures).map(([key, value]) => `${key} ${typeof value === 'number' ? rounded(value) : value}`);
  console.log(`${name.padEnd(34)} ${parts.join('   ')}`);
}

/** Three digits. */
function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
