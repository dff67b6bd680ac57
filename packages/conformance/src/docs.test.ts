// What the documentation says is run: every `ts` block compiles under the workspace's strict options and executes without an
// error, every `sh` block names scripts and packages that exist. After the language a block may say
//   continue   it goes on where the block before it ended
//   gpu        it is run where WebGPU has an adapter, compiled everywhere
//   no-run     it is compiled only (it needs a browser or a file)
// A comment `// → text` is an expectation: these texts must be printed, in this order.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { format } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasAdapter } from './hasAdapter.ts';

interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly words: readonly string[];
  /** The code stands on the lines it has in the document, so that errors name them. */
  readonly code: string;
}

const root = resolve(import.meta.dirname, '../../..');
const programs = join(root, 'packages/conformance/.docs');
const blocks = documents().flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')));
const programBlocks = blocks.filter(({ language }) => language === 'ts');
const isGpuHere = await hasAdapter(process.env.DL_REQUIRE_WEBGPU === '1');
const shellBlocks = blocks.filter(({ language }) => language === 'sh');

beforeAll(() => {
  rmSync(programs, { recursive: true, force: true });
  mkdirSync(programs, { recursive: true });
  for (const block of programBlocks) writeFileSync(join(programs, programOf(block)), block.code);
  const options = { moduleDetection: 'force', lib: ['ES2023', 'DOM', 'DOM.AsyncIterable'] };
  writeFileSync(
    join(programs, 'tsconfig.json'),
    JSON.stringify({ extends: '../tsconfig.json', compilerOptions: options, include: ['*.ts'] }),
  );
});

test.skipIf(programBlocks.length === 0)('docs: every ts block compiles', { timeout: 120_000 }, async () => {
  const complaints = await complaintsOfCompiler();
  expect(complaints.map(inDocument).join('\n')).toBe('');
});

describe('docs: a ts block runs', () => {
  const home = process.cwd();
  beforeEach(() => {
    vi.resetModules();
    process.chdir(mkdtempSync(join(tmpdir(), 'dl-docs-')));
  });
  afterEach(() => {
    const place = process.cwd();
    process.chdir(home);
    rmSync(place, { recursive: true, force: true });
    vi.restoreAllMocks();
  });

  for (const block of programBlocks.filter(({ words }) => !words.includes('no-run'))) {
    const needsGpu = block.words.includes('gpu');
    const title = `${block.file}:${block.line}${needsGpu ? ', where WebGPU has an adapter' : ''}`;
    test.skipIf(needsGpu && !isGpuHere)(title, { timeout: 120_000 }, async () => {
      const printed: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
        printed.push(...format(...values).split('\n'));
      });
      await import(join(programs, programOf(block))).catch((error: unknown) => {
        throw new Error(`${block.file}:${block.line}: ${inDocument(traceOf(error))}`);
      });
      const missing = firstMissing(expectationsOf(block), printed);
      expect(missing, `${block.file}:${block.line} says it prints '${missing}'; it printed\n${printed.join('\n')}`).toBeUndefined();
    });
  }
});

describe('docs: an sh block names what exists', () => {
  for (const block of shellBlocks) {
    test(`${block.file}:${block.line}`, () => {
      expect(block.code.split('\n').flatMap((line, i) => complaintsAbout(line).map((text) => `${block.file}:${i + 1}: ${text}`))).toEqual(
        [],
      );
    });
  }
});

test('docs: blocks are found with their lines, words and predecessors', () => {
  const text = ['# T', '```ts', 'a();', '```', 'x', '```ts continue no-run', 'b(); // → 1', '```', '```sh', 'npm test', '```'].join('\n');
  const [first, second, third] = blocksOf('T.md', text);
  expect(first).toMatchObject({ line: 2, language: 'ts', words: [], code: '\n\na();' });
  expect(second).toMatchObject({ line: 6, words: ['continue', 'no-run'], code: '\n\na();\n\n\n\nb(); // → 1' });
  expect(third).toMatchObject({ line: 9, language: 'sh' });
  expect(second && expectationsOf(second)).toEqual(['1']);
  expect(complaintsAbout('npm run nothing')).toEqual(["package.json has no script 'nothing'"]);
  expect(firstMissing(['a', 'c'], ['a', 'b'])).toBe('c');
});

// ---------------------------------------------------------------------------------------------------------------------

function documents(): string[] {
  const readmes = ['packages', 'examples'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name, 'README.md')));
  const guides = join(root, 'docs');
  const pages = existsSync(guides) ? readdirSync(guides, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md')) : [];
  return ['README.md', 'CONTRIBUTING.md', ...pages.map((page) => join('docs', page)), ...readmes]
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

function blocksOf(file: string, text: string): Block[] {
  const found: Block[] = [];
  const lines = text.split('\n');
  for (let start = 0; start < lines.length; start++) {
    const fence = /^```(\w+)\s*(.*)$/.exec(lines[start] ?? '');
    if (!fence) continue;
    const end = lines.findIndex((line, i) => i > start && /^```\s*$/.test(line));
    if (end < 0) throw new Error(`${file}:${start + 1}: this block has no end`);
    const [, language = '', rest = ''] = fence;
    const words = rest.split(/\s+/).filter((word) => word !== '');
    const before = words.includes('continue') ? found.findLast((block) => block.language === language) : undefined;
    const head = before ? before.code.split('\n') : [];
    const gap = Array.from({ length: start + 1 - head.length }, () => '');
    found.push({ file, line: start + 1, language, words, code: [...head, ...gap, ...lines.slice(start + 1, end)].join('\n') });
    start = end;
  }
  return found;
}

/** `packages/nn/README.md`, line 12 → `packages~nn~README.md~12.ts` */
function programOf({ file, line }: Block): string {
  return `${file.replaceAll('/', '~')}~${line}.ts`;
}

/** The error and the frames that are ours. */
function traceOf(error: unknown): string {
  const text = String(error instanceof Error ? (error.stack ?? error) : error);
  const frames = text.split('\n').filter((line) => !/^\s+at .*(node_modules|node:internal|docs\.test\.ts)/.test(line));
  return frames.join('\n');
}

/** Turns the path of a program back into the document's. */
function inDocument(text: string): string {
  return text.replaceAll(
    /[^\s()]*?([\w~.-]+\.md)~\d+\.ts(?:\((\d+),\d+\))?/g,
    (_, file: string, line?: string) => file.replaceAll('~', '/') + (line ? `:${line}` : ''),
  );
}

function complaintsOfCompiler(): Promise<string[]> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((done) => {
    execFile(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', programs], (error, stdout) => {
      const lines = stdout.split('\n').map((line) => relative(programs, resolve(programs, line)));
      // What is wrong in the sources is the type check's business.
      done(error ? lines.filter((line) => /\.md~\d+\.ts\(/.test(line)) : []);
    });
  });
}

function expectationsOf({ code }: Block): string[] {
  return [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text = '']) => text.trimEnd());
}

/** The first expectation that no line fulfils, each line taken at most once and in order. */
function firstMissing(expectations: readonly string[], printed: readonly string[]): string | undefined {
  let next = 0;
  return expectations.find((text) => {
    next = printed.indexOf(text, next) + 1;
    return next === 0;
  });
}

function complaintsAbout(line: string): string[] {
  const [, command = '', name = ''] = /^\s*(npm run|npm|npx pnpm|pnpm)\s+(?:--\S+\s+)*(\S+)/.exec(line) ?? [];
  if (command === 'npm run' || (command === 'npm' && (name === 'test' || name === 'start'))) return scriptIn('package.json', name);
  if (/pnpm$/.test(command)) return complaintsAboutFilter(line);
  if (command === 'npm' && (name === 'install' || name === 'i'))
    return [...line.matchAll(/@dl\/([\w-]+)/g)].flatMap(([, folder = '']) => packageAt(folder));
  return [];
}

/** `pnpm --filter @dl/nn test` */
function complaintsAboutFilter(line: string): string[] {
  const [, folder, script = ''] = /--filter\s+@dl\/([\w-]+)\s+(?:run\s+)?(\S+)/.exec(line) ?? [];
  if (folder === undefined) return [];
  const missing = packageAt(folder);
  return missing.length > 0 ? missing : scriptIn(join('packages', folder, 'package.json'), script);
}

function packageAt(folder: string): string[] {
  return existsSync(join(root, 'packages', folder, 'package.json')) ? [] : [`there is no package @dl/${folder}`];
}

function scriptIn(file: string, script: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, file), 'utf8'));
  return script in scripts ? [] : [`${file} has no script '${script}'`];
}
