/** Words in lower case, numbers, names of tags, and punctuation, repeated marks as one token: `Win $100 NOW!!!` gives `win`, `$`, `100`, `now`, `!!!`. */
export function tokenize(text: string): string[] {
  return text.toLowerCase().match(/<\p{L}+>|\p{L}+(?:'\p{L}+)*|\p{N}+|([^\s\p{L}\p{N}])\1*/gu) ?? [];
}
