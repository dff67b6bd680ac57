// Runs Clang, one command at a time, on files that come with the command.
import { parentPort } from 'node:worker_threads';
import { runClang } from '@yowasp/clang';

// Else it reports its progress on the console.
const ready = runClang(null, {}, { fetchProgress: () => {} });

parentPort?.on('message', async (/** @type {import('./wasm.mjs').Task} */ { words, files, product }) => {
  const decoder = new TextDecoder();
  let text = '';
  const output = (/** @type {Uint8Array | null} */ bytes) => {
    if (bytes) text += decoder.decode(bytes, { stream: true });
  };
  try {
    await ready;
    const made = await runClang(words, files, { stdout: output, stderr: output });
    parentPort?.postMessage({ product: made?.[product], text });
  } catch (error) {
    parentPort?.postMessage({ text: text || String(error) });
  }
});
