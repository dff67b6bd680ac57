import { Linear, type Module, Sequential, Tanh } from '@dl/nn';
import { type Tensor, tensor } from '@dl/tensor';

/** The rules by which fixtures/programs.py sets weights and makes batches. */

/** Parameter k, element i becomes 0.4 sin(start + 10 k + i). */
export function fill<M extends Module>(module: M, start = 1): M {
  [...module.parameters()].forEach((parameter, k) => {
    const values = Float32Array.from({ length: parameter.numel() }, (_, i) => 0.4 * Math.sin(start + 10 * k + i));
    parameter.assign(tensor(values, { shape: parameter.shape }));
  });
  return module;
}

/** Row r, column c is cos(0.7 step + 1.3 r + 0.5 c). */
export function batch(step: number, rows = 6, columns = 4): Tensor {
  return tensor(
    Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => Math.cos(0.7 * step + 1.3 * r + 0.5 * c))),
  );
}

/** Row r has class (step + 2 r) mod classes. */
export function labels(step: number, rows = 6, classes = 3): Tensor {
  return tensor(
    Array.from({ length: rows }, (_, r) => (step + 2 * r) % classes),
    { dtype: 'int32' },
  );
}

export function mlp(): Sequential {
  return fill(new Sequential(new Linear(4, 8), new Tanh(), new Linear(8, 3)));
}

/** All parameters, one after the other. */
export async function flat(module: Module): Promise<number[]> {
  const arrays = await Promise.all([...module.parameters()].map((parameter) => parameter.data()));
  return arrays.flatMap((array) => [...array]);
}
