import { formatShape } from '@dl/tensor/internal';
import type { Summary, SummaryRow } from './summary.ts';

const headings = ['Layer (type)', 'Output shape', 'Parameters', 'Mult-adds'];

/** A summary as a table, of so many levels of modules. */
export function summaryTable(summary: Omit<Summary, 'toString'>, depth: number): string {
  const cells = summary.rows.filter((row) => row.depth <= depth).map(cellsOf);
  const widths = headings.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = '='.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const layOut = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line, layOut(headings), line, ...cells.map(layOut), line, ...totalsOf(summary), line].join('\n');
}

function cellsOf({ name, type, depth, outputShapes, parameters, multiplyAdds }: SummaryRow): string[] {
  const own = name.split('.').at(-1) ?? '';
  return [
    depth === 0 ? type : `${'  '.repeat(depth)}${own} (${type})`,
    outputShapes === null ? '' : outputShapes.map(formatShape).join(' '),
    parameters === 0 ? '' : grouped(parameters),
    multiplyAdds === 0 ? '' : grouped(multiplyAdds),
  ];
}

function totalsOf(summary: Omit<Summary, 'toString'>): string[] {
  const { totalParameters, trainableParameters, totalMultiplyAdds, inputBytes, outputBytes, parameterBytes, totalBytes } = summary;
  return [
    `Parameters: ${grouped(totalParameters)}, of which ${grouped(trainableParameters)} are trained`,
    `Mult-adds: ${grouped(totalMultiplyAdds)}`,
    `Memory: ${megabytes(totalBytes)} MB (inputs ${megabytes(inputBytes)}, forward and backward ${megabytes(outputBytes)}, parameters ${megabytes(parameterBytes)})`,
  ];
}

/** A number with commas between thousands. */
function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
