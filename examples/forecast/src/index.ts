// A GRU forecasts a series, one day ahead, and has to beat two forecasts that need no training.
// Run it with `npm run forecast`, or `npm run forecast -- --help` for its flags.
import { noGrad } from '@dl/autograd';
import { DataLoader } from '@dl/data';
import { profileLastEpoch, progressBar, reportErrors, startBackend } from '@dl/example-common';
import { SmoothL1Loss } from '@dl/nn';
import { Adam, lrScheduler } from '@dl/optim';
import { manualSeed } from '@dl/tensor';
import { loadBirths } from './births.ts';
import { type Errors, errorsOf } from './errors.ts';
import { parseFlags } from './flags.ts';
import { Forecaster } from './forecaster.ts';
import { deviationOf, Windows, week } from './windows.ts';

const started = performance.now();
const flags = parseFlags(process.argv.slice(2));
reportErrors();
await startBackend(flags);
if (flags.seed !== undefined) manualSeed(flags.seed);

// 1. The series, cut in time: what comes later must not be known earlier. The last two years are for the test, the two before to choose by.
const days = loadBirths().filter(({ year }) => year <= flags.until);
const births = days.map((day) => day.births);
const validationStart = days.findIndex(({ year }) => year === flags.until - 3);
const testStart = days.findIndex(({ year }) => year === flags.until - 1);
const deviation = deviationOf(days.slice(0, validationStart));
const windowsBefore = (from: number, end: number) => new Windows(days, deviation, { window: flags.window, from, end });
const trainLoader = new DataLoader(windowsBefore(0, validationStart), { batchSize: flags.batchSize, shuffle: true });

/** The model's forecasts of the days from `from` up to `end`: the births of a week before, and the change that it foresees. */
async function forecasts(from: number, end: number): Promise<number[]> {
  model.eval();
  const changes: number[] = [];
  for await (const [windows] of new DataLoader(windowsBefore(from, end), { batchSize: 1000 }))
    changes.push(...(await noGrad(() => model(windows)).data()));
  return changes.map((change, i) => (births[from + i - week] ?? 0) + change * deviation);
}

async function errorsOfModel(from: number, end: number): Promise<Errors> {
  const all = await forecasts(from, end);
  return errorsOf(births, (day) => all[day - from] ?? 0, from, end);
}

// 2. The model. The loss heeds the absolute difference, so that holidays, which nothing announces, don't rule the training.
const model = new Forecaster(flags.hidden);
const criterion = new SmoothL1Loss({ beta: 0.1 });
const optimizer = new Adam(model.parameters(), { lr: flags.lr });
const scheduler = new lrScheduler.CosineAnnealingLR(optimizer, flags.epochs);

// 3. Training, as ever. The parameters that do best on the validation years are kept.
let best = { error: Number.POSITIVE_INFINITY, state: model.stateDict() };
for (let epoch = 0; epoch < flags.epochs; epoch++) {
  const progress = progressBar(`Epoch ${epoch + 1}/${flags.epochs}`);
  const profile = profileLastEpoch(flags, epoch);
  progress.start(trainLoader.length);
  model.train();
  let runningLoss = 0;
  for await (const [windows, changes] of trainLoader) {
    optimizer.zeroGrad();
    const loss = criterion(model(windows), changes);
    loss.backward();
    await optimizer.step();
    const value = await loss.item();
    runningLoss += value;
    progress.step(value);
  }
  scheduler.step();
  progress.stop();
  const { absolute } = await errorsOfModel(validationStart, testStart);
  if (absolute < best.error) best = { error: absolute, state: model.stateDict() };
  const loss = (runningLoss / trainLoader.length).toFixed(4);
  console.log(`Epoch ${epoch + 1}/${flags.epochs} - Loss: ${loss} - Validation: off by ${absolute.toFixed(0)} births`);
  await profile.print();
}
model.loadStateDict(best.state);

// 4. The test: two years that it has not seen, against what costs nothing.
const contestants = {
  'Yesterday again': errorsOf(births, (day) => births[day - 1] ?? 0, testStart, days.length),
  'A week ago again': errorsOf(births, (day) => births[day - week] ?? 0, testStart, days.length),
  GRU: await errorsOfModel(testStart, days.length),
};
for (const [name, { absolute, relative }] of Object.entries(contestants))
  console.log(`${name.padEnd(16)}  Test: off by ${absolute.toFixed(0).padStart(4)} births a day, ${(100 * relative).toFixed(2)}%`);
console.error(`${((performance.now() - started) / 1000).toFixed(1)} seconds`);
