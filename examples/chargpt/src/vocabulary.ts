import { ArgumentError } from '@dl/tensor';

/** What stands for all characters that the training text lacks: Unicode's replacement character. */
const unknown = '\uFFFD';

/** Characters as tokens, numbered in their order; token 0 stands for those it does not know. */
export class Vocabulary {
  readonly #characters: readonly string[];
  readonly #tokens: ReadonlyMap<string, number>;

  /** @param text whose characters it shall know. */
  constructor(text: string) {
    const known = new Set(text);
    known.delete(unknown);
    this.#characters = [unknown, ...[...known].sort()];
    this.#tokens = new Map(this.#characters.map((character, token) => [character, token]));
  }

  get size(): number {
    return this.#characters.length;
  }

  encode(text: string): Int32Array<ArrayBuffer> {
    return Int32Array.from(text, (character) => this.#tokens.get(character) ?? 0);
  }

  decode(tokens: Iterable<number>): string {
    return Array.from(tokens, (token) => this.#characters[token] ?? unknown).join('');
  }

  /** @throws ArgumentError if a text has characters that it does not know. */
  checkKnown(name: string, text: string): void {
    const stranger = [...text].find((character) => !this.#tokens.has(character));
    if (stranger !== undefined)
      throw new ArgumentError(`${name}: must be of characters that the training text has; got ${JSON.stringify(stranger)}`);
  }
}
