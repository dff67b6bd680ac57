import { SingleBar } from 'cli-progress';

/** Shows on a terminal how far an epoch is; anywhere else it shows nothing. */
export function progressBar(label: string): { start(total: number): void; step(loss: number): void; stop(): void } {
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
