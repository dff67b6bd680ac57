import { Conv2d, Dropout, Flatten, Linear, MaxPool2d, Module, ReLU, Sequential } from '@dl/nn';
import type { Tensor } from '@dl/tensor';
import type { ScheduleName } from './schedules.ts';

export type ModelName = 'mlp' | 'cnn';

/** A network, and what is best done with its learning rate. */
interface Choice {
  readonly build: () => DigitClassifier | ConvDigitClassifier;
  readonly schedule: ScheduleName;
}

/** The networks that `--model` can name. */
export const models: Readonly<Record<ModelName, Choice>> = {
  mlp: { build: () => new DigitClassifier(), schedule: 'constant' },
  cnn: { build: () => new ConvDigitClassifier(), schedule: 'one-cycle' },
};

/** Layers of weights, each followed by a nonlinearity. Dropout, active in training only, keeps it from learning by heart. */
class DigitClassifier extends Module {
  layers = new Sequential(
    new Flatten(),
    new Linear(28 * 28, 256),
    new ReLU(),
    new Dropout(0.2),
    new Linear(256, 128),
    new ReLU(),
    new Dropout(0.2),
    new Linear(128, 10),
  );

  override forward(x: Tensor): Tensor {
    return this.layers(x);
  }
}

/**
 * Filters of 3 x 3 pixels slide across the image: what they learn to see in one place they see everywhere. Pooling halves height
 * and width, twice: 28, 14, 7.
 */
class ConvDigitClassifier extends Module {
  convLayers = new Sequential(
    new Conv2d(1, 32, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(32, 64, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
  );
  fcLayers = new Sequential(new Flatten(), new Linear(64 * 7 * 7, 128), new ReLU(), new Dropout(0.5), new Linear(128, 10));

  override forward(x: Tensor): Tensor {
    return this.fcLayers(this.convLayers(x));
  }
}
