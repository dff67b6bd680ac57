// A network that reads e-mails, word by word and in both directions, and says which are spam. Run it with `npm run spam`, or
// `npm run spam -- --help` for its flags.
import { noGrad } from '@dl/autograd';
import { profileLastEpoch, progressBar, reportErrors, startBackend } from '@dl/example-common';
import { saveSafetensors } from '@dl/formats';
import { CrossEntropyLoss, Dropout, Embedding, GRU, init, Linear, LSTM, Module, RNN, utils } from '@dl/nn';
import { Adam, clipGradNorm } from '@dl/optim';
import { cat, Generator, manualSeed, type Tensor } from '@dl/tensor';
import { Confusion, percent } from './confusion.ts';
import { loadCorpus } from './corpus.ts';
import { spamFlags } from './flags.ts';
import { type MailBatch, mailLoader } from './mailLoader.ts';
import { stratifiedSplit } from './stratifiedSplit.ts';
import { Vocabulary } from './vocabulary.ts';

const started = performance.now();
const flags = spamFlags(process.argv.slice(2));
reportErrors();
await startBackend(flags);
if (flags.seed !== undefined) manualSeed(flags.seed);

// 1. The data: e-mails as lists of tokens. Training sees eight of ten; validation says when to stop, the test how good the result is.
const mails = new Generator().shuffle(loadCorpus(flags.maxLength)).slice(0, flags.limit);
const [training = [], validation = [], test = []] = stratifiedSplit(mails, ({ isSpam }) => isSpam, [0.8, 0.1, 0.1]);
const vocabulary = new Vocabulary(
  training.map(({ tokens }) => tokens),
  flags.vocabulary,
);
const trainLoader = mailLoader(training, vocabulary, { batchSize: flags.batchSize, shuffle: true });
const validationLoader = mailLoader(validation, vocabulary, { batchSize: 128, shuffle: false });
const testLoader = mailLoader(test, vocabulary, { batchSize: 128, shuffle: false });
const spam = mails.filter(({ isSpam }) => isSpam).length;
console.log(
  `Mails: ${mails.length}, of them ${spam} spam; ${training.length} to train, ${validation.length} to validate, ${test.length} to test`,
);

// 2. The model: each token becomes a vector, and a recurrent layer reads these from both ends. What it has in mind at the end of either
// way, a linear layer judges. Packing keeps padding out of it.
const cells = { rnn: RNN, lstm: LSTM, gru: GRU };

class SequenceClassifier extends Module {
  embedding = new Embedding(vocabulary.size, 64);
  recurrent = new cells[flags.cell](64, 128, { batchFirst: true, bidirectional: true });
  dropout = new Dropout(0.5);
  classifier = new Linear(2 * 128, 2);

  constructor() {
    super();
    // Rare words are hardly ever trained: at the usual spread of 1 they would drown the others.
    init.normal(this.embedding.weight, { std: 0.1 });
  }

  forward(tokens: Tensor, lengths: Int32Array) {
    const embedded = this.dropout(this.embedding(tokens));
    const packed = utils.rnn.packPaddedSequence(embedded, lengths, { batchFirst: true, enforceSorted: false });
    const hidden = this.recurrent instanceof LSTM ? this.recurrent(packed)[1][0] : this.recurrent(packed)[1];
    return this.classifier(this.dropout(cat([hidden.select(0, 0), hidden.select(0, 1)], { dim: 1 })));
  }
}

const model = new SequenceClassifier();
const criterion = new CrossEntropyLoss();
const optimizer = new Adam(model.parameters(), { lr: flags.lr });

// 3. Training: as ever, but that long gradients are cut, which recurrent layers need. The best of the epochs is kept.
let best = { epoch: 0, accuracy: 0, state: model.stateDict() };
for (let epoch = 0; epoch < flags.epochs; epoch++) {
  const progress = progressBar(`Epoch ${epoch + 1}/${flags.epochs}`);
  const profile = profileLastEpoch(flags, epoch);
  progress.start(trainLoader.length);
  model.train();
  let runningLoss = 0;
  for await (const { tokens, lengths, labels } of trainLoader) {
    optimizer.zeroGrad();
    const loss = criterion(model(tokens, lengths), labels);
    loss.backward();
    clipGradNorm(model.parameters(), 1);
    await optimizer.step();
    const value = await loss.item();
    runningLoss += value;
    progress.step(value);
  }
  progress.stop();
  await profile.print();
  const { accuracy } = await judge(validationLoader);
  console.log(
    `Epoch ${epoch + 1}/${flags.epochs} - Loss: ${(runningLoss / trainLoader.length).toFixed(4)} - Validation accuracy: ${percent(accuracy)}`,
  );
  if (accuracy > best.accuracy) best = { epoch, accuracy, state: model.stateDict() };
}
model.loadStateDict(best.state);
if (flags.save !== undefined) await saveSafetensors(flags.save, model.stateDict(), { metadata: { format: 'pt' } });

// 4. The test, of the best epoch: mails that nothing has been fitted to.
const result = await judge(testLoader);
console.log(`Test accuracy: ${percent(result.accuracy)} (epoch ${best.epoch + 1})\n${result}`);
console.error(`${((performance.now() - started) / 1000).toFixed(1)} seconds`);

/** What the model takes mails for. */
async function judge(loader: AsyncIterable<MailBatch>): Promise<Confusion> {
  model.eval();
  const confusion = new Confusion();
  for await (const { tokens, lengths, labels } of loader) {
    const predicted = await noGrad(() => model(tokens, lengths).argmax({ dim: 1 })).data();
    const actual = await labels.data();
    for (const [i, label] of actual.entries()) confusion.add(label, predicted[i] ?? 0);
  }
  return confusion;
}
