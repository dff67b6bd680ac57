// A network for the rows of a table, and two much simpler methods, so that one sees whether it is worth it.
// Run it with `npm run tabular`, or `npm run tabular -- --help` for its flags.
import { profileLastEpoch, progressBar, reportErrors, startBackend } from '@dl/example-common';
import { Linear, ReLU, Sequential } from '@dl/nn';
import { manualSeed } from '@dl/tensor';
import { parseFlags } from './flags.ts';
import { dealFlowers, kinds, loadFlowers, measures } from './flowers.ts';
import { nearestMean } from './nearestMean.ts';
import { Scores } from './scores.ts';
import { accuracy, type Network, train } from './train.ts';

const started = performance.now();
const flags = parseFlags(process.argv.slice(2));
reportErrors();
await startBackend(flags);
if (flags.seed !== undefined) manualSeed(flags.seed);

// 1. The table: 150 iris flowers, four lengths each, of three kinds.
const flowers = loadFlowers();

// 2. The networks: one of three layers, and one of a single layer, known as logistic regression. The loss has the softmax.
const { hidden } = flags;
const networks: Readonly<Record<string, () => Network>> = {
  'Three layers': () =>
    new Sequential(new Linear(measures, hidden), new ReLU(), new Linear(hidden, hidden), new ReLU(), new Linear(hidden, kinds)),
  'One layer': () => new Linear(measures, kinds),
};

// 3. A test on 30 flowers proves little. So the flowers are dealt anew a few times, and each time all begins afresh.
const scores = new Scores();
for (let i = 0; i < flags.splits; i++) {
  const split = dealFlowers(flowers);
  const progress = progressBar(`Split ${i + 1}/${flags.splits}`);
  const profile = profileLastEpoch({ ...flags, epochs: flags.splits }, i);
  progress.start(flags.epochs * Object.keys(networks).length);
  for (const [name, build] of Object.entries(networks)) {
    const model = build();
    await train(model, split, flags, (loss) => progress.step(loss));
    scores.add(name, await accuracy(model, split.test));
  }
  progress.stop();
  scores.add('Nearest mean', await accuracy(nearestMean(split.training), split.test));
  await profile.print();
}
console.log(String(scores));

// 4. The question that comes before any network.
const simpler = ['One layer', 'Nearest mean'].filter((other) => !scores.isBetter('Three layers', other));
if (simpler.length > 0)
  console.log(
    `Three layers are no better here than: ${simpler.join(', ')}. For a table this small, take the simplest, or gradient-boosted trees.`,
  );
console.error(`${((performance.now() - started) / 1000).toFixed(1)} seconds`);
