import type { Row, Target } from './rows.ts';

/** Titles of the columns, and the rows as texts. */
export function rowTable(rows: readonly Row[]): readonly (readonly string[])[] {
  return [['', 'ours', "peer's best", 'ratio', 'at least', 'goal', '', 'arithmetic alone', 'memory alone'], ...rows.map(cellsOf)];
}

/** Aligned for a terminal. */
export function textTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  const padded = lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return padded.map((cells) => cells.join('  ').trimEnd()).join('\n');
}

/** In Markdown. */
export function markdownTable([head = [], ...lines]: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

// ---------------------------------------------------------------------------------------------------------------------

function cellsOf({ title, ours, peer, ratio, target, floors }: Row): readonly string[] {
  const figure = (value: number) => figureOf(value, target);
  return [
    title,
    ours || '–',
    peer || '–',
    ratio === null ? '–' : figure(ratio),
    figure(target.atLeast),
    figure(target.goal),
    verdict(ratio, target),
    millis(floors?.arithmetic),
    millis(floors?.memory),
  ];
}

function figureOf(value: number, { unit }: Target): string {
  if (unit === '%') return `${(100 * value).toFixed(0)} %`;
  return `${value.toFixed(unit === 's' ? 1 : 2)}${unit === '' ? '' : ` ${unit}`}`;
}

function verdict(ratio: number | null, { atLeast, goal, better }: Target): string {
  if (ratio === null) return '';
  const reaches = (limit: number) => (better === 'less' ? ratio <= limit : ratio >= limit);
  if (reaches(goal)) return 'goal';
  return reaches(atLeast) ? 'met' : 'missed';
}

function millis(value: number | undefined): string {
  return value === undefined ? '' : `${value >= 1 ? value.toFixed(1) : value.toPrecision(2)} ms`;
}
