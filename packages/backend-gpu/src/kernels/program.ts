/** A kernel's source and its seats. The key stands for the body: same key, same body, one compilation, whatever the shapes. */
export interface Program {
  readonly key: string;
  /** Names of the arrays it reads, at most seven. */
  readonly arrays: readonly string[];
  /** Names of its whole numbers: sizes, strides, offsets. */
  readonly integers: readonly string[];
  /** Names of its other numbers. */
  readonly floats: readonly string[];
  /** JavaScript as gpu.js takes it: `this.thread.x` is the element, `return` its value. No loop variable's name twice. */
  readonly body: string;
}

/** One dispatch binds seven arrays and its output: WebGPU promises eight. */
export const maxArrays = 7;

/** Numbers that the language of gpu.js cannot write down; a body that mentions one takes it as an argument. */
const specials: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
]);

/** The special numbers that a program takes after its own. */
function specialsOf({ body }: Program): readonly string[] {
  return [...specials.keys()].filter((name) => new RegExp(`\\b${name}\\b`).test(body));
}

/** Their values, in the same order. */
export function specialValues(program: Program): readonly number[] {
  return specialsOf(program).map((name) => specials.get(name) as number);
}

/** The function that gpu.js translates, and the types of its seats. */
export function sourceOf(program: Program): {
  readonly source: string;
  readonly argumentTypes: readonly ('Input' | 'Integer' | 'Float')[];
} {
  const floats = [...program.floats, ...specialsOf(program)];
  const names = [...program.arrays, ...program.integers, ...floats];
  const argumentTypes = [
    ...program.arrays.map(() => 'Input' as const),
    ...program.integers.map(() => 'Integer' as const),
    ...floats.map(() => 'Float' as const),
  ];
  return { source: `function (${names.join(', ')}) {\n${program.body}\n}`, argumentTypes };
}
