import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = import.meta.dirname;
// `@dl/source` makes `@dl/*` resolve to the sources: no test needs a build.
const conditions = ['@dl/source', 'node', 'import', 'module', 'development', 'default'];

/** Packages with files that replace modules by others, or that look at the memory and the threads of the whole process. */
const isolated = new Set(['@dl/backend-cpu', '@dl/data']);

export default defineConfig({
  root,
  test: {
    projects: [...foldersOf('packages'), ...foldersOf('examples')].map(project),
    passWithNoTests: true,
    // All processors: one is not kept free for the main process, which is idle once it has transformed the modules.
    maxWorkers: '100%',
    // Said once by each test file that chooses no backend.
    onConsoleLog: (log) => !log.includes('no backend chosen'),
  },
});

/** A folder's tests under its package name; types are tested where a `*.test-d.ts` exists. */
function project({ folder, name }: { folder: string; name: string }): TestProjectInlineConfiguration {
  const hasTypeTests = filesBelow(join(folder, 'src')).some((file) => file.endsWith('.test-d.ts'));
  return {
    root: folder,
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['src/**/*.test.ts'],
      testTimeout: 30_000,
      // To import the same modules for each file took as long as half of the tests.
      isolate: isolated.has(name),
      setupFiles: isolated.has(name) ? [] : [join(root, 'vitest.setup.ts')],
      typecheck: {
        enabled: hasTypeTests,
        include: ['src/**/*.test-d.ts'],
        tsconfig: join(folder, 'tsconfig.json'),
        ignoreSourceErrors: true,
      },
    },
  };
}

function foldersOf(group: string) {
  const prefix = group === 'packages' ? '@dl/' : '@dl/example-';
  return readdirSync(join(root, group), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, 'package.json')))
    .map((entry) => ({ folder: join(root, group, entry.name), name: prefix + entry.name }));
}

function filesBelow(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}
