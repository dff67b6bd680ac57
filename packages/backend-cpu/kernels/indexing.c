// gather, scatter, scatterAdd, indexSelect. Every index is checked before it is used.
#include "indexing.h"

#include "walk.h"

// Elements at `row + i * stride` of a source, moved along one of its dims by as many steps of `along` as their indices say.
typedef struct Lookup {
  const Call *call;
  const int32_t *index;
  int32_t rank;
  const int32_t *sizes, *strides;
  int32_t along, limit;
} Lookup;

// Elements [position, position + count) of the result, all in one row.
#define GATHER_ROW(T, gatherRow)                                                                                       \
  static bool gatherRow(const Lookup *it, T *target, const T *row, int64_t position, int64_t count, int64_t stride) {  \
    const int32_t *const indices = it->index + position;                                                               \
    const int64_t along = it->along;                                                                                   \
    const int32_t limit = it->limit;                                                                                   \
    for (int64_t i = 0; i < count; i++) {                                                                              \
      if (!isIndex(indices[i], limit)) {                                                                               \
        reportIndex(it->call, 1, position + i, indices[i]);                                                            \
        return false;                                                                                                  \
      }                                                                                                                \
      target[position + i] = row[i * stride + indices[i] * along];                                                     \
    }                                                                                                                  \
    return true;                                                                                                       \
  }

#define GATHER_PIECE(T, gatherPiece, gatherRow)                                                                        \
  GATHER_ROW(T, gatherRow)                                                                                             \
  static void gatherPiece(const Lookup *it, T *target, const T *source, int64_t from, int64_t to) {                    \
    const int32_t outer = it->rank - 1;                                                                                \
    const int64_t width = it->sizes[outer], stride = it->strides[outer];                                               \
    Walk walk = walkTo(outer, it->sizes, it->strides, it->strides, from / width);                                      \
    for (int64_t column = from % width; from < to; column = 0, walkOn(&walk)) {                                        \
      const int64_t count = minimum64(width - column, to - from);                                                      \
      if (!gatherRow(it, target, source + walk.source + column * stride, from, count, stride)) return;                 \
      from += count;                                                                                                   \
    }                                                                                                                  \
  }
GATHER_PIECE(uint8_t, gatherPiece1, gatherRow1)
GATHER_PIECE(uint32_t, gatherPiece4, gatherRow4)
GATHER_PIECE(uint64_t, gatherPiece8, gatherRow8)

// params: bytes of an element, stride and size of the dim in x, elements of the index, rank, its sizes, strides in x (0 along the dim).
void gather(const Call *call) {
  const int32_t *params = call->params, rank = params[4], total = params[3];
  const Lookup it = {call, call->data[1], rank, params + 5, params + 5 + rank, params[1], params[2]};
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS, to = minimum64(total, from + PIECE_ELEMENTS);
    switch (params[0]) {
      case 1: gatherPiece1(&it, call->data[2], call->data[0], from, to); break;
      case 4: gatherPiece4(&it, call->data[2], call->data[0], from, to); break;
      default: gatherPiece8(&it, call->data[2], call->data[0], from, to);
    }
  }
}

// Rows of the result lie `inner` elements apart; row i of each of the outer slices is the one of x that index i names.
typedef struct Selection {
  int64_t bytes, count, inner, limit;
} Selection;

static void selectPiece(const Call *call, const Selection *it, int64_t from, int64_t to) {
  const char *source = call->data[0];
  char *target = call->data[2];
  const int32_t *index = call->data[1];
  int64_t outer = from / it->inner / it->count, i = from / it->inner % it->count;
  for (int64_t column = from % it->inner; from < to; column = 0) {
    const int64_t count = minimum64(it->inner - column, to - from);
    if (!isIndex(index[i], (int32_t)it->limit)) {
      reportIndex(call, 1, i, index[i]);
      return;
    }
    copyBytes(target + from * it->bytes, source + ((outer * it->limit + index[i]) * it->inner + column) * it->bytes, count * it->bytes);
    from += count;
    if (++i == it->count) {
      i = 0;
      outer++;
    }
  }
}

// params: bytes of an element, outer, indices, inner, size of the dim in x.
void indexSelect(const Call *call) {
  const Selection it = {call->params[0], call->params[2], call->params[3], call->params[4]};
  const int64_t total = call->params[1] * it.count * it.inner;
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS;
    selectPiece(call, &it, from, minimum64(total, from + PIECE_ELEMENTS));
  }
}

// A column is what differs only along the dim: the elements of one never reach another. Positions are those of index and source.
typedef struct Scatter {
  const Call *call;
  const int32_t *index;
  // Of a column: its elements, the step between them, the step in x, the size of x.
  int32_t count, step, along, limit;
  int32_t rank;
  const int32_t *sizes, *positionStrides, *targetStrides;
} Scatter;

// `width` columns side by side from `position` on, in the order of the source, up to the first index out of range.
#define SCATTER_COLUMNS(T, ASSIGN, scatterColumns)                                                                     \
  static void scatterColumns(const Scatter *it, T *target, const T *source, int64_t position, int64_t width) {         \
    const int64_t across = it->targetStrides[it->rank - 1], along = it->along, step = it->step, count = it->count;     \
    const int32_t *const indices = it->index, limit = it->limit;                                                       \
    for (int64_t j = 0; j < count; j++, position += step)                                                              \
      for (int64_t i = 0; i < width; i++) {                                                                            \
        const int32_t index = indices[position + i];                                                                   \
        if (!isIndex(index, limit)) {                                                                                  \
          reportIndex(it->call, 1, position + i, index);                                                               \
          return;                                                                                                      \
        }                                                                                                              \
        target[i * across + index * along] ASSIGN source[position + i];                                                \
      }                                                                                                                \
  }

// Columns [from, to).
#define SCATTER_PIECE(T, ASSIGN, scatterPiece, scatterColumns)                                                         \
  SCATTER_COLUMNS(T, ASSIGN, scatterColumns)                                                                           \
  static void scatterPiece(const Scatter *it, T *target, const T *source, int64_t from, int64_t to) {                  \
    const int32_t inner = it->rank - 1;                                                                                \
    const int64_t row = it->sizes[inner], across = it->positionStrides[inner];                                         \
    if (from == to) return;                                                                                            \
    Walk walk = walkTo(inner, it->sizes, it->targetStrides, it->positionStrides, from / row);                          \
    for (int64_t column = from % row; from < to;) {                                                                    \
      const int64_t width = across == 1 ? minimum64(row - column, to - from) : 1;                                      \
      T *const first = target + walk.target + column * it->targetStrides[inner];                                       \
      scatterColumns(it, first, source, walk.source + column * across, width);                                         \
      from += width;                                                                                                   \
      column += width;                                                                                                 \
      if (column == row) {                                                                                             \
        column = 0;                                                                                                    \
        walkOn(&walk);                                                                                                 \
      }                                                                                                                \
    }                                                                                                                  \
  }
SCATTER_PIECE(uint8_t, =, scatterPiece1, scatterColumns1)
SCATTER_PIECE(uint32_t, =, scatterPiece4, scatterColumns4)
SCATTER_PIECE(uint64_t, =, scatterPiece8, scatterColumns8)
SCATTER_PIECE(float, +=, addPieceFloat32, addColumnsFloat32)
SCATTER_PIECE(double, +=, addPieceFloat64, addColumnsFloat64)
SCATTER_PIECE(uint32_t, +=, addPieceInt32, addColumnsInt32)
SCATTER_PIECE(uint8_t, +=, addPieceUint8, addColumnsUint8)

static void scatterSome(const Scatter *it, int32_t kind, void *target, const void *source, int64_t from, int64_t to) {
  switch (kind) {
    case KIND_BYTES1: scatterPiece1(it, target, source, from, to); break;
    case KIND_BYTES4: scatterPiece4(it, target, source, from, to); break;
    case KIND_BYTES8: scatterPiece8(it, target, source, from, to); break;
    case KIND_FLOAT32: addPieceFloat32(it, target, source, from, to); break;
    case KIND_FLOAT64: addPieceFloat64(it, target, source, from, to); break;
    case KIND_INT32: addPieceInt32(it, target, source, from, to); break;
    default: addPieceUint8(it, target, source, from, to);
  }
}

static void copyPart(const Call *call, int64_t from, int64_t to) {
  if (to > from) memcpy((char *)call->data[3] + from, (const char *)call->data[0] + from, (size_t)(to - from));
}

// params: kind, elements of x, columns, then the numbers of `Scatter` from `count` to `rank`, sizes, strides of positions and of targets.
void scatter(const Call *call) {
  const int32_t *params = call->params, rank = params[7], *sizes = params + 8;
  const int64_t bytes = params[1] * (int64_t)kindBytes(params[0]), columns = params[2];
  const Scatter it = {call,      call->data[1], params[3], params[4],    params[5],
                      params[6], rank,          sizes,     sizes + rank, sizes + 2 * (ptrdiff_t)rank};
  const int64_t step = maximum64(1, PIECE_ELEMENTS / maximum64(1, it.count));
  const bool isSmall = params[1] + columns * it.count <= PIECE_ELEMENTS;
  if (!isSmall) {
    FOR_PIECES(piece, ceilDivide(bytes, PIECE_BYTES), call)
      copyPart(call, (int64_t)piece * PIECE_BYTES, minimum64(bytes, (piece + 1) * (int64_t)PIECE_BYTES));
    endPhase(call);
  }
  FOR_PIECES(piece, isSmall ? 1 : ceilDivide(columns, step), call) {
    if (isSmall) copyPart(call, 0, bytes);
    scatterSome(&it, params[0], call->data[3], call->data[2], piece * step, isSmall ? columns : minimum64(columns, (piece + 1) * step));
  }
}
