// indexAdd: each row of x is the sum of itself and of the source's rows whose index names it, in their order.
#include "indexing.h"
#include "walk.h"

typedef struct IndexAdd {
  const Call *call;
  int32_t kind;
  int64_t outer, count, inner, limit;
} IndexAdd;

// params: kind, outer, indices, inner, size of the dim in x, …
static IndexAdd indexAddOf(const Call *call) {
  const int32_t *params = call->params;
  return (IndexAdd){call, params[0], params[1], params[2], params[3], params[4]};
}

#define ADD_ROW(T, addRow)                                                                                             \
  static void addRow(T *restrict target, const T *restrict source, int64_t count) {                                    \
    for (int64_t i = 0; i < count; i++) target[i] += source[i];                                                        \
  }
ADD_ROW(float, addRowFloat32)
ADD_ROW(double, addRowFloat64)
ADD_ROW(uint32_t, addRowInt32)
ADD_ROW(uint8_t, addRowUint8)

// Elements at `source` of the source, counted from its start, to those at `target`.
static void addElements(const IndexAdd *it, int64_t target, int64_t source, int64_t count) {
  void *const to = (char *)it->call->data[3] + target * kindBytes(it->kind);
  const void *const from = (const char *)it->call->data[2] + source * kindBytes(it->kind);
  switch (it->kind) {
    case KIND_FLOAT32: addRowFloat32(to, from, count); break;
    case KIND_FLOAT64: addRowFloat64(to, from, count); break;
    case KIND_INT32: addRowInt32(to, from, count); break;
    default: addRowUint8(to, from, count);
  }
}

static void copyElements(const IndexAdd *it, int64_t from, int64_t count) {
  const int64_t bytes = kindBytes(it->kind);
  copyBytes((char *)it->call->data[3] + from * bytes, (const char *)it->call->data[0] + from * bytes, count * bytes);
}

// Columns [from, to) of one outer slice.
static void addColumns(const IndexAdd *it, int64_t outer, int64_t from, int64_t to) {
  const int32_t *index = it->call->data[1];
  const int64_t width = to - from, target = outer * it->limit * it->inner + from, source = outer * it->count * it->inner + from;
  if (width == it->inner) copyElements(it, target, it->limit * width);
  else
    for (int64_t i = 0; i < it->limit; i++) copyElements(it, target + i * it->inner, width);
  for (int64_t i = 0; i < it->count; i++) {
    if (!isIndex(index[i], (int32_t)it->limit)) {
      reportIndex(it->call, 1, i, index[i]);
      return;
    }
    addElements(it, target + index[i] * it->inner, source + i * it->inner, width);
  }
}

// params: as above, columns of a block, blocks of a piece.
void indexAdd(const Call *call) {
  const IndexAdd it = indexAddOf(call);
  const int64_t width = call->params[5], step = call->params[6];
  const int64_t across = ceilDivide(it.inner, width), blocks = it.outer * across;
  FOR_PIECES(piece, ceilDivide(blocks, step), call)
    for (int64_t i = piece * step; i < minimum64(blocks, (piece + 1) * step); i++) {
      const int64_t from = i % across * width;
      addColumns(&it, i / across, from, minimum64(it.inner, from + width));
    }
}

// Where each row of x begins in a list of positions, and that list: the positions whose index names it, ascending.
typedef struct Rows {
  int32_t *starts;
  int32_t *positions;
} Rows;

static Rows rowsOf(const IndexAdd *it) {
  int32_t *starts = (int32_t *)it->call->workspace;
  return (Rows){starts, starts + it->limit + 2};
}

// A counting sort. Nothing is listed if an index is out of range.
static void listRows(const IndexAdd *it) {
  const Rows rows = rowsOf(it);
  const int32_t *index = it->call->data[1];
  // One row later than it belongs, so that placing the positions moves each start to where it belongs.
  int32_t *const ends = rows.starts + 2;
  memset(rows.starts, 0, (size_t)(it->limit + 2) * sizeof *rows.starts);
  for (int64_t i = 0; i < it->count; i++) {
    if (!isIndex(index[i], (int32_t)it->limit)) {
      memset(rows.starts, 0, (size_t)(it->limit + 2) * sizeof *rows.starts);
      reportIndex(it->call, 1, i, index[i]);
      return;
    }
    ends[index[i]]++;
  }
  for (int64_t row = 1; row < it->limit; row++) ends[row] += ends[row - 1];
  for (int64_t i = 0; i < it->count; i++) rows.positions[rows.starts[index[i] + 1]++] = (int32_t)i;
}

// Columns [from, to) of rows [first, last) of one outer slice.
static void addRows(const IndexAdd *it, int64_t outer, int64_t first, int64_t last, int64_t from, int64_t to) {
  const Rows rows = rowsOf(it);
  for (int64_t row = first; row < last; row++) {
    const int64_t target = (outer * it->limit + row) * it->inner + from;
    copyElements(it, target, to - from);
    for (int32_t i = rows.starts[row]; i < rows.starts[row + 1]; i++)
      addElements(it, target, (outer * it->count + rows.positions[i]) * it->inner + from, to - from);
  }
}

// For few columns and many rows. params: as above, rows of a block, columns of a block.
void indexAddRows(const Call *call) {
  const IndexAdd it = indexAddOf(call);
  const int64_t height = call->params[5], width = call->params[6];
  const int64_t down = ceilDivide(it.limit, height), across = ceilDivide(it.inner, width);
  FOR_PIECES(piece, 1, call) listRows(&it);
  endPhase(call);
  FOR_PIECES(piece, it.outer * down * across, call) {
    const int64_t row = piece / across % down * height, column = piece % across * width;
    addRows(&it, piece / across / down, row, minimum64(it.limit, row + height), column, minimum64(it.inner, column + width));
  }
}
