import type { Timing } from '../timing.ts';
import type { Results } from './results.ts';

/** Everything that was timed, in milliseconds: a line for each case, a column for each program, mode and number of threads. */
export function timingsTable({ ours, pytorch, wasm, tfjs }: Results): readonly (readonly string[])[] {
  const cells = [
    ...ours.map((timing) => ({ timing, column: `ours ${timing.threads}` })),
    ...pytorch.map((timing) => ({ timing, column: `PyTorch ${timing.mode ?? 'eager'} ${timing.threads}` })),
    ...wasm.map((timing) => ({ timing, column: 'ours, wasm 1' })),
    ...tfjs.map((timing) => ({ timing, column: 'TensorFlow.js, wasm 1' })),
  ];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const titles = [...new Set(cells.map(({ timing }) => titleOf(timing)))];
  const at = (title: string, column: string) => cells.find((cell) => cell.column === column && titleOf(cell.timing) === title)?.timing.ms;
  return [['', ...columns], ...titles.map((title) => [title, ...columns.map((column) => millis(at(title, column)))])];
}

function titleOf({ case: name, phase, batch }: Timing): string {
  return [name, ...(phase === undefined ? [] : [phase]), ...(batch === undefined ? [] : [`batch ${batch}`])].join(' ');
}

function millis(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}
