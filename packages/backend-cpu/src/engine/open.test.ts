import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendError } from '@dl/tensor';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runNode } from '../testing/childProcess.ts';
import { openEngine } from './open.ts';

afterEach(() => vi.unstubAllEnvs());

describe('openEngine', () => {
  it('prefers native code, and has no reason to give then', async () => {
    const { engine, reasons } = await openEngine();
    expect(engine.kind).toBe('native');
    expect(reasons).toEqual([]);
    expect(engine.threads).toBeGreaterThanOrEqual(1);
  });

  it('opens what the options name', async () => {
    expect((await openEngine({ engine: 'wasm' })).engine).toMatchObject({ kind: 'wasm', threads: 1 });
    expect((await openEngine({ variant: 'simd' })).engine).toMatchObject({ kind: 'wasm', variant: 'simd' });
    expect((await openEngine({ engine: 'native', threads: 7 })).engine).toMatchObject({ kind: 'native', threads: 7 });
  });

  it.each([
    ['wasm', 'simd'],
    ['wasm-relaxed', 'relaxed simd'],
  ])('opens what DL_CPU=%s names, unless the options name something', async (name, variant) => {
    vi.stubEnv('DL_CPU', name);
    expect((await openEngine()).engine).toMatchObject({ variant });
    expect((await openEngine({ engine: 'native' })).engine).toMatchObject({ kind: 'native' });
  });

  it('refuses a name in DL_CPU that it does not know', async () => {
    vi.stubEnv('DL_CPU', 'sse2');
    await expect(openEngine()).rejects.toThrow("cpu: DL_CPU must be one of avx512, avx2, neon, wasm-relaxed, wasm; got 'sse2'");
  });

  it('says why what the options ask for cannot run', async () => {
    vi.stubEnv('DL_CPU_BINARIES', join(tmpdir(), 'nowhere'));
    await expect(openEngine({ engine: 'native' })).rejects.toThrow(BackendError);
    await expect(openEngine({ engine: 'native' })).rejects.toThrow(
      /cpu: native cannot run here; no native code for \S+ \(package @dl\/\S+\)/,
    );
    await expect(openEngine({ engine: 'wasm', variant: 'avx2' })).rejects.toThrow('cpu: avx2 cannot run here');
  });
});

describe('without native code that loads', () => {
  const program = `
    import { cpu } from '@dl/backend-cpu';
    import { tensor, useBackend } from '@dl/tensor';
    const backend = await cpu();
    useBackend(backend);
    console.log(backend.description);
    console.log((await tensor([1, 2]).mul(3).data()).join());`;

  it('a program runs on WebAssembly, and one line says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dl-cpu-'));
    const { status, stdout, stderr } = await runNode(program, { DL_CPU_BINARIES: folder });
    await rm(folder, { recursive: true });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^WebAssembly \((relaxed )?simd\), 1 thread \(no native code for .*\)\n3,6\n$/);
    expect(stderr).toMatch(/^@dl\/backend-cpu: WebAssembly \(.*\) runs in the place of native code: no native code for .*\n$/);
  });

  it('the line names what is wrong with a file that is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dl-cpu-'));
    await Promise.all(['avx512', 'avx2', 'neon'].map((variant) => writeFile(join(folder, `${variant}.node`), 'no library')));
    const { stdout, stderr } = await runNode(program, { DL_CPU_BINARIES: folder });
    await rm(folder, { recursive: true });
    expect(stdout).toMatch(/3,6\n$/);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toContain(folder);
  });
});
