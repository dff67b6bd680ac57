/** What every error of @dl inherits: `catch (error) { if (error instanceof DlError) … }`. */
export class DlError extends Error {
  override readonly name: string = 'DlError';
}

/** Sizes, ranks or dims that do not fit together. */
export class ShapeError extends DlError {
  override readonly name = 'ShapeError';
}

/** A dtype that the operation, the backend or the file does not take. */
export class DTypeError extends DlError {
  override readonly name = 'DTypeError';
}

/** An argument outside its range: a negative size, a `NaN` learning rate, a probability of 2. */
export class ArgumentError extends DlError {
  override readonly name = 'ArgumentError';
}

/** An index or a label outside the dimension that it points into. */
export class IndexError extends DlError {
  override readonly name = 'IndexError';
}

/** A device that is missing, lost, too small, or mixed with another one. */
export class BackendError extends DlError {
  override readonly name = 'BackendError';
}

/** A file or a data set that is not what it claims to be. */
export class DataError extends DlError {
  override readonly name = 'DataError';
}

/** A gradient that cannot be had: nothing requires it, or a step has consumed the graph. */
export class GradientError extends DlError {
  override readonly name = 'GradientError';
}

/** A value that is gone because a step has replaced the parameters it depends on. */
export class ConsumedError extends DlError {
  override readonly name = 'ConsumedError';
}

/** An own bug: its message begins with `internal:` so that the reader knows whom to blame. */
export function internalError(message: string): DlError {
  return new DlError(`internal: ${message}`);
}
