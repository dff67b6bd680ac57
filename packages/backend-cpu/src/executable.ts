import type { Buffer, Executable, ScalarBlock } from '@dl/tensor';
import { bytesOf, type Graph, indexCheckOf, indexError, internalError, type OutputBuffer, sizeOf } from '@dl/tensor/internal';
import type { CpuBackend } from './backend.ts';
import { CpuBuffer, memoryOf, ownBuffer } from './buffer.ts';
import type { Failure, LoadedPlan, Memory } from './engine/engine.ts';
import { costOf } from './plan/cost.ts';
import { fallibleInputs } from './plan/fallible.ts';
import { programOf } from './plan/program.ts';
import { Source } from './plan/source.ts';
import { type Step, stepsOf } from './plan/steps.ts';
import { recorder } from './profile/recorder.ts';

const done = Promise.resolve();

/** A graph as a program of the engine. */
export class CpuExecutable implements Executable {
  readonly source: Source;
  readonly steps: readonly Step[];
  readonly backend: CpuBackend;
  private readonly plan: LoadedPlan;
  private readonly isLong: boolean;
  /** Inputs whose values the kernels check; `null` if they check computed ones as well. */
  private readonly fallible: readonly number[] | null;

  constructor(graph: Graph, backend: CpuBackend) {
    this.backend = backend;
    this.source = new Source(graph);
    this.steps = stepsOf(this.source);
    const { words, scratchBytes } = programOf(this.source, this.steps, backend.engine.kernels);
    this.plan = backend.engine.load(words, scratchBytes);
    this.isLong = this.steps.reduce((sum, step) => sum + costOf(this.source, step).seconds, 0) > backend.longRun;
    this.fallible = fallibleInputs(this.source);
  }

  run(inputs: readonly Buffer[], scalars: ScalarBlock): { outputs: readonly Buffer[]; done: Promise<void> } {
    const own = inputs.map((buffer) => ownBuffer(buffer, this.backend));
    const outputs = this.source.graph.outputs.map((output) => this.outputFor(output, own));
    const run = [this.plan, own.map(memoryOf), outputs.map(memoryOf), scalars] as const;
    return { outputs, done: this.start(run, own) };
  }

  release(): void {
    this.plan.release();
  }

  /** Off the main thread where it pays, and only what cannot fail: so a failed run has no successors that were started on its results. */
  private start(
    run: readonly [LoadedPlan, readonly Memory[], readonly Memory[], ScalarBlock],
    inputs: readonly CpuBuffer[],
  ): Promise<void> {
    const { engine } = this.backend;
    const profile = recorder();
    const canWait = this.isLong || engine.pending > 0;
    if (engine.enqueue === undefined || profile !== null || !canWait || this.mayFail(inputs)) {
      const times = profile === null ? undefined : new Float64Array(this.steps.length);
      this.check(engine.run(...run, times));
      if (times !== undefined) profile?.record(this, times);
      return done;
    }
    const finished = engine.enqueue(...run).then((failure) => this.check(failure));
    this.backend.follow(finished);
    return finished;
  }

  private mayFail(inputs: readonly CpuBuffer[]): boolean {
    return this.fallible === null || this.fallible.some((input) => inputs[input]?.uploaded !== true);
  }

  private outputFor({ spec, donated, resident }: OutputBuffer, inputs: readonly CpuBuffer[]): CpuBuffer {
    const donor = donated === null ? undefined : inputs[donated];
    if (donor !== undefined) return donor;
    const memory = this.backend.engine.allocate(sizeOf(spec.shape) * bytesOf[spec.dtype], resident);
    return new CpuBuffer(this.backend, spec, memory, false);
  }

  /** Throws what a kernel has found. */
  private check(failure: Failure | null): void {
    if (failure === null) return;
    const { primitive, inputs, params } = this.source.at(this.steps[failure.instruction]?.position ?? -1);
    const check = indexCheckOf(
      primitive,
      inputs.map((value) => this.source.specOf(value)),
      params,
    );
    if (check === null) throw internalError(`cpu: ${primitive} failed at element ${failure.position} of operand ${failure.operand}`);
    throw indexError(primitive, failure.index, failure.position, check);
  }
}
