import { DataError } from '@dl/tensor';

/** Refuses JSON in which an object has a key twice: `JSON.parse` would keep the last without a word. The text must be valid JSON. */
export function checkUniqueKeys(file: string, text: string): void {
  const open: (Set<string> | null)[] = [];
  let string = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === ':') addKey(file, open.at(-1), JSON.parse(string));
    else if (character === '"') {
      const end = stringEnd(text, i);
      string = text.slice(i, end);
      i = end - 1;
    }
  }
}

/** The position after the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function addKey(file: string, keys: Set<string> | null | undefined, key: string): void {
  if (keys?.has(key)) throw new DataError(`${file}: a header's key may stand there once; got '${key}' twice`);
  keys?.add(key);
}
