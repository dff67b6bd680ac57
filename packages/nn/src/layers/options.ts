/** The element type of a layer's parameters. */
export interface FloatingOptions {
  /** Default float32. */
  readonly dtype?: 'float32' | 'float64';
}
