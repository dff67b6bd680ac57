// The platforms that binaries are shipped for, each in a package of its own, which npm installs where `os`, `cpu` and `libc` fit.
// No dependency: .pnpmfile.cjs reads it while packages are packed.

/**
 * `zig`: what `zig cc -target` calls it. glibc 2.17 and macOS 11 are older than what any Node.js asks for that @dl runs on.
 * @typedef {{ readonly os: NodeJS.Platform, readonly cpu: 'x64' | 'arm64', readonly libc?: 'glibc' | 'musl', readonly zig: string }} Platform
 */

/** @type {Readonly<Record<string, Platform>>} */
export const platforms = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc', zig: 'x86_64-linux-gnu.2.17' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc', zig: 'aarch64-linux-gnu.2.17' },
  'linux-x64-musl': { os: 'linux', cpu: 'x64', libc: 'musl', zig: 'x86_64-linux-musl' },
  'linux-arm64-musl': { os: 'linux', cpu: 'arm64', libc: 'musl', zig: 'aarch64-linux-musl' },
  'darwin-x64': { os: 'darwin', cpu: 'x64', zig: 'x86_64-macos.11.0' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64', zig: 'aarch64-macos.11.0' },
  'win32-x64': { os: 'win32', cpu: 'x64', zig: 'x86_64-windows-gnu' },
  'win32-arm64': { os: 'win32', cpu: 'arm64', zig: 'aarch64-windows-gnu' },
};

/** The package that holds the binaries of a platform. */
export const packageOf = (/** @type {string} */ platform) => `@dl/backend-cpu-${platform}`;

/** Where they are in it. */
export const folderOf = (/** @type {string} */ platform) => `prebuilds/${platform}`;

/** What @dl/backend-cpu of this version asks npm to install where it fits. @returns {Record<string, string>} */
export const optionalDependencies = (/** @type {string} */ version) =>
  Object.fromEntries(Object.keys(platforms).map((platform) => [packageOf(platform), version]));
