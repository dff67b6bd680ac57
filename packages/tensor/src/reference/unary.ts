import type { Operand } from '../primitives/tables.ts';

type UnaryKernel = (outputs: readonly [Operand], inputs: readonly [Operand]) => void;

/** The kernel that applies a function to each element: for operations that are rare, or slow by themselves. */
export const unary =
  (f: (x: number) => number): UnaryKernel =>
  ([{ data: out }], [{ data: x }]) => {
    for (let i = 0; i < out.length; i++) out[i] = f(x[i] as number);
  };

export const neg: UnaryKernel = ([{ data: out }], [{ data: x }]) => {
  for (let i = 0; i < out.length; i++) out[i] = -(x[i] as number);
};

export const exp: UnaryKernel = ([{ data: out }], [{ data: x }]) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(x[i] as number);
};

export const sqrt: UnaryKernel = ([{ data: out }], [{ data: x }]) => {
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(x[i] as number);
};

export const relu: UnaryKernel = ([{ data: out }], [{ data: x }]) => {
  for (let i = 0; i < out.length; i++) {
    const value = x[i] as number;
    out[i] = Math.max(value, 0);
  }
};

export const logicalNot: UnaryKernel = ([{ data: out }], [{ data: x }]) => {
  for (let i = 0; i < out.length; i++) out[i] = x[i] === 0 ? 1 : 0;
};
