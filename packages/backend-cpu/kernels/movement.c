// permute, expand, slice, pad, cat: elements go elsewhere, unchanged.
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

static int64_t productOf(const int32_t *sizes, int32_t rank) {
  int64_t product = 1;
  for (int32_t d = 0; d < rank; d++) product *= sizes[d];
  return product;
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

// Where in the source a row of the target begins; -1 if it is all zeros.
static int64_t sourceRow(const Pad *pad, uint32_t row) {
  const int32_t inner = pad->rank - 1;
  int64_t stride = pad->counts[inner], source = 0;
  for (int32_t d = inner - 1; d >= 0; d--) {
    const uint32_t size = (uint32_t)pad->sizes[d];
    int64_t i = row % size - pad->starts[d];
    row /= size;
    if (pad->steps[d] != 1) {
      if (i % pad->steps[d] != 0) return -1;
      i /= pad->steps[d];
    }
    if (i < 0 || i >= pad->counts[d]) return -1;
    source += i * stride;
    stride *= pad->counts[d];
  }
  return source;
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
  return column <= it->start ? 0 : minimum64(it->count, ceilDivide(column - it->start, it->step));
}

// Columns [from, to) of a row at `target`.
#define PAD_ROW(T, padRow)                                                                                             \
  static void padRow(T *target, const T *source, const Spread *it, int64_t from, int64_t to) {                         \
    memset(target + from, 0, (size_t)(to - from) * sizeof(T));                                                         \
    if (!source) return;                                                                                               \
    const T *const first = it->stride > 0 ? source : source + it->count - 1;                                           \
    const int64_t low = countBefore(it, from), high = countBefore(it, to);                                             \
    if (it->step == 1 && it->stride == 1) copyBytes(target + it->start + low, first + low, (high - low) * (int64_t)sizeof(T)); \
    else                                                                                                               \
      for (int64_t i = low; i < high; i++) target[it->start + i * it->step] = first[i * it->stride];                   \
  }

#define PAD_PIECE(T, padPiece, padRow)                                                                                 \
  PAD_ROW(T, padRow)                                                                                                   \
  static void padPiece(const Pad *pad, T *target, const T *source, int64_t from, int64_t to) {                         \
    const Spread spread = spreadOf(pad);                                                                               \
    const int64_t width = pad->sizes[pad->rank - 1];                                                                   \
    int64_t row = from / width;                                                                                        \
    for (int64_t column = from % width; from < to; column = 0, row++) {                                                \
      const int64_t end = minimum64(width, column + to - from), begin = sourceRow(pad, (uint32_t)row);                 \
      padRow(target + row * width, begin < 0 ? NULL : source + begin, &spread, column, end);                           \
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

// Elements [from, to) of the result; `ends` says where in a row each input's part ends.
static void catPiece(const Call *call, const int32_t *ends, int32_t inputs, int64_t from, int64_t to) {
  const int64_t bytes = call->params[0], width = ends[inputs - 1];
  char *const target = call->data[inputs];
  int64_t row = from / width, column = from % width;
  int32_t i = 0;
  while (from < to) {
    while (ends[i] <= column) i++;
    const int64_t begin = i == 0 ? 0 : ends[i - 1], count = minimum64(ends[i] - column, to - from);
    const char *source = (const char *)call->data[i] + (row * (ends[i] - begin) + column - begin) * bytes;
    copyBytes(target + from * bytes, source, count * bytes);
    from += count;
    column += count;
    if (column == width) {
      row++;
      column = i = 0;
    }
  }
}

// Each row of the result is a part of every input. params: bytes of an element, rows, inputs, ends of the parts.
void cat(const Call *call) {
  const int32_t *ends = call->params + 3, inputs = call->params[2];
  const int64_t total = (int64_t)call->params[1] * ends[inputs - 1];
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS;
    catPiece(call, ends, inputs, from, minimum64(total, from + PIECE_ELEMENTS));
  }
}
