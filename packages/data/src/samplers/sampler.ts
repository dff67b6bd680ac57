/** The order in which samples are taken: indices, anew for each iteration. PyTorch: `torch.utils.data.Sampler`. */
export interface Sampler extends Iterable<number> {
  /** How many indices an iteration gives. */
  readonly length: number;
}

/** Something with a length: all that most samplers need of a dataset. */
export interface Sized {
  readonly length: number;
}
