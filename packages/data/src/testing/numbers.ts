import { Dataset } from '../dataset.ts';

/** The numbers from 0 up to a length, for tests. */
export function numbersUpTo(length: number): Dataset<number> {
  return new Numbers(length);
}

class Numbers extends Dataset<number> {
  readonly length: number;

  constructor(length: number) {
    super();
    this.length = length;
  }

  get(index: number): number {
    return index;
  }
}
