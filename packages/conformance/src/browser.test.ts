import process from 'node:process';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { chromium, runInBrowser } from './browser.ts';

const program = `
  import { cpu } from '@dl/backend-cpu';
  import { Linear, MSELoss, ReLU, Sequential } from '@dl/nn';
  import { Adam } from '@dl/optim';
  import { manualSeed, tensor, useBackend } from '@dl/tensor';

  const say = (answer) => fetch('/done', { method: 'POST', body: JSON.stringify(answer) });
  async function train() {
    const backend = await cpu();
    useBackend(backend);
    manualSeed(1);
    const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
    const y = tensor([[0], [1], [1], [0]]);
    const model = new Sequential(new Linear(2, 16), new ReLU(), new Linear(16, 1));
    const optimizer = new Adam(model.parameters(), { lr: 0.05 });
    const losses = [];
    for (let step = 0; step < 200; step++) {
      optimizer.zeroGrad();
      const loss = new MSELoss()(model(x), y);
      loss.backward();
      await optimizer.step();
      losses.push(await loss.item());
    }
    return { description: backend.description, first: losses[0], last: losses.at(-1) };
  }
  train().then(say, (error) => say({ error: String(error.stack) }));`;

it.skipIf(chromium === undefined && process.env.DL_REQUIRE_WEBGPU !== '1')(
  `a network trains in a browser, on WebAssembly${chromium === undefined ? ': skipped, there is no Chromium here (CHROMIUM names one)' : ''}`,
  async () => {
    if (chromium === undefined) throw new Error('no Chromium here');
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: import.meta.dirname },
      conditions: ['@dl/source'],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      external: ['node:*', 'idx-data'],
    });
    const answer: unknown = JSON.parse(await runInBrowser(chromium, outputFiles[0]?.text ?? '', 50_000));
    expect(answer).toMatchObject({ description: expect.stringMatching(/^WebAssembly \((relaxed )?simd\), 1 thread/) });
    const { first, last } = Object(answer);
    expect(first).toBeGreaterThan(0.1);
    expect(last).toBeLessThan(0.01);
  },
  60_000,
);
