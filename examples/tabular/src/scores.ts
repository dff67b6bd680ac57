/** Test accuracies of several methods, each on the same splits. */
export class Scores {
  private readonly scores = new Map<string, number[]>();

  add(method: string, accuracy: number): void {
    this.scores.set(method, [...(this.scores.get(method) ?? []), accuracy]);
  }

  of(method: string): readonly number[] {
    return this.scores.get(method) ?? [];
  }

  /** For each method the mean, the least and the greatest accuracy. */
  toString(): string {
    const width = Math.max(...[...this.scores.keys()].map((method) => method.length));
    return [...this.scores].map(([method, of]) => `${method.padEnd(width)}  ${row(of)}`).join('\n');
  }

  /** Whether the mean of `method` is above that of `other` by more than chance explains: two standard errors of the differences. */
  isBetter(method: string, other: string): boolean {
    const others = this.of(other);
    const differences = this.of(method).map((accuracy, i) => accuracy - (others[i] ?? 0));
    const mean = meanOf(differences);
    const variance = meanOf(differences.map((difference) => (difference - mean) ** 2));
    return mean > 2 * Math.sqrt(variance / Math.max(1, differences.length - 1));
  }
}

function row(accuracies: readonly number[]): string {
  const percent = (accuracy: number) => `${(100 * accuracy).toFixed(2)}%`;
  const range = `from ${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}`;
  return `Test Accuracy: ${percent(meanOf(accuracies)).padStart(7)}  (${range})`;
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
