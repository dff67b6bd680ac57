import { DataError } from '@dl/tensor';
import { checkInteger, describe, formatShape } from '@dl/tensor/internal';
import { loadIdx } from '../idx/idx.ts';
import { nodeModules } from '../nodeModules.ts';
import { type DownloadProgress, download, type RemoteFile } from './download.ts';

/** Four IDX files: images and labels, to train and to test. */
export interface Collection {
  readonly name: string;
  readonly mirrors: readonly string[];
  readonly train: Pair;
  readonly test: Pair;
}

/** The gzipped files of one half, as mirrors keep them. */
interface Pair {
  readonly images: RemoteFile;
  readonly labels: RemoteFile;
}

/** Where the files are, and how many samples of them are wanted. */
export interface SourceOptions {
  /** The folder of the four IDX files, plain or gzipped, or the one above `<name>/raw`. */
  readonly root: string;
  /** The training half (the default), or the test half. */
  readonly train?: boolean;
  /** Fetch files that are missing, into `<name>/raw`. Default false. */
  readonly download?: boolean;
  /** Only the first samples, at most so many. */
  readonly limit?: number;
  /** Told how far a download has come. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Folders to fetch from, in place of the public ones; each address ends with a slash. */
  readonly mirrors?: readonly string[];
}

/** Bytes of images one after the other, and a label for each. */
export interface Pixels {
  readonly images: Uint8Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

/** Height and width of an image of the collections. */
export const imageSize = 28;
/** How many labels there are: 0 to 9. */
const classCount = 10;

/** Loads one half of a collection: both files must have the right form and agree. */
export async function loadPixels(collection: Collection, options: SourceOptions): Promise<Pixels> {
  const { root, train = true, limit } = options;
  if (typeof root !== 'string' || root === '')
    throw new DataError(`${collection.name}: root must be the path of a folder; got ${describe(root)}`);
  if (limit !== undefined) checkInteger(collection.name, 'limit', limit, 1);
  const { images: imageFile, labels: labelFile } = train ? collection.train : collection.test;
  const images = await loadBytes(
    await locate(collection, imageFile, options),
    [imageSize, imageSize],
    `${imageSize} x ${imageSize} images`,
  );
  const labels = await loadBytes(await locate(collection, labelFile, options), [], 'labels');
  checkLabels(images, labels);
  const count = Math.min(labels.count, limit ?? labels.count);
  // A copy of the few frees the many.
  const kept = count < images.count ? images.data.slice(0, count * imageSize * imageSize) : images.data;
  return { images: kept, labels: Int32Array.from(labels.data.subarray(0, count)) };
}

// ---------------------------------------------------------------------------------------------------------------------

/** The path of a file, fetched first if that is wanted. */
async function locate({ name, mirrors: known }: Collection, file: RemoteFile, options: SourceOptions): Promise<string> {
  const { root, download: wanted = false, mirrors = known, onProgress } = options;
  const plain = file.name.replace(/\.gz$/, '');
  const raw = `${root}/${name}/raw`;
  for (const folder of [root, raw]) {
    for (const path of [`${folder}/${plain}`, `${folder}/${file.name}`]) if (await exists(path)) return path;
  }
  if (!wanted) {
    const fix = 'Pass download: true to fetch it, or put the four IDX files into one of these folders';
    throw new DataError(`${name}: ${plain} (or ${file.name}) must be in ${root} or ${raw}; got neither. ${fix}`);
  }
  await download(raw, file, { mirrors, onProgress });
  return `${raw}/${file.name}`;
}

async function exists(path: string): Promise<boolean> {
  const { stat } = await nodeModules.files();
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

interface Bytes {
  readonly path: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

/** An IDX file of bytes, one or more samples of the given shape. */
async function loadBytes(path: string, sample: readonly number[], what: string): Promise<Bytes> {
  const { data, shape } = await loadIdx(path);
  const [count = 0, ...rest] = shape;
  if (!(data instanceof Uint8Array) || String(rest) !== String(sample) || count === 0) {
    const wanted = `[N${sample.map((size) => `, ${size}`).join('')}]`;
    throw new DataError(
      `${path}: must hold ${what}, ${wanted} of uint8 with N from 1 up; got ${formatShape(shape)} in a ${data.constructor.name}`,
    );
  }
  return { path, data, count };
}

function checkLabels(images: Bytes, labels: Bytes): void {
  if (images.count !== labels.count) {
    throw new DataError(
      `${labels.path}: there must be a label for each of the ${images.count} images of ${images.path}; got ${labels.count} labels`,
    );
  }
  const at = labels.data.findIndex((label) => label >= classCount);
  if (at >= 0) throw new DataError(`${labels.path}: labels must be in [0, ${classCount - 1}]; got ${labels.data[at]} as label ${at}`);
}
