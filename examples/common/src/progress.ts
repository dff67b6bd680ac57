import { SingleBar } from 'cli-progress';

/** How far an epoch is. */
export interface Progress {
  /** `total` steps are to come. */
  start(total: number): void;
  /** One more is done, with this loss. */
  step(loss: number): void;
  stop(): void;
}

/** Shows on a terminal how far an epoch is; anywhere else it shows nothing. */
export function progressBar(label: string): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} · loss {loss} · {eta_formatted} left`,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    start: (total) => bar.start(total, 0, { loss: '…' }),
    step: (loss) => bar.increment({ loss: loss.toFixed(4) }),
    stop: () => bar.stop(),
  };
}
