import { ArgumentError, type Generator, type Tensor, tensor } from '@dl/tensor';

/** Some pieces of a text, and for each of their characters the one that follows: both `[B, T]`. */
export interface Windows {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** The pieces of `length` characters that begin at `starts`. */
export function windowsAt(tokens: Int32Array, starts: readonly number[], length: number): Windows {
  const shape = [starts.length, length];
  const rowsFrom = (shift: number): Tensor => {
    const rows = new Int32Array(starts.length * length);
    for (const [row, start] of starts.entries()) rows.set(tokens.subarray(start + shift, start + shift + length), row * length);
    return tensor(rows, { shape });
  };
  return { inputs: rowsFrom(0), targets: rowsFrom(1) };
}

/** Pieces from anywhere. @throws ArgumentError if the text is not longer than a piece. */
export function randomWindows(tokens: Int32Array, count: number, length: number, generator: Generator): Windows {
  const places = tokens.length - length;
  if (places < 1) throw new ArgumentError(`chargpt: the context must be below the length of the text, ${tokens.length}; got ${length}`);
  return windowsAt(
    tokens,
    Array.from({ length: count }, () => generator.integer(places)),
    length,
  );
}
