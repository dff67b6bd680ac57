/** Products of matrices: what decides how their work is cut. */
export interface MatrixWork {
  readonly rows: number;
  readonly columns: number;
  /** Products that each element sums. */
  readonly depth: number;
  readonly batch: number;
  /** Whether the left factor is stored by columns, the right one by rows of its transpose: then they are transposed on the way. */
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** How the work of all products is cut into pieces: by shape alone, so that the bits never depend on the number of threads. */
export interface MatrixPartition {
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  /** Parts of the depth, whose sums are added up at the end. */
  readonly splits: number;
  /** Products of the batch that are one piece. */
  readonly group: number;
}

/** Cycles of one core of 32 multiply-adds a cycle. */
const cycles = {
  /** Fetching a piece, and waking its data up. */
  piece: 2500,
  /** For an element of a factor that is read in place, packed, or transposed on the way. */
  inPlace: 0.06,
  packed: 0.26,
  transposed: 0.3,
  /** Until all threads have ended a phase. */
  meeting: 3000,
  /** For an element that is added up at the end. */
  added: 1.5,
};
const rowUnit = 8;
const columnUnit = 16;
const depthUnit = 16;
/** A right factor that meets so few rows is read in place, unless it is so deep that its rows crowd into few sets of a cache. */
const rowsInPlace = 96;
const elementsInPlace = 10_240;
const mostApart = 1024;
const blockDepth = 384;
/** Less work than this is one piece; more work than this times the most pieces makes larger pieces. */
const leastPieceCycles = 8000;
const mostPieces = 64;
/** Parts of the depth shorter than this do not pay, nor do sums of their own for so many elements. */
const leastDepth = 512;
const mostSplitElements = 2 ** 16;
/** What follows elementwise wants long rows, where the result is too large for the caches. */
const wideColumns = 256;
const largeResult = 2 ** 18;
/** A cut should suit teams of so many threads, small ones above all. */
const teams = [
  { threads: 1, weight: 4 },
  { threads: 2, weight: 4 },
  { threads: 4, weight: 2 },
  { threads: 8, weight: 1 },
] as const;

/** The cut that takes the least time of all threads, on the average over teams. */
export function partitionMatrix(work: MatrixWork): MatrixPartition {
  const { batch } = work;
  const whole = pieceCycles(work, 1, 1, 1);
  const group = Math.max(1, Math.min(batch, Math.floor(leastPieceCycles / whole)));
  let best: MatrixPartition = { rowBlocks: 1, columnBlocks: 1, splits: 1, group };
  if (group > 1) return best;
  const most = Math.min(mostPieces, Math.floor(whole / leastPieceCycles));
  let least = totalCycles(work, best);
  for (const partition of partitions(work, most)) {
    const total = totalCycles(work, partition);
    if (total >= least) continue;
    best = partition;
    least = total;
  }
  return best;
}

/** Every cut into at most so many pieces; the depth only in halves, quarters …. */
function* partitions({ rows, columns, depth }: MatrixWork, most: number): Generator<MatrixPartition> {
  const leastColumns = rows * columns > largeResult ? wideColumns : columnUnit;
  const mostRows = Math.min(most, Math.ceil(rows / rowUnit));
  const mostColumns = Math.max(1, Math.min(most, Math.floor(columns / leastColumns), Math.ceil(columns / columnUnit)));
  const mostSplits = rows * columns > mostSplitElements ? 1 : Math.max(1, Math.min(most, Math.floor(depth / leastDepth)));
  for (let splits = 1; splits <= mostSplits; splits *= 2)
    for (let rowBlocks = 1; rowBlocks <= mostRows && rowBlocks * splits <= most; rowBlocks++)
      for (let columnBlocks = 1; columnBlocks <= mostColumns && rowBlocks * splits * columnBlocks <= most; columnBlocks++)
        yield { rowBlocks, columnBlocks, splits, group: 1 };
}

/** Of all threads: working, and waiting for the last ones, which are never quite as fast as the others. */
function totalCycles(work: MatrixWork, { rowBlocks, columnBlocks, splits }: MatrixPartition): number {
  const pieces = work.batch * rowBlocks * columnBlocks * splits;
  const piece = pieceCycles(work, rowBlocks, columnBlocks, splits);
  const added = splits > 1 ? work.batch * work.rows * work.columns * splits * cycles.added : 0;
  const meeting = splits > 1 ? cycles.meeting : 0;
  return teams.reduce((sum, { threads, weight }) => {
    const idle = ((threads - 1) * piece) / 4;
    return sum + weight * (threads * (Math.ceil(pieces / threads) * piece + meeting) + idle + added);
  }, 0);
}

/** The time of the largest piece. */
function pieceCycles(work: MatrixWork, rowBlocks: number, columnBlocks: number, splits: number): number {
  const rows = largestPart(work.rows, rowBlocks, rowUnit);
  const columns = largestPart(work.columns, columnBlocks, columnUnit);
  const depth = largestPart(work.depth, splits, depthUnit);
  const left = work.transposeA ? cycles.transposed : cycles.inPlace;
  const right = work.transposeB ? cycles.transposed : isInPlace(rows, work) ? cycles.inPlace : cycles.packed;
  return cycles.piece + depth * (rows * cyclesAcross(columns) + rows * left + columns * right);
}

function isInPlace(rows: number, { columns, depth }: MatrixWork): boolean {
  const apart = Math.min(columns & -columns, mostApart);
  return rows <= rowsInPlace && Math.min(depth, blockDepth) * apart <= elementsInPlace;
}

/** Cycles for one row, one product deep: three or four vectors of columns at a time are fast, one or two wait for loads. */
function cyclesAcross(columns: number): number {
  const vectors = Math.ceil(columns / columnUnit);
  if (vectors === 1) return 0.95;
  return vectors / 2 / (vectors === 2 ? 0.88 : vectors === 5 ? 0.93 : 0.96);
}

function largestPart(total: number, parts: number, unit: number): number {
  return Math.min(total, Math.ceil(Math.ceil(total / unit) / parts) * unit);
}
