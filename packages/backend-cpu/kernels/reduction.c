// sum, prod, amax and amin over any dims. The encoder has merged neighbouring dims that are all reduced or all kept, so that an
// output is folded from `outerCount` places that are `outerStrides` apart, at each of which lie `count` rows of `width`
// neighbours: one row a kept element, or of one element each where the last dim is reduced.
//
// With a chain, what is reduced is the value of the chain over its loop instead of the first operand. The operands are then the
// chain's inputs and the output.
#include "chain.h"
#include "fold.h"
#include "walk.h"

typedef struct Reduction {
  const Fold *fold;
  int32_t keptRank, outerRank;
  // Outputs are `keptCount` rows of `width`.
  int32_t keptCount, width;
  int32_t outerCount, count, stride;
  // How the work is cut: outputs into groups of kept places and tiles of columns, what is folded into splits of so many rows.
  int32_t group, tile, splits, splitRows;
  // The operand that is the output, and where the chain's params begin, or 0.
  int32_t inputs, chain;
  const int32_t *keptSizes, *keptStrides, *outerSizes, *outerStrides;
} Reduction;

enum { PARAMS = 15, MOST_TOTALS = 2048, FINISHED_TOTALS = 1024, BUFFERED = 2048 };
// Short rows, so many at a time; short lines.
enum { SHORT = 24, TOGETHER = 16 };

// Where elements come from.
typedef struct Source {
  const char *x;
  Chain *chain;
  char *buffer;
} Source;

static Reduction reductionOf(const int32_t *p) {
  const int32_t *lists = p + PARAMS;
  return (Reduction){.fold = foldOf(p[0], p[1]),
                     .keptRank = p[2],
                     .outerRank = p[3],
                     .keptCount = p[4],
                     .width = p[5],
                     .outerCount = p[6],
                     .count = p[7],
                     .stride = p[8],
                     .group = p[9],
                     .tile = p[10],
                     .splits = p[11],
                     .splitRows = p[12],
                     .inputs = p[13],
                     .chain = p[14],
                     .keptSizes = lists,
                     .keptStrides = lists + p[2],
                     .outerSizes = lists + 2 * p[2],
                     .outerStrides = lists + 2 * p[2] + p[3]};
}

static void fill(Partial *totals, Partial value, int64_t count) {
  for (int64_t i = 0; i < count; i++) totals[i] = value;
}

// Rows so short that vectors would be wasted, but without gaps: sixteen at a time as one.
static void foldShortRows(const Fold *fold, Partial *totals, const char *x, int64_t rows, int64_t width) {
  Partial wide[TOGETHER * SHORT];
  const int64_t groups = rows / TOGETHER;
  fill(wide, fold->initial, TOGETHER * width);
  fold->rows(wide, x, groups, TOGETHER * width, TOGETHER * width);
  for (int64_t i = 0; i < TOGETHER; i++) fold->merge(totals, wide + i * width, width);
  fold->rows(totals, x + groups * TOGETHER * width * fold->bytes, rows - groups * TOGETHER, width, width);
}

static void foldRows(const Fold *fold, Partial *totals, const char *x, int64_t rows, int64_t stride, int64_t width) {
  if (width == stride && width < SHORT && rows >= 8 * TOGETHER) foldShortRows(fold, totals, x, rows, width);
  else fold->rows(totals, x, rows, stride, width);
}

// Neighbouring elements from `first` on: where they lie, or computed into the buffer.
static const char *elementsOf(const Reduction *r, Source *source, int64_t first, int64_t count) {
  if (source->chain == NULL) return source->x + first * r->fold->bytes;
  chainInto(source->chain, first, count, source->buffer);
  return source->buffer;
}

static void foldLine(const Reduction *r, Partial *total, Source *source, int64_t first, int64_t count) {
  const int64_t most = source->chain == NULL ? count : BUFFERED;
  for (int64_t i = 0; i < count; i += most) {
    const int64_t some = minimum64(most, count - i);
    r->fold->line(total, elementsOf(r, source, first + i, some), some);
  }
}

// Computed rows, as many at a time as the buffer holds.
static void foldComputedRows(const Reduction *r, Partial *totals, Source *source, int64_t first, int64_t rows, int64_t width) {
  const bool isDense = width == r->stride;
  const int64_t most = BUFFERED / width;
  for (int64_t i = 0; i < rows; i += most) {
    const int64_t some = minimum64(most, rows - i), from = first + i * r->stride;
    if (isDense) chainInto(source->chain, from, some * width, source->buffer);
    else
      for (int64_t j = 0; j < some; j++)
        chainInto(source->chain, from + j * r->stride, width, source->buffer + j * width * r->fold->bytes);
    foldRows(r->fold, totals, source->buffer, some, width, width);
  }
}

// Folds rows [begin, end) of those behind an output into `totals`, for some of its columns; `at` is the first one's place.
static void foldSpan(const Reduction *r, Partial *totals, Source *source, int64_t at, int64_t begin, int64_t end, int64_t width) {
  if (begin >= end) return;
  Walk outer = walkTo(r->outerRank, r->outerSizes, r->outerStrides, r->outerStrides, begin / r->count);
  for (int64_t first = begin % r->count; begin < end; first = 0, walkOn(&outer)) {
    const int64_t rows = minimum64(r->count - first, end - begin), from = at + outer.source + first * r->stride;
    if (r->width == 1) foldLine(r, totals, source, from, rows);
    else if (source->chain != NULL) foldComputedRows(r, totals, source, from, rows, width);
    else foldRows(r->fold, totals, elementsOf(r, source, from, rows), rows, r->stride, width);
    begin += rows;
  }
}

// Whether each output is folded from a few neighbours, those of the next output behind them.
static bool hasShortLines(const Reduction *r) { return r->width == 1 && r->outerCount == 1 && r->keptRank == 1 && r->count < SHORT; }

// One split of one tile of one group, in this order of numbers.
static void foldPiece(const Reduction *r, int32_t piece, Source *source, void *out, Partial *partials) {
  Partial totals[MOST_TOTALS];
  const int64_t split = piece % r->splits, tiles = ceilDivide(r->width, r->tile);
  const int64_t column = piece / r->splits % tiles * r->tile;
  const int64_t first = piece / r->splits / tiles * r->group;
  const int64_t count = minimum64(r->group, r->keptCount - first), width = minimum64(r->tile, r->width - column);
  const int64_t begin = split * r->splitRows;
  const int64_t end = minimum64(begin + r->splitRows, (int64_t)r->outerCount * r->count);
  fill(totals, r->fold->initial, count * width);
  if (hasShortLines(r) && source->chain == NULL) {
    r->fold->shortLines(totals, elementsOf(r, source, first * r->count, count * r->count), count, r->count);
  } else {
    Walk kept = walkTo(r->keptRank, r->keptSizes, r->keptStrides, r->keptStrides, first);
    for (int64_t i = 0; i < count; i++, walkOn(&kept)) foldSpan(r, totals + i * width, source, kept.source + column, begin, end, width);
  }
  const int64_t output = first * r->width + column;
  if (r->splits > 1) memcpy(partials + split * r->keptCount * r->width + output, totals, (size_t)(count * width) * sizeof *totals);
  else r->fold->finish(out, output, totals, count * width);
}

// Merges the splits of some outputs in their order.
static void finishPiece(const Reduction *r, int64_t first, void *out, const Partial *partials) {
  Partial totals[FINISHED_TOTALS];
  const int64_t outputs = (int64_t)r->keptCount * r->width, count = minimum64(FINISHED_TOTALS, outputs - first);
  memcpy(totals, partials + first, (size_t)count * sizeof *totals);
  for (int64_t split = 1; split < r->splits; split++) r->fold->merge(totals, partials + split * outputs + first, count);
  r->fold->finish(out, first, totals, count);
}

static void foldPieces(const Reduction *r, const Call *call, Source *source, void *out) {
  const int64_t groups = ceilDivide(r->keptCount, r->group), tiles = ceilDivide(r->width, r->tile);
  FOR_PIECES(piece, groups * tiles * r->splits, call) foldPiece(r, piece, source, out, (Partial *)call->workspace);
}

// Apart: a chain takes much of the stack.
static __attribute__((noinline)) void foldComputed(const Reduction *r, const Call *call, void *out) {
  Chain chain;
  _Alignas(64) char buffer[8 * BUFFERED];
  chainOpen(&chain, call->params + r->chain, call->data, call->scalars);
  Source source = {.chain = &chain, .buffer = buffer};
  foldPieces(r, call, &source, out);
}

static void reduce(const Call *call) {
  const Reduction r = reductionOf(call->params);
  void *out = call->data[r.inputs];
  Source source = {.x = call->data[0]};
  if (r.chain > 0) foldComputed(&r, call, out);
  else foldPieces(&r, call, &source, out);
  if (r.splits == 1) return;
  endPhase(call);
  FOR_PIECES(piece, ceilDivide((int64_t)r.keptCount * r.width, FINISHED_TOTALS), call)
    finishPiece(&r, (int64_t)piece * FINISHED_TOTALS, out, (const Partial *)call->workspace);
}

void sum(const Call *call) { reduce(call); }
void prod(const Call *call) { reduce(call); }
void amax(const Call *call) { reduce(call); }
void amin(const Call *call) { reduce(call); }
