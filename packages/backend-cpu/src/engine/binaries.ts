import type { Addon } from './addon.ts';

/** Where `.node` files may be: the folder that DL_CPU_BINARIES names, the platform's package, the repository's build folder. */
export class Binaries {
  readonly #require: NodeJS.Require;
  readonly #places: readonly string[];

  private constructor(require: NodeJS.Require, places: readonly string[]) {
    this.#require = require;
    this.#places = places;
  }

  static async of(platform: string): Promise<Binaries> {
    const { createRequire } = await import('node:module');
    const named = globalThis.process.env.DL_CPU_BINARIES;
    const installed = `@dl/backend-cpu-${platform}/prebuilds/${platform}`;
    // From src/engine and from dist.
    const builds = [`../../build/${platform}`, `../build/${platform}`];
    return new Binaries(createRequire(import.meta.url), named === undefined ? [installed, ...builds] : [named]);
  }

  /** The addon, if one is installed that this processor can run. A reason is added where one is there and fails. */
  load(variant: string, reasons: string[]): Addon | undefined {
    for (const path of this.#places.map((place) => `${place}/${variant}.node`)) {
      if (!this.#isThere(path)) continue;
      try {
        const addon: Addon = this.#require(path);
        if (addon.supported()) return addon;
        reasons.push(`this processor has no ${variant}`);
        return undefined;
      } catch (error) {
        reasons.push(`${variant}: ${firstLine(error)}`);
      }
    }
    return undefined;
  }

  #isThere(path: string): boolean {
    try {
      this.#require.resolve(path);
      return true;
    } catch {
      return false;
    }
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
