// A small GPT: it learns to predict the next character of Moby Dick, then writes. Run it with `npm run chargpt`, or with `--help` for its flags.
import { profileLastEpoch, progressBar, reportErrors, startBackend } from '@dl/example-common';
import { functional } from '@dl/nn';
import { AdamW, clipGradNorm, lrScheduler, Muon } from '@dl/optim';
import { Generator, manualSeed } from '@dl/tensor';
import { loadModel, saveModel } from './checkpoint.ts';
import { bitsPerCharacter } from './evaluate.ts';
import { parseFlags } from './flags.ts';
import { CharGPT } from './model.ts';
import { NgramModel } from './ngram.ts';
import { cachedPredictor, plainPredictor } from './predictor.ts';
import { loadMobyDick, splitText } from './text.ts';
import { Vocabulary } from './vocabulary.ts';
import { randomWindows } from './windows.ts';
import { write } from './write.ts';

const started = performance.now();
const flags = parseFlags(process.argv.slice(2));
reportErrors();
await startBackend(flags);
if (flags.seed !== undefined) manualSeed(flags.seed);

// 1. The data: characters become whole numbers. The end of the novel is never trained on.
const text = splitText(loadMobyDick());
const vocabulary = new Vocabulary(text.training);
vocabulary.checkKnown('--prompt', flags.prompt);
const training = vocabulary.encode(text.training);
const held = { Validation: vocabulary.encode(text.validation), Test: vocabulary.encode(text.test) };

// 2. The baseline: a model that only counts which character followed the last four.
const ngram = new NgramModel(training, 5, vocabulary.size);

// 3. The model, and what trains it: Muon the matrices inside, AdamW the rest. The rates rise for a twentieth of the steps, then fall along
// a cosine.
const model = new CharGPT(vocabulary.size, flags);
if (flags.load !== undefined) await loadModel(flags.load, model);
const matrices = model.hiddenMatrices();
const others = model.parameters().filter((parameter) => !matrices.includes(parameter));
const optimizers = [
  new Muon(matrices, { lr: flags.lr, weightDecay: 0.1 }),
  new AdamW(others, { lr: flags.lr / 10, betas: [0.9, 0.99], weightDecay: 0.1 }),
];
const warmUp = Math.ceil(flags.steps / 20);
const rateAt = (step: number) =>
  step < warmUp ? (step + 1) / warmUp : 0.51 + 0.49 * Math.cos((Math.PI * (step - warmUp)) / Math.max(1, flags.steps - warmUp));
const schedulers = optimizers.map((optimizer) => new lrScheduler.LambdaLR(optimizer, rateAt));

// 4. Training: each step, some pieces from anywhere in the text; at each of their characters the model predicts the next one.
const generator = new Generator();
const reportEvery = Math.ceil(flags.steps / 10);
const progress = progressBar('Training');
let runningLoss = 0;
progress.start(flags.steps);
for (let step = 1; step <= flags.steps; step++) {
  const report = profileLastEpoch({ ...flags, epochs: flags.steps }, step - 1);
  const { inputs, targets } = randomWindows(training, flags.batchSize, flags.context, generator);
  for (const optimizer of optimizers) optimizer.zeroGrad();
  const loss = functional.crossEntropy(model(inputs).flatten({ endDim: 1 }), targets.flatten());
  loss.backward();
  clipGradNorm(model.parameters(), 1);
  await Promise.all(optimizers.map((optimizer) => optimizer.step()));
  for (const scheduler of schedulers) scheduler.step();
  const bits = (await loss.item()) / Math.LN2;
  await report.print();
  progress.step(bits);
  runningLoss += bits / reportEvery;
  if (step % reportEvery !== 0) continue;
  console.log(`Step ${step}/${flags.steps} - Loss: ${runningLoss.toFixed(3)} bits per character`);
  runningLoss = 0;
}
progress.stop();
if (flags.save !== undefined) await saveModel(flags.save, model);

// 5. How well does it predict what it has not seen? The fewer bits it needs for a character, the better. Settings may be chosen by the
// validation text, so that only the test text tells how good they are.
model.eval();
for (const [name, tokens] of Object.entries(held)) {
  const [bits, baseline] = [await bitsPerCharacter(model, tokens, flags.context), ngram.bitsPerToken(tokens)];
  console.log(`${name}: ${bits.toFixed(3)} bits per character (5-gram: ${baseline.toFixed(3)})`);
}
console.error(`${((performance.now() - started) / 1000).toFixed(1)} seconds`);

// 6. It writes: each character is drawn from what it predicts, and read as the next.
const predictor = (flags.cache ? cachedPredictor : plainPredictor)(model, flags.context);
process.stdout.write(`\n${flags.prompt}`);
const began = performance.now();
for await (const token of write(predictor, vocabulary.encode(flags.prompt), { ...flags, generator }))
  process.stdout.write(vocabulary.decode([token]));
process.stdout.write('\n');
console.error(`${((performance.now() - began) / Math.max(1, flags.length)).toFixed(2)} milliseconds per character`);
