/** How often each class was taken for each: of two classes, ham (0) and spam (1). */
export class Confusion {
  readonly #counts = [0, 0, 0, 0];

  /** A mail of class `actual` was taken for one of class `predicted`. */
  add(actual: number, predicted: number): void {
    const cell = 2 * actual + predicted;
    this.#counts[cell] = this.count(actual, predicted) + 1;
  }

  count(actual: number, predicted: number): number {
    return this.#counts[2 * actual + predicted] ?? 0;
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The share that was judged right. */
  get accuracy(): number {
    return share(this.count(0, 0) + this.count(1, 1), this.total);
  }

  /** Of what was taken for this class, the share that is. */
  precision(of: number): number {
    return share(this.count(of, of), this.count(0, of) + this.count(1, of));
  }

  /** Of this class, the share that was found. */
  recall(of: number): number {
    return share(this.count(of, of), this.count(of, 0) + this.count(of, 1));
  }

  /** The harmonic mean of precision and recall. */
  f1(of: number): number {
    const [precision, recall] = [this.precision(of), this.recall(of)];
    return share(2 * precision * recall, precision + recall);
  }

  /** The counts and the shares in percent, a line for each class. */
  toString(): string {
    const rows = ['ham', 'spam'].map((name, of) => [
      name,
      ...[this.count(of, 0), this.count(of, 1)].map(String),
      ...[this.precision(of), this.recall(of), this.f1(of)].map(percent),
    ]);
    const header = ['actual', 'as ham', 'as spam', 'precision', 'recall', 'F1'];
    return [header, ...rows].map(line).join('\n');
  }
}

/** `0.98765` as `98.77%`. */
export const percent = (value: number): string => `${(100 * value).toFixed(2)}%`;

// ---------------------------------------------------------------------------------------------------------------------

/** 0 of nothing, as scikit-learn has it. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function line([first = '', ...rest]: readonly string[]): string {
  return first.padEnd(8) + rest.map((cell) => cell.padStart(11)).join('');
}
