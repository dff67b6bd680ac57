// The published @dl/backend-cpu asks for the packages with its binaries. They are made at a release and are no part of the workspace,
// so its package.json does not name them.
module.exports = {
  hooks: {
    async beforePacking(manifest) {
      if (manifest.name !== '@dl/backend-cpu') return manifest;
      const { optionalDependencies } = await import('./packages/backend-cpu/scripts/platforms.mjs');
      return { ...manifest, optionalDependencies: optionalDependencies(manifest.version) };
    },
  },
};
