// permute, expand, slice: elements go elsewhere, unchanged.
#include "transpose.h"
#include "walk.h"

// What of `copyRows` and `copyTiles` is the same for all elements. Sizes are those of the target, whose dims may be reordered.
typedef struct Copy {
  int32_t rank;
  const int32_t *sizes;
  const int32_t *targetStrides;
  const int32_t *sourceStrides;
  // Of the source's first element: where a slice begins.
  int64_t start;
} Copy;

// params: bytes of an element, rank, scalars, sizes, strides of the target, strides of the source, strides of the scalars.
static Copy copyOf(const Call *call) {
  const int32_t rank = call->params[1], scalars = call->params[2], *sizes = call->params + 3;
  Copy copy = {rank, sizes, sizes + rank, sizes + 2 * (ptrdiff_t)rank, 0};
  for (int32_t i = 0; i < scalars; i++) copy.start += (int64_t)call->scalars[i] * sizes[3 * (ptrdiff_t)rank + i];
  return copy;
}

// `target[i] = source[i * stride]`.
#define COPY_ROW(T, copyRow)                                                                                           \
  static void copyRow(T *target, const T *source, int64_t count, int64_t stride) {                                     \
    if (stride == 1) copyBytes(target, source, count * (int64_t)sizeof(T));                                            \
    else if (stride == 0)                                                                                              \
      for (int64_t i = 0; i < count; i++) target[i] = *source;                                                         \
    else if (stride == -1)                                                                                             \
      for (int64_t i = 0; i < count; i++) target[i] = source[-i];                                                      \
    else                                                                                                               \
      for (int64_t i = 0; i < count; i++) target[i] = source[i * stride];                                              \
  }

// Elements [from, to) of the target, row by row.
#define COPY_ROWS(T, copyPiece, copyRow)                                                                               \
  static void copyPiece(const Copy *copy, T *target, const T *source, int64_t from, int64_t to) {                      \
    const int32_t outer = copy->rank - 1;                                                                              \
    const int64_t width = copy->sizes[outer], stride = copy->sourceStrides[outer];                                     \
    Walk walk = walkTo(outer, copy->sizes, copy->targetStrides, copy->sourceStrides, from / width);                    \
    for (int64_t column = from % width; from < to; column = 0, walkOn(&walk)) {                                        \
      const int64_t count = minimum64(width - column, to - from);                                                      \
      copyRow(target + from, source + copy->start + walk.source + column * stride, count, stride);                     \
      from += count;                                                                                                   \
    }                                                                                                                  \
  }

#define COPIER(T, copyPiece, copyRow) COPY_ROW(T, copyRow) COPY_ROWS(T, copyPiece, copyRow)
COPIER(uint8_t, copyPiece1, copyRow1)
COPIER(uint32_t, copyPiece4, copyRow4)
COPIER(uint64_t, copyPiece8, copyRow8)

// The target is row-major.
void copyRows(const Call *call) {
  const Copy copy = copyOf(call);
  const int64_t total = productOf(copy.sizes, copy.rank);
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS, to = minimum64(total, from + PIECE_ELEMENTS);
    switch (call->params[0]) {
      case 1: copyPiece1(&copy, call->data[1], call->data[0], from, to); break;
      case 4: copyPiece4(&copy, call->data[1], call->data[0], from, to); break;
      default: copyPiece8(&copy, call->data[1], call->data[0], from, to);
    }
  }
}

// The last two dims of a copy, or a part of them: rows are contiguous in the source, columns in the target.
typedef struct Tile {
  int64_t rows, columns;
  // From a row of the target to the next, from a column of the source to the next.
  int64_t targetStride, sourceStride;
} Tile;

#define COPY_TILE(T, copyTile)                                                                                         \
  static void copyTile(T *target, const T *source, const Tile *tile) {                                                 \
    for (int64_t r = 0; r < tile->rows; r++)                                                                           \
      for (int64_t c = 0; c < tile->columns; c++)                                                                      \
        target[r * tile->targetStride + c] = source[r + c * tile->sourceStride];                                       \
  }
COPY_TILE(uint8_t, copyTile1)
COPY_TILE(uint32_t, copySmallTile4)
COPY_TILE(uint64_t, copyTile8)

// In squares; the last ones overlap those before.
static void copyTile4(uint32_t *target, const uint32_t *source, const Tile *tile) {
  if (tile->rows < SQUARE || tile->columns < SQUARE) {
    copySmallTile4(target, source, tile);
    return;
  }
  for (int64_t row = 0; row < tile->rows; row += SQUARE) {
    const int64_t r = minimum64(row, tile->rows - SQUARE);
    for (int64_t column = 0; column < tile->columns; column += SQUARE) {
      const int64_t c = minimum64(column, tile->columns - SQUARE);
      transposeSquare(target + r * tile->targetStride + c, source + r + c * tile->sourceStride, tile->targetStride, tile->sourceStride);
    }
  }
}

// Tiles [from, to) of all, counted along the columns first.
static void copyTilesPiece(const Call *call, const Copy *copy, int64_t tileRows, int64_t tileColumns, int64_t from, int64_t to) {
  const int32_t outer = copy->rank - 2, bytes = call->params[0];
  const int32_t rows = copy->sizes[outer], columns = copy->sizes[outer + 1];
  const int64_t across = ceilDivide(columns, tileColumns), down = ceilDivide(rows, tileRows);
  char *const target = call->data[1];
  const char *const source = (const char *)call->data[0] + copy->start * bytes;
  Walk walk = walkTo(outer, copy->sizes, copy->targetStrides, copy->sourceStrides, from / (across * down));
  for (int64_t i = from; i < to; i++) {
    const int64_t row = i / across % down * tileRows, column = i % across * tileColumns;
    const Tile tile = {minimum64(tileRows, rows - row), minimum64(tileColumns, columns - column), copy->targetStrides[outer],
                       copy->sourceStrides[outer + 1]};
    char *const t = target + (walk.target + row * tile.targetStride + column) * bytes;
    const char *const s = source + (walk.source + row + column * tile.sourceStride) * bytes;
    switch (bytes) {
      case 1: copyTile1((uint8_t *)t, (const uint8_t *)s, &tile); break;
      case 4: copyTile4((uint32_t *)t, (const uint32_t *)s, &tile); break;
      default: copyTile8((uint64_t *)t, (const uint64_t *)s, &tile);
    }
    if ((i + 1) % (across * down) == 0) walkOn(&walk);
  }
}

// The last two dims are those contiguous in the source and in the target. params: as above, and the rows and columns of a tile.
void copyTiles(const Call *call) {
  const Copy copy = copyOf(call);
  const int32_t *tile = call->params + 3 + 3 * (ptrdiff_t)copy.rank + call->params[2], *inner = copy.sizes + copy.rank - 2;
  const int64_t tiles = productOf(copy.sizes, copy.rank - 2) * ceilDivide(inner[0], tile[0]) * ceilDivide(inner[1], tile[1]);
  const int64_t step = maximum64(1, PIECE_ELEMENTS / ((int64_t)tile[0] * tile[1]));
  FOR_PIECES(piece, ceilDivide(tiles, step), call)
    copyTilesPiece(call, &copy, tile[0], tile[1], piece * step, minimum64(tiles, (piece + 1) * step));
}
