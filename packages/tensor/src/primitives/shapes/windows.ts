/** How a window moves along one spatial dim. */
export interface Steps {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** How many elements a window reaches over, gaps included. */
export function reachOf({ kernelSize, dilation }: Steps): number {
  return dilation * (kernelSize - 1) + 1;
}

/** At how many places a window fits into `size` padded elements: PyTorch's formula. With `ceilMode` the last may stick out, but begins inside or in the padding before. */
export function windowsAlong(size: number, steps: Steps, ceilMode = false): number {
  const { stride, padding } = steps;
  const room = size + 2 * padding - reachOf(steps);
  if (!ceilMode) return Math.floor(room / stride) + 1;
  const count = Math.ceil(room / stride) + 1;
  return (count - 1) * stride >= size + padding ? count - 1 : count;
}

/** How many elements the given number of windows spreads over: the transpose of `windowsAlong`. */
export function spreadOf(count: number, steps: Steps): number {
  return (count - 1) * steps.stride - 2 * steps.padding + reachOf(steps);
}

/** The steps along each spatial dim, from lists of them. */
export function stepsAlong(
  kernelSize: readonly number[],
  {
    stride,
    padding,
    dilation,
  }: { readonly stride: readonly number[]; readonly padding: readonly number[]; readonly dilation?: readonly number[] },
): readonly Steps[] {
  return kernelSize.map((size, dim) => ({
    kernelSize: size,
    stride: stride[dim] ?? 1,
    padding: padding[dim] ?? 0,
    dilation: dilation?.[dim] ?? 1,
  }));
}
