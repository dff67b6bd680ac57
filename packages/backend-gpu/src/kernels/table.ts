import type { TensorSpec } from '@dl/tensor';
import type { DecomposableName, InputsOf, OutputsOf, ParamsOf, PrimitiveName } from '@dl/tensor/internal';
import type { Elements } from '../gpujs.ts';
import type { Program } from './program.ts';

/** A tensor that a launch reads or writes: an input or output of the instruction, or one that lives between its launches only. */
export interface Place {
  readonly kind: 'input' | 'output' | 'temporary';
  readonly index: number;
}

/**
 * A number that a launch takes: known when the plan is made; computed from the instruction's scalars in each run;
 * or the value of an input that is the same everywhere.
 */
export type RunNumber = number | ((scalars: readonly number[]) => number) | { readonly constantInput: number };

/** One call of a kernel: it fills `target`, one thread an element. */
export interface KernelLaunch {
  readonly program: Program;
  readonly size: number;
  readonly arrays: readonly Place[];
  /** The program's integers, then its floats. */
  readonly numbers: readonly RunNumber[];
  readonly target: Place;
}

/** Elements that the host computes. */
export interface HostLaunch {
  readonly host: (scalars: readonly number[]) => Elements;
  readonly size: number;
  readonly target: Place;
}

/** Every element is one number: elementwise kernels take it as an argument, and the tensor need not exist. */
export interface FillLaunch {
  readonly fill: RunNumber;
  readonly size: number;
  readonly target: Place;
}

/** The device's elements are those of an input: they are shared, not copied. */
export interface SameLaunch {
  readonly same: Place;
  readonly target: Place;
}

export type Launch = KernelLaunch | HostLaunch | FillLaunch | SameLaunch;

/** An input as a rule sees it; `constant`: it holds one number everywhere, and may be taken as one. */
export interface SiteInput extends TensorSpec {
  readonly constant: boolean;
}

/** Where a primitive is applied. */
interface Site<N extends PrimitiveName> {
  readonly inputs: InputsOf<N, SiteInput>;
  readonly outputs: OutputsOf<N, TensorSpec>;
  readonly params: ParamsOf<N>;
}

/** The launches that compute a primitive, in order. */
export type KernelRule<N extends PrimitiveName> = (site: Site<N>) => readonly Launch[];

/** Core primitives have kernels, the others kernels or the word. */
export type KernelTable<N extends PrimitiveName = PrimitiveName> = {
  readonly [K in N]: KernelRule<K> | (K extends DecomposableName ? 'decomposed' : never);
};

export const input = (index: number): Place => ({ kind: 'input', index });
export const output = (index: number): Place => ({ kind: 'output', index });
export const temporary = (index: number): Place => ({ kind: 'temporary', index });
