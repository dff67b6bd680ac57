import type { Tensor } from '@dl/tensor';
import { type Collection, loadPixels, type SourceOptions } from './collection.ts';
import { type ImageTransforms, LabelledImages } from './labelledImages.ts';

/** What `MNIST.load` and `FashionMNIST.load` take. */
export interface MNISTOptions<Image, Target> extends SourceOptions, ImageTransforms<Image, Target> {}

const digits: Collection = {
  name: 'MNIST',
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
  train: {
    images: { name: 'train-images-idx3-ubyte.gz', bytes: 9912422, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
    labels: { name: 'train-labels-idx1-ubyte.gz', bytes: 28881, md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
  },
  test: {
    images: { name: 't10k-images-idx3-ubyte.gz', bytes: 1648877, md5: '9fb629c4189551a2d022fa330f9573f3' },
    labels: { name: 't10k-labels-idx1-ubyte.gz', bytes: 4542, md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
  },
};

const clothes: Collection = {
  name: 'FashionMNIST',
  mirrors: ['http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/', 'https://storage.googleapis.com/tensorflow/tf-keras-datasets/'],
  train: {
    images: { name: 'train-images-idx3-ubyte.gz', bytes: 26421880, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
    labels: { name: 'train-labels-idx1-ubyte.gz', bytes: 29515, md5: '25c81989df183df01b3e8a0aad5dffbe' },
  },
  test: {
    images: { name: 't10k-images-idx3-ubyte.gz', bytes: 4422102, md5: 'bef4ecab320f06d8554ea6380940ec79' },
    labels: { name: 't10k-labels-idx1-ubyte.gz', bytes: 5148, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
  },
};

/**
 * Handwritten digits, 60,000 to train and 10,000 to test, 28 x 28 grey pixels each (LeCun, Cortes and Burges). A sample is an image,
 * uint8 [28, 28] unless `transform` makes something else of it, and its label. PyTorch: `torchvision.datasets.MNIST`.
 *
 * @example
 * const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
 * const digits = await MNIST.load({ root: 'data', train: true, download: true, transform });
 */
export class MNIST<Image = Tensor, Target = number> extends LabelledImages<Image, Target> {
  static readonly classes = [
    '0 - zero',
    '1 - one',
    '2 - two',
    '3 - three',
    '4 - four',
    '5 - five',
    '6 - six',
    '7 - seven',
    '8 - eight',
    '9 - nine',
  ];
  readonly classes: readonly string[] = MNIST.classes;

  /**
   * Loads one half from the IDX files in `root` or `root/MNIST/raw`. With `download` it fetches those that are missing, carries on
   * with what an earlier attempt left, and checks their MD5 sums; where the files are there, nothing is fetched.
   *
   * @throws DataError if a file is missing, is not what it should be, or cannot be fetched; ArgumentError for a `limit` below 1.
   */
  static async load<Image = Tensor, Target = number>(options: MNISTOptions<Image, Target>): Promise<MNIST<Image, Target>> {
    return new MNIST(await loadPixels(digits, options), options);
  }
}

/**
 * Zalando's articles of clothing, in MNIST's form (Xiao, Rasul and Vollgraf, 2017). PyTorch: `torchvision.datasets.FashionMNIST`.
 *
 * @example const clothes = await FashionMNIST.load({ root: 'data', train: false, download: true });
 */
export class FashionMNIST<Image = Tensor, Target = number> extends LabelledImages<Image, Target> {
  static readonly classes = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'];
  readonly classes: readonly string[] = FashionMNIST.classes;

  /** Loads one half from the IDX files in `root` or `root/FashionMNIST/raw`, as `MNIST.load` does. */
  static async load<Image = Tensor, Target = number>(options: MNISTOptions<Image, Target>): Promise<FashionMNIST<Image, Target>> {
    return new FashionMNIST(await loadPixels(clothes, options), options);
  }
}
