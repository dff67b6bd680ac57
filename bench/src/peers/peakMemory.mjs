// Preloaded into every Node process of a job: at its end each adds the most memory it had, in kilobytes, to a file.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.DL_PEAK_MEMORY;
if (file !== undefined && isMainThread) process.on('exit', () => appendFileSync(file, `${process.resourceUsage().maxRSS}\n`));
