import { describe } from '../checks.ts';
import { ArgumentError, ShapeError } from '../errors.ts';

/** What an equation says: a label for each dim of each operand, and of the result. Dims of `...` are `.0`, `.1`, … from the right. */
export interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/**
 * Reads an equation such as `'ij,jk->ik'` for operands of given ranks.
 *
 * @throws ArgumentError for what it cannot read; ShapeError where an operand has not as many dims as letters.
 */
export function parseEquation(equation: string, ranks: readonly number[]): Equation {
  if (typeof equation !== 'string')
    throw new ArgumentError(`einsum: the equation must be a string such as 'ij,jk->ik'; got ${describe(equation)}`);
  const [left = '', right, ...more] = equation.replaceAll(' ', '').split('->');
  if (more.length > 0) throw problem(equation, "'->' may stand once");
  const terms = left.split(',');
  if (terms.length !== ranks.length) throw problem(equation, `it names ${terms.length} operands, but ${ranks.length} were given`);
  const inputs = terms.map((term, i) => labelsOf(equation, term, i, ranks[i] ?? 0));
  return { inputs, output: right === undefined ? impliedOutput(inputs) : outputOf(equation, right, inputs) };
}

function labelsOf(equation: string, term: string, operand: number, rank: number): string[] {
  const [before, after] = aroundDots(equation, term);
  const letters = before.length + (after?.length ?? 0);
  if (after === null ? rank !== letters : rank < letters) {
    throw new ShapeError(
      `einsum: operand ${operand} must have ${after === null ? '' : 'at least '}${letters} dims for '${term}' in '${equation}'; got ${rank}`,
    );
  }
  return after === null ? [...before] : [...before, ...dotLabels(rank - letters), ...after];
}

/** The letters before and after `...`; `null` where there is none. */
function aroundDots(equation: string, term: string): [before: string, after: string | null] {
  const parts = term.split('...');
  if (parts.length > 2) throw problem(equation, "'...' may stand once in an operand");
  const wrong = parts.join('').match(/[^a-zA-Z]/);
  if (wrong !== null) throw problem(equation, `'${wrong[0]}' is neither a letter nor '...', ',' or '->'`);
  return [parts[0] ?? '', parts[1] ?? null];
}

function dotLabels(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `.${count - 1 - i}`);
}

/** All dims that `...` stands for in any operand. */
function allDots(inputs: readonly (readonly string[])[]): string[] {
  return dotLabels(Math.max(...inputs.map((labels) => labels.filter(isDot).length)));
}

function impliedOutput(inputs: readonly (readonly string[])[]): string[] {
  const letters = inputs.flat().filter((label) => !isDot(label));
  const once = letters.filter((label) => letters.indexOf(label) === letters.lastIndexOf(label));
  return [...allDots(inputs), ...once.sort()];
}

function outputOf(equation: string, text: string, inputs: readonly (readonly string[])[]): string[] {
  const [before, after] = aroundDots(equation, text);
  const letters = [...before, ...(after ?? '')];
  const known = inputs.flat();
  for (const letter of letters) {
    if (!known.includes(letter)) throw problem(equation, `'${letter}' of the result is in no operand`);
    if (letters.indexOf(letter) !== letters.lastIndexOf(letter)) throw problem(equation, `'${letter}' may stand once in the result`);
  }
  return after === null ? letters : [...before, ...allDots(inputs), ...after];
}

function isDot(label: string): boolean {
  return label.startsWith('.');
}

function problem(equation: string, text: string): ArgumentError {
  return new ArgumentError(`einsum: ${text}; got '${equation}'`);
}
