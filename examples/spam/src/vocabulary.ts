/** What pads a batch. */
export const paddingNumber = 0;
const unknownNumber = 1;

/** A number for each of the most frequent tokens of some texts. */
export class Vocabulary {
  /** `<pad>`, `<unk>`, then the tokens, the most frequent first. */
  readonly tokens: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /** @param texts of training only: what other mails say is not known before they come. */
  constructor(texts: Iterable<readonly string[]>, size: number) {
    const counts = new Map<string, number>();
    for (const text of texts) for (const token of text) counts.set(token, (counts.get(token) ?? 0) + 1);
    const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, size - 2);
    this.tokens = ['<pad>', '<unk>', ...frequent.map(([token]) => token)];
    this.#numbers = new Map(frequent.map(([token], i) => [token, i + 2]));
  }

  get size(): number {
    return this.tokens.length;
  }

  /** The numbers of a text's tokens. A text without any is one unknown token, since a sequence must have a step. */
  encode(text: readonly string[]): number[] {
    return text.length === 0 ? [unknownNumber] : text.map((token) => this.#numbers.get(token) ?? unknownNumber);
  }
}
