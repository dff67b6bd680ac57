import { ArgumentError } from '../errors.ts';
import type { SliceRange } from './slicing.ts';

/** What a string can say of a dim: an index, a slice, a new dim (`None`) or `...`. */
export type StringEntry = number | SliceRange | null | '...';

/**
 * Reads what Python writes between the brackets of `x[1:3, ::2, -1, ..., None]`. Spaces count for nothing; a comma may end it.
 *
 * @throws ArgumentError with the position of what it cannot read.
 */
export function parseIndex(text: string): StringEntry[] {
  const parts = text.split(',');
  if (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  let position = 0;
  return parts.map((part) => {
    const entry = parseEntry(text, part, position);
    position += part.length + 1;
    return entry;
  });
}

/** `newaxis` and `null` are NumPy's and JavaScript's names of Python's `None`. */
const words: Readonly<Record<string, StringEntry>> = { '...': '...', None: null, newaxis: null, null: null };

function parseEntry(text: string, part: string, position: number): StringEntry {
  const word = part.trim();
  if (Object.hasOwn(words, word)) return words[word] ?? null;
  const bounds = splitKeepingPlace(part, position);
  const [first, second, third] = bounds;
  if (bounds.length > 3) throw syntaxError(text, bounds[3]?.position ?? position, 'a slice has at most two colons');
  if (first === undefined || second === undefined) return required(text, first ?? { word, position });
  const range = { start: bound(text, first), end: bound(text, second), step: third === undefined ? null : bound(text, third) };
  if (third !== undefined && range.step === 0) throw syntaxError(text, third.position, 'a step must not be 0');
  return range;
}

interface Placed {
  readonly word: string;
  readonly position: number;
}

function splitKeepingPlace(part: string, start: number): Placed[] {
  let position = start;
  return part.split(':').map((piece) => {
    const placed = { word: piece.trim(), position: position + piece.length - piece.trimStart().length };
    position += piece.length + 1;
    return placed;
  });
}

function bound(text: string, placed: Placed): number | null {
  return placed.word === '' || placed.word === 'None' ? null : required(text, placed);
}

function required(text: string, { word, position }: Placed): number {
  if (!/^[+-]?\d+$/.test(word))
    throw syntaxError(text, position, word === '' ? 'an index is missing' : `'${word}' is no whole number, slice, '...' or 'None'`);
  const value = Number(word);
  if (!Number.isSafeInteger(value)) throw syntaxError(text, position, `${word} is too large`);
  return value;
}

function syntaxError(text: string, position: number, problem: string): ArgumentError {
  return new ArgumentError(`index: ${problem} at position ${position} of '${text}'`);
}
