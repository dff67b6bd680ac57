import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@dl/tensor';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DownloadProgress, download, type RemoteFile } from './download.ts';

const content = randomBytes(200_000);
const file: RemoteFile = { name: 'digits.gz', bytes: content.length, md5: createHash('md5').update(content).digest('hex') };

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What each folder of the server does. */
const behaviours: Readonly<Record<string, Handler>> = {
  good: (request, response) => {
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    if (from === undefined) return void response.writeHead(200, { 'content-length': content.length }).end(content);
    const begin = Number(from);
    if (begin >= content.length) return void response.writeHead(416).end();
    response.writeHead(206, { 'content-range': `bytes ${begin}-${content.length - 1}/${content.length}` }).end(content.subarray(begin));
  },
  noRanges: (_, response) => void response.writeHead(200).end(content),
  wrongRange: (request, response) => {
    if (request.headers.range === undefined) return void response.writeHead(200).end(content);
    response.writeHead(206, { 'content-range': `bytes 7-${content.length - 1}/${content.length}` }).end(content.subarray(7));
  },
  refusesRanges: (request, response) => void (request.headers.range === undefined ? response.end(content) : response.writeHead(416).end()),
  missing: (_, response) => void response.writeHead(404).end('nothing here'),
  broken: (_, response) => void response.writeHead(500).end(),
  wrong: (_, response) => void response.end(randomBytes(content.length)),
  longer: (_, response) => void response.end(Buffer.concat([content, content])),
  shorter: (_, response) => void response.end(content.subarray(0, 1000)),
  empty: (_, response) => void response.end(),
  cuts: (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    // Time to read what came: a stream that fails throws away what still waits in it, and how much that is differs between versions of Node.
    response.write(content.subarray(0, 120_000), () => void setTimeout(() => response.destroy(), 100));
  },
};

let server: Server;
let address = '';
let folder = '';
const requests: { readonly place: string; readonly range: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const place = request.url?.split('/')[1] ?? '';
    requests.push({ place, range: request.headers.range });
    behaviours[place]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  requests.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'dl-download-'));
  return () => rm(folder, { recursive: true });
});

const from = (...places: readonly string[]): { mirrors: string[] } => ({ mirrors: places.map((place) => `${address}/${place}/`) });
const arrived = async (): Promise<boolean> => (await readFile(join(folder, file.name))).equals(content);

describe('download', () => {
  test('fetches a file, tells how far it is, and leaves nothing else', async () => {
    const seen: DownloadProgress[] = [];
    await download(folder, file, { ...from('good'), onProgress: (progress) => seen.push(progress) });
    expect(await arrived()).toBe(true);
    expect(await readdir(folder)).toEqual([file.name]);
    expect(seen.at(-1)).toEqual({ file: file.name, received: content.length, total: content.length });
    expect(seen.every(({ received }, i) => i === 0 || received > (seen[i - 1]?.received ?? 0))).toBe(true);
  });

  test('makes the folder', async () => {
    await download(join(folder, 'a/b'), file, from('good'));
    expect(await readdir(join(folder, 'a/b'))).toEqual([file.name]);
  });

  test.each(['missing', 'broken', 'wrong', 'longer', 'shorter', 'empty', 'cuts'])(
    'goes on to the next mirror where the first is %s',
    async (first) => {
      await download(folder, file, from(first, 'good'));
      expect(await arrived()).toBe(true);
      expect(await readdir(folder)).toEqual([file.name]);
    },
  );

  test('the next mirror carries on where the first was cut', async () => {
    await download(folder, file, from('cuts', 'good'));
    expect(requests).toEqual([
      { place: 'cuts', range: undefined },
      { place: 'good', range: 'bytes=120000-' },
    ]);
    expect(await arrived()).toBe(true);
  });

  test('a later attempt carries on where an earlier one was cut', async () => {
    await expect(download(folder, file, from('cuts'))).rejects.toThrow(DataError);
    expect(await readdir(folder)).toEqual([`${file.name}.part`]);
    const seen: number[] = [];
    await download(folder, file, { ...from('good'), onProgress: ({ received }) => seen.push(received) });
    expect(requests.at(-1)?.range).toBe('bytes=120000-');
    expect(seen[0]).toBeGreaterThan(120_000);
    expect(await arrived()).toBe(true);
  });

  test.each(['noRanges', 'wrongRange', 'refusesRanges'])('begins anew at a server that has %s', async (place) => {
    await writeFile(join(folder, `${file.name}.part`), content.subarray(0, 5000));
    await download(folder, file, from(place));
    expect(await arrived()).toBe(true);
  });

  test.each([
    ['shorter', 5000],
    ['as long', content.length],
    ['longer', content.length + 1],
  ])('begins anew where rubbish lies in the way, %s than the file', async (_, length) => {
    await writeFile(join(folder, `${file.name}.part`), Buffer.alloc(length));
    await download(folder, file, from('good'));
    expect(await arrived()).toBe(true);
    expect(await readdir(folder)).toEqual([file.name]);
  });

  test('takes a part that is complete without asking anybody', async () => {
    await writeFile(join(folder, `${file.name}.part`), content);
    await download(folder, file, from('good'));
    expect(requests).toEqual([]);
    expect(await arrived()).toBe(true);
  });

  test('says what went wrong at each mirror, and leaves nothing half-written', async () => {
    const closed = 'http://127.0.0.1:1/';
    const failing = download(folder, file, { mirrors: [...from('missing', 'wrong', 'longer').mirrors, closed] });
    await expect(failing).rejects.toThrow(DataError);
    const message = await failing.catch((error: Error) => error.message);
    expect(message).toMatch(/^digits.gz: must come from one of the mirrors; got\n/);
    expect(message).toMatch(/missing\/digits.gz: HTTP 404 Not Found\n/);
    expect(message).toMatch(/wrong\/digits.gz: its MD5 sum must be [0-9a-f]{32}; got [0-9a-f]{32}\n/);
    expect(message).toMatch(/longer\/digits.gz: it must have 200000 bytes; got more\n/);
    expect(message).toMatch(/127.0.0.1:1\/digits.gz: fetch failed/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('says so where the folder cannot be made', async () => {
    await writeFile(join(folder, 'taken'), '');
    await expect(download(join(folder, 'taken'), file, from('good'))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});
