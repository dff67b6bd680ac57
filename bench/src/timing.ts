/** One measured figure, as our programs and the peers' print it, one JSON object a line. */
export interface Timing {
  /** A network, or `matmul-N`. */
  readonly case: string;
  readonly phase?: 'train' | 'infer';
  readonly threads: number;
  /** Of PyTorch: eager, or compiled. */
  readonly mode?: string;
  /** Samples at once, where it is not the usual number. */
  readonly batch?: number;
  readonly ms: number;
  readonly gflops?: number;
}

/** Four digits behind the point, one for GFLOP/s. */
export function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
