/**
 * A field's name as PyTorch would spell it in a state dict: each capital but the first letter becomes an underscore and the small letter.
 *
 * @example keyOf('runningMean') // 'running_mean'
 */
export function keyOf(field: string): string {
  return field.replace(/(?<!^)[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** Joins a path and a key with a dot; the root's path is empty. */
export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
