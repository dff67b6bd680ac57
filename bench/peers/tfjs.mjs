// Times TensorFlow.js on WebAssembly on what `npm run bench -- steps --json --engine wasm` times, and prints the same lines.
// usage: node tfjs.mjs [--runs 30] [case …]        cases: matmul mlp
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { runs: { type: 'string', default: '30' } } });
const runs = Number(values.runs);
const cases = positionals.length > 0 ? positionals : ['matmul', 'mlp'];

setWasmPaths(`${join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')))}/`);
await tf.setBackend('wasm');
await tf.ready();
console.log(JSON.stringify({ tfjs: tf.version_core, backend: tf.getBackend() }));
if (cases.includes('matmul')) timeMatmuls();
if (cases.includes('mlp')) timeMlp();

function timeMatmuls() {
  for (const n of [64, 256, 512, 1024, 2048]) {
    const [a, b] = [tf.randomNormal([n, n]), tf.randomNormal([n, n])];
    const ms = medianMillis(() => tf.matMul(a, b).dispose());
    print({ case: `matmul-${n}`, threads: 1, ms, gflops: Number(((2 * n ** 3) / ms / 1e6).toFixed(1)) });
    tf.dispose([a, b]);
  }
}

function timeMlp() {
  const sizes = [784, 256, 128, 10];
  const layers = sizes.slice(1).map((size, i) => {
    const bound = 1 / Math.sqrt(sizes[i]);
    return {
      weight: tf.variable(tf.randomUniform([sizes[i], size], -bound, bound)),
      bias: tf.variable(tf.randomUniform([size], -bound, bound)),
    };
  });
  const forward = (x, training) =>
    layers.reduce(
      (values, { weight, bias }, i) => {
        const isLast = i === layers.length - 1;
        const sums = tf.fused.matMul({ a: values, b: weight, bias, activation: isLast ? 'linear' : 'relu' });
        return training && !isLast ? tf.dropout(sums, 0.2) : sums;
      },
      tf.reshape(x, [-1, 784]),
    );
  const optimizer = tf.train.adam(0.001);
  const x = tf.randomNormal([64, 1, 28, 28]);
  const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
  const train = () => {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(labels, forward(x, true)), true);
    loss.dataSync();
    loss.dispose();
  };
  print({ case: 'mlp', phase: 'train', threads: 1, ms: medianMillis(train) });
  const infer = (batch) => () => tf.tidy(() => forward(batch, false)).dispose();
  print({ case: 'mlp', phase: 'infer', threads: 1, ms: medianMillis(infer(x)) });
  print({ case: 'mlp', phase: 'infer', threads: 1, batch: 1, ms: medianMillis(infer(tf.randomNormal([1, 1, 28, 28]))) });
}

function medianMillis(work) {
  const millis = [];
  for (let run = -5; run < runs; run++) {
    const start = performance.now();
    work();
    if (run >= 0) millis.push(performance.now() - start);
  }
  return Number(millis.sort((a, b) => a - b)[Math.floor(runs / 2)].toFixed(4));
}

function print(timing) {
  console.log(JSON.stringify(timing));
}
