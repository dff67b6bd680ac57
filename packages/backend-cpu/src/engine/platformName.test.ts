import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Platform, platformName } from './platformName.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl-platform-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A Node whose file begins with these bytes, and whose report has this header. */
async function nodeOf(platform: NodeJS.Platform, start: string, header?: object): Promise<{ node: Platform; asked: () => boolean }> {
  const execPath = join(folder, `node-${Math.random()}`);
  await writeFile(execPath, `\x7fELF\x02\x01\x01\0\0${start}\0${'.'.repeat(9000)}`);
  const getReport = vi.fn(() => ({ header }));
  return {
    node: { platform, arch: 'x64', execPath, report: { ...process.report, getReport } },
    asked: () => getReport.mock.calls.length > 0,
  };
}

describe('platformName', () => {
  it('is the platform and the architecture of this process', async () => {
    expect(await platformName(process)).toMatch(new RegExp(`^${process.platform}-${process.arch}(-musl)?$`));
  });

  it.each([
    ['/lib64/ld-linux-x86-64.so.2', 'linux-x64'],
    ['/lib/ld-musl-x86_64.so.1', 'linux-x64-musl'],
  ])('goes by the loader %s that the program names, without a report', async (loader, name) => {
    const { node, asked } = await nodeOf('linux', loader);
    expect(await platformName(node)).toBe(name);
    expect(asked()).toBe(false);
  });

  it.each([
    [{ glibcVersionRuntime: '2.36' }, 'linux-x64'],
    [{}, 'linux-x64-musl'],
    [undefined, 'linux-x64'],
  ])('goes by the report where the program names no loader: %o', async (header, name) => {
    expect(await platformName((await nodeOf('linux', '', header)).node)).toBe(name);
  });

  it('asks for no C library where there is only one', async () => {
    expect(await platformName((await nodeOf('win32', '', {})).node)).toBe('win32-x64');
  });

  it('a program that cannot be read is asked for its report', async () => {
    const { node } = await nodeOf('linux', '', {});
    expect(await platformName({ ...node, execPath: join(folder, 'missing') })).toBe('linux-x64-musl');
  });
});
