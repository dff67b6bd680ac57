// A first neural network: it learns to read handwritten digits. Run it with `npm run mnist`, or `npm run mnist -- --help` for its flags.
import { Compose, Normalize, ToTensor } from '@dl/augment';
import { noGrad } from '@dl/autograd';
import { DataLoader, MNIST } from '@dl/data';
import { profileLastEpoch, progressBar, reportErrors, startBackend } from '@dl/example-common';
import { saveSafetensors } from '@dl/formats';
import { CrossEntropyLoss } from '@dl/nn';
import { Adam } from '@dl/optim';
import { manualSeed } from '@dl/tensor';
import { mnistFolder } from './digits.ts';
import { parseFlags } from './flags.ts';
import { models } from './models.ts';
import { schedules } from './schedules.ts';

const started = performance.now();
const flags = parseFlags(process.argv.slice(2));
reportErrors();
await startBackend(flags);
if (flags.seed !== undefined) manualSeed(flags.seed);

// 1. The data: 28 x 28 pixels from 0 to 255 become numbers around 0. Each batch is transformed as a whole, where the model runs.
const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
const root = flags.data ?? mnistFolder();
const trainData = await MNIST.load({ root, train: true, transform, ...(flags.limit === undefined ? {} : { limit: flags.limit }) });
const testData = await MNIST.load({ root, train: false, transform });
const trainLoader = new DataLoader(trainData, { batchSize: flags.batchSize, shuffle: true });
const testLoader = new DataLoader(testData, { batchSize: 1000 });

// 2. The model. Whichever is chosen, the rest of the program stays the same.
const { build, schedule } = models[flags.model];
const model = build();
const criterion = new CrossEntropyLoss();
const optimizer = new Adam(model.parameters(), { lr: flags.lr });
const scheduler = schedules[flags.schedule ?? schedule](optimizer, flags.lr, flags.epochs * trainLoader.length);

// 3. Training: guess, measure how wrong the guess is, and move each weight a little towards a better one.
for (let epoch = 0; epoch < flags.epochs; epoch++) {
  const progress = progressBar(`Epoch ${epoch + 1}/${flags.epochs}`);
  const profile = profileLastEpoch(flags, epoch);
  progress.start(trainLoader.length);
  model.train();
  let runningLoss = 0;
  for await (const [images, labels] of trainLoader) {
    optimizer.zeroGrad();
    const loss = criterion(model(images), labels);
    loss.backward();
    await optimizer.step();
    scheduler.step();
    const value = await loss.item();
    runningLoss += value;
    progress.step(value);
  }
  progress.stop();
  console.log(`Epoch ${epoch + 1}/${flags.epochs} - Loss: ${(runningLoss / trainLoader.length).toFixed(4)}`);
  await profile.print();
}
if (flags.save !== undefined) await saveSafetensors(flags.save, model.stateDict(), { metadata: { format: 'pt' } });

// 4. The test: digits that it has not seen.
model.eval();
let correct = 0;
for await (const [images, labels] of testLoader) {
  const predicted = noGrad(() => model(images).argmax({ dim: 1 }));
  correct += await predicted.eq(labels).sum().item();
}
console.log(`Test Accuracy: ${((100 * correct) / testData.length).toFixed(2)}%`);
console.error(`${((performance.now() - started) / 1000).toFixed(1)} seconds`);
