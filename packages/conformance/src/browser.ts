import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** Chromium, as `CHROMIUM` names it or as the path has it; undefined if there is none. */
export const chromium: string | undefined = [process.env.CHROMIUM ?? '', ...programs()].find((path) => path !== '' && existsSync(path));

function programs(): string[] {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

/** Runs a module in a page of `program`, and returns what it POSTs to `/done`. */
export async function runInBrowser(program: string, script: string, limit: number): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'dl-browser-'));
  let resolve = (_: string) => {};
  let reject = (_: Error) => {};
  const done = new Promise<string>((...settlers) => {
    [resolve, reject] = settlers;
  });
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') resolve(await textOf(request));
    const isScript = request.url === '/script.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script type="module" src="/script.js"></script>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const page = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`];
  const browser = spawn(program, [...flags, page], { stdio: 'ignore' });
  const ended = new Promise<void>((closed) => browser.once('close', () => closed()));
  const timer = setTimeout(() => reject(new Error(`the page says nothing within ${limit} ms`)), limit);
  browser.once('error', (error) => reject(error));
  try {
    return await done;
  } finally {
    clearTimeout(timer);
    browser.kill('SIGKILL');
    await ended;
    server.close();
    server.closeAllConnections();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
