/** Node's modules for functions that take a path: loaded when one is called, so that the rest of the package runs in browsers. */
export const nodeModules = {
  // biome-ignore-start lint/correctness/noNodejsModules: reached only by functions that take a path.
  files: () => import('node:fs/promises'),
  stream: () => import('node:stream'),
  zlib: () => import('node:zlib'),
  crypto: () => import('node:crypto'),
  // biome-ignore-end lint/correctness/noNodejsModules: reached only by functions that take a path.
};
