import type { TensorSpec, TypedArray } from '@dl/tensor';
import { bytesOf, sizeOf, viewOf } from '@dl/tensor/internal';
import type { Encoding } from '../encode/encoding.ts';
import type { Engine } from '../engine/engine.ts';

/** What a kernel is run on in tests. */
export interface EncodingRun {
  readonly inputs: readonly TypedArray[];
  readonly outputs: readonly TensorSpec[];
  readonly scalars?: readonly number[];
  /** The input, by number, whose memory each output takes; one of its own by default. */
  readonly inPlaceOf?: readonly (number | undefined)[];
  /** Outputs that nobody reads, by number: the kernel does not see them, and all their bits stay set. */
  readonly unread?: readonly number[];
}

/** Runs one kernel by itself, without a graph, and returns its outputs. Memory that nobody wrote holds NaN. */
export function runEncoding(engine: Engine, { kernel, params, workspace = 0 }: Encoding, run: EncodingRun): readonly TypedArray[] {
  const { inputs, outputs, scalars = [], inPlaceOf = [], unread = [] } = run;
  const operands = inputs.length + outputs.length;
  const program = Int32Array.from([
    ...[operands, 1],
    ...inputs.flatMap((_, i) => [0, i]),
    ...outputs.flatMap((_, i) => [1, i]),
    ...[engine.kernels.indexOf(kernel), operands, scalars.length, params.length, workspace > 0 ? 0 : -1],
    ...Array.from({ length: operands }, (_, i) => (unread.includes(i - inputs.length) ? -1 : i)),
    ...scalars.map((_, i) => i),
    ...params,
  ]);
  const plan = engine.load(program, workspace);
  const sources = inputs.map((input) => engine.adopt(input.slice()));
  const targets = outputs.map(({ shape, dtype }, i) => {
    const shared = sources[inPlaceOf[i] ?? -1];
    return shared ?? engine.adopt(new Uint8Array(sizeOf(shape) * bytesOf[dtype]).fill(255));
  });
  engine.run(plan, sources, targets, Float64Array.from(scalars));
  const results = targets.map((target, i) => {
    const { shape, dtype } = outputs[i] as TensorSpec;
    return viewOf(dtype, Uint8Array.from(engine.view(target)).buffer, 0, sizeOf(shape));
  });
  for (const memory of new Set([...sources, ...targets])) engine.free(memory);
  plan.release();
  return results;
}
