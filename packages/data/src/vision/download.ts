import { withFile } from '@dl/formats/internal';
import { DataError } from '@dl/tensor';
import { nodeModules } from '../nodeModules.ts';

/** A file that others keep for us. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  readonly md5: string;
}

/** How far a download has come. */
export interface DownloadProgress {
  readonly file: string;
  /** Bytes that are here, those of an earlier attempt included. */
  readonly received: number;
  readonly total: number;
}

/** What `download` takes. */
export interface DownloadOptions {
  /** Addresses of folders, tried in their order; each ends with a slash. */
  readonly mirrors: readonly string[];
  /** Called as bytes arrive. */
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Fetches a file into a folder, which is made if it is missing. What arrives goes to `<name>.part`, from where a later attempt, or the next
 * mirror, carries on; the file gets its name when all of it is there and its MD5 sum is right.
 *
 * @throws DataError with what went wrong at each mirror.
 */
export async function download(folder: string, file: RemoteFile, { mirrors, onProgress }: DownloadOptions): Promise<void> {
  const { mkdir } = await nodeModules.files();
  const part = `${folder}/${file.name}.part`;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      await mkdir(folder, { recursive: true });
      return await fetchFrom(`${mirror}${file.name}`, { file, part, target: `${folder}/${file.name}`, onProgress });
    } catch (error) {
      failures.push(`${mirror}${file.name}: ${reasonOf(error)}`);
    }
  }
  throw new DataError(`${file.name}: must come from one of the mirrors; got\n${failures.map((line) => `  ${line}`).join('\n')}`);
}

// ---------------------------------------------------------------------------------------------------------------------

interface Job {
  readonly file: RemoteFile;
  readonly part: string;
  readonly target: string;
  readonly onProgress: DownloadOptions['onProgress'];
}

async function fetchFrom(url: string, job: Job): Promise<void> {
  const { rename, rm } = await nodeModules.files();
  const begin = await bytesOf(job.part);
  if (begin !== job.file.bytes) await receive(url, job, begin < job.file.bytes ? begin : 0);
  const md5 = await md5Of(job.part);
  if (md5 === job.file.md5) return rename(job.part, job.target);
  await rm(job.part);
  // What an earlier attempt left may have been at fault.
  if (begin > 0) return fetchFrom(url, job);
  throw new Error(`its MD5 sum must be ${job.file.md5}; got ${md5}`);
}

/** Receives what is missing from `begin` on, or everything where the server does not know ranges. */
async function receive(url: string, job: Job, begin: number): Promise<void> {
  const { open, rm } = await nodeModules.files();
  const response = await request(url, begin);
  const start = response.status === 206 ? begin : 0;
  const part = await open(job.part, start > 0 ? 'a' : 'w');
  let received = start;
  try {
    for await (const chunk of response.body ?? []) {
      received += chunk.length;
      if (received > job.file.bytes) break;
      await part.writeFile(chunk);
      job.onProgress?.({ file: job.file.name, received, total: job.file.bytes });
    }
    await part.sync();
  } finally {
    await part.close();
  }
  if (received === job.file.bytes) return;
  if (received > job.file.bytes) await rm(job.part);
  throw new Error(`it must have ${job.file.bytes} bytes; got ${received > job.file.bytes ? 'more' : `an end after ${received}`}`);
}

async function request(url: string, begin: number): Promise<Response> {
  const range: Record<string, string> = begin > 0 ? { range: `bytes=${begin}-` } : {};
  // The file is compressed: a server that offers to pack it again would change its sum.
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...range } });
  const isPart = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${begin}-`) === true;
  if (response.status === 200 || isPart) return response;
  await response.body?.cancel();
  if (begin > 0 && (response.status === 206 || response.status === 416)) return request(url, 0);
  throw new Error(`HTTP ${response.status} ${response.statusText}`);
}

async function bytesOf(path: string): Promise<number> {
  const { stat } = await nodeModules.files();
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function md5Of(path: string): Promise<string> {
  const { createHash } = await nodeModules.crypto();
  const hash = createHash('md5');
  await withFile(path, async ({ size, read }) => {
    for (let at = 0; at < size; at += 2 ** 20) hash.update(await read(at, Math.min(2 ** 20, size - at)));
  });
  return hash.digest('hex');
}

/** `fetch` hides the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
