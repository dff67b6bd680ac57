// pad: elements with zeros around and between them.
#include "walk.h"

typedef struct Pad {
  int32_t rank;
  // Of the target; of the source.
  const int32_t *sizes, *counts;
  const int32_t *steps;
  int64_t starts[MOST_DIMS];
} Pad;

// params: bytes of an element, rank, sizes, counts, steps, then the scalar of each dim's start (-1: none) and its factor.
static Pad padOf(const Call *call) {
  const int32_t rank = call->params[1], *sizes = call->params + 2, *slots = sizes + 3 * (ptrdiff_t)rank;
  Pad pad = {.rank = rank, .sizes = sizes, .counts = sizes + rank, .steps = sizes + 2 * (ptrdiff_t)rank};
  for (int32_t d = 0; d < rank; d++) pad.starts[d] = slots[d] < 0 ? 0 : (int64_t)call->scalars[slots[d]] * slots[rank + d];
  return pad;
}

// The index of a row of the target in the dims but the last.
typedef struct Row {
  int32_t index[MOST_DIMS];
} Row;

static Row rowAt(const Pad *pad, int64_t row) {
  Row it;
  for (int32_t d = pad->rank - 2; d >= 0; d--) {
    it.index[d] = (int32_t)(row % pad->sizes[d]);
    row /= pad->sizes[d];
  }
  return it;
}

static void nextRow(const Pad *pad, Row *row) {
  for (int32_t d = pad->rank - 2; d >= 0; d--) {
    if (++row->index[d] < pad->sizes[d]) return;
    row->index[d] = 0;
  }
}

// Where in the source a row of the target begins; -1 if it is all zeros.
static int64_t sourceRow(const Pad *pad, const Row *row) {
  int64_t source = 0;
  for (int32_t d = 0; d < pad->rank - 1; d++) {
    int64_t i = row->index[d] - pad->starts[d];
    if (pad->steps[d] != 1) {
      if (i % pad->steps[d] != 0) return -1;
      i /= pad->steps[d];
    }
    if (i < 0 || i >= pad->counts[d]) return -1;
    source = source * pad->counts[d] + i;
  }
  return source * pad->counts[pad->rank - 1];
}

// Elements of a row that lie at `start + i * step`, with a positive step; `stride` is 1 or -1.
typedef struct Spread {
  int64_t start, step, count, stride;
} Spread;

static Spread spreadOf(const Pad *pad) {
  const int32_t inner = pad->rank - 1;
  const Spread it = {pad->starts[inner], pad->steps[inner], pad->counts[inner], 1};
  return it.step > 0 ? it : (Spread){it.start + (it.count - 1) * it.step, -it.step, it.count, -1};
}

// How many elements lie before a column.
static int64_t countBefore(const Spread *it, int64_t column) {
  const int64_t before = column - it->start;
  if (before <= 0) return 0;
  return minimum64(it->count, it->step == 1 ? before : ceilDivide(before, it->step));
}

// Columns [from, to) of a row at `target`: zeros, and between them elements of the source, unless that is NULL.
#define PAD_ROW(T, padRow)                                                                                             \
  static void padRow(T *target, const T *source, const Spread *it, int64_t from, int64_t to) {                         \
    const int64_t low = countBefore(it, from), high = source ? countBefore(it, to) : low;                              \
    if (low < high && it->step == 1 && it->stride == 1) {                                                              \
      const int64_t begin = it->start + low, end = it->start + high;                                                   \
      zeroBytes(target + from, (begin - from) * (int64_t)sizeof(T));                                                   \
      copyBytes(target + begin, source + low, (high - low) * (int64_t)sizeof(T));                                      \
      zeroBytes(target + end, (to - end) * (int64_t)sizeof(T));                                                        \
      return;                                                                                                          \
    }                                                                                                                  \
    zeroBytes(target + from, (to - from) * (int64_t)sizeof(T));                                                        \
    const int64_t first = it->stride > 0 ? 0 : it->count - 1;                                                          \
    for (int64_t i = low; i < high; i++) target[it->start + i * it->step] = source[first + i * it->stride];            \
  }

#define PAD_PIECE(T, padPiece, padRow)                                                                                 \
  PAD_ROW(T, padRow)                                                                                                   \
  static void padPiece(const Pad *pad, T *target, const T *source, int64_t from, int64_t to) {                         \
    const Spread spread = spreadOf(pad);                                                                               \
    const int64_t width = pad->sizes[pad->rank - 1];                                                                   \
    Row row = rowAt(pad, from / width);                                                                                \
    target += from - from % width;                                                                                     \
    for (int64_t column = from % width; from < to; column = 0, target += width, nextRow(pad, &row)) {                  \
      const int64_t end = minimum64(width, column + to - from), begin = sourceRow(pad, &row);                          \
      padRow(target, begin < 0 ? NULL : source + begin, &spread, column, end);                                         \
      from += end - column;                                                                                            \
    }                                                                                                                  \
  }
PAD_PIECE(uint8_t, padPiece1, padRow1)
PAD_PIECE(uint32_t, padPiece4, padRow4)
PAD_PIECE(uint64_t, padPiece8, padRow8)

void pad(const Call *call) {
  const Pad pad = padOf(call);
  const int64_t total = productOf(pad.sizes, pad.rank);
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS, to = minimum64(total, from + PIECE_ELEMENTS);
    switch (call->params[0]) {
      case 1: padPiece1(&pad, call->data[1], call->data[0], from, to); break;
      case 4: padPiece4(&pad, call->data[1], call->data[0], from, to); break;
      default: padPiece8(&pad, call->data[1], call->data[0], from, to);
    }
  }
}
