import type { Shape } from '@dl/tensor';
import { type Instruction, sizeOf, stridesOf, views } from '@dl/tensor/internal';
import type { Source } from './source.ts';

/** How a loop reads a value: a base, and the step in elements along each dim of the loop (0: the same element again). */
export interface Access {
  readonly base: number;
  readonly strides: readonly number[];
}

interface View extends Access {
  readonly shape: Shape;
}

/** How a loop of some shape reads a value that broadcasts to it, at a position of the running order. Copies that only reorder or repeat elements are read through. */
export function accessOf(source: Source, value: number, loop: Shape, position: number): Access {
  const { base, shape, strides } = broadcast(viewOf(source, value, position), loop);
  return { base, strides: strides.map((stride, dim) => (shape[dim] === 1 ? 0 : stride)) };
}

/** Whether a loop reads the elements one after the other, each once. */
export function isLinear({ strides }: Access, loop: Shape): boolean {
  const dense = stridesOf(loop);
  return strides.every((stride, dim) => loop[dim] === 1 || stride === dense[dim]);
}

function viewOf(source: Source, value: number, position: number): View {
  const direct: View = dense(source.baseOf(value), source.specOf(value).shape);
  const writer = source.writers.get(value);
  if (writer === undefined) return direct;
  const instruction = source.at(writer);
  const through = readThrough(source, instruction, position);
  return through !== null && source.standsAt(through.base, position) ? through : direct;
}

function readThrough(source: Source, instruction: Instruction, position: number): View | null {
  const [input] = instruction.inputs;
  if (input === undefined) return null;
  if (views.has(instruction.primitive))
    return reshaped(viewOf(source, input, position), source.specOf(instruction.outputs[0] as number).shape);
  const rule = movements[instruction.primitive];
  return rule === undefined ? null : rule(viewOf(source, input, position), instruction.params);
}

/** Movements that a strided read can take the place of. */
const movements: { readonly [primitive: string]: (view: View, params: object) => View } = {
  expand: (view, params) => broadcast(view, 'shape' in params ? (params.shape as Shape) : view.shape),
  permute: ({ base, shape, strides }, params) => {
    const dims = 'dims' in params ? (params.dims as readonly number[]) : [];
    return { base, shape: dims.map((dim) => shape[dim] as number), strides: dims.map((dim) => strides[dim] as number) };
  },
};

/** Whether some reads of an instruction's output can do without it. */
export function isReadThrough(instruction: Instruction): boolean {
  return Object.hasOwn(movements, instruction.primitive);
}

/** A reshaped view, where it can be one: dense elements in any shape, others only with dims of size 1 put in or left out. */
function reshaped({ base, shape, strides }: View, into: Shape): View | null {
  if (sizeOf(shape) <= 1 || isLinear({ base, strides }, shape)) return dense(base, into);
  const kept = strides.filter((_, dim) => shape[dim] !== 1);
  const sizes = shape.filter((size) => size !== 1);
  const wanted = into.filter((size) => size !== 1);
  if (sizes.length !== wanted.length || sizes.some((size, i) => size !== wanted[i])) return null;
  let next = 0;
  return { base, shape: into, strides: into.map((size) => (size === 1 ? 0 : (kept[next++] as number))) };
}

function broadcast({ base, shape, strides }: View, loop: Shape): View {
  const missing = loop.length - shape.length;
  return {
    base,
    shape: loop,
    strides: loop.map((size, dim) =>
      dim < missing || (shape[dim - missing] === 1 && size !== 1) ? 0 : (strides[dim - missing] as number),
    ),
  };
}

function dense(base: number, shape: Shape): View {
  return { base, shape, strides: stridesOf(shape) };
}
