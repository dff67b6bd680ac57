import type { Peak } from '../engine/engine.ts';
import type { ProfileEntry } from './profile.ts';

/** A profile as a table for a terminal. */
export function formatProfile(entries: readonly ProfileEntry[], seconds: number, peak: Peak): string {
  const busy = entries.reduce((sum, entry) => sum + entry.seconds, 0);
  const head = ['step', 'calls', 'ms', 'share', 'GFLOP/s', 'of peak', 'GB/s', 'of peak'];
  const rows = entries.map((entry) => rowOf(entry, busy, peak));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  const rest = `plans ${milliseconds(busy)} ms, program ${milliseconds(Math.max(0, seconds - busy))} ms`;
  const limits = `peak: ${(peak.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s, ${(peak.bytesPerSecond / 1e9).toFixed(1)} GB/s`;
  return [line(head), ...rows.map(line), rest, limits].join('\n');
}

function rowOf({ name, calls, seconds, flops, bytes }: ProfileEntry, busy: number, peak: Peak): string[] {
  return [
    name,
    String(calls),
    milliseconds(seconds),
    percent(seconds / busy),
    (flops / seconds / 1e9).toFixed(1),
    percent(flops / seconds / peak.flopsPerSecond),
    (bytes / seconds / 1e9).toFixed(1),
    percent(bytes / seconds / peak.bytesPerSecond),
  ];
}

function milliseconds(seconds: number): string {
  return (seconds * 1e3).toFixed(3);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
