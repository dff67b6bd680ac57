/** Node's files: loaded when a path is used, so that the rest of the package runs in browsers. */
export function nodeFiles(): Promise<typeof import('node:fs/promises')> {
  // biome-ignore lint/correctness/noNodejsModules: reached only by functions that take a path.
  return import('node:fs/promises');
}
