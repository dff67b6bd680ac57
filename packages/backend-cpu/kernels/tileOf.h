// The code of tile.c for one element type.
#include "real.h"

// One product more for each sum. Four rows share a pointer, so that the addresses of all fit the registers.
INLINE void OF_REAL(addProducts)(Reals sums[][PANEL_VECTORS], const int rows, const int vectors, const Real *const *fourRows, int64_t stride, const Real *b) {
  Reals columns[PANEL_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) columns[v] = OF_REAL(load)(b + v * REAL_LANES);
  UNROLL for (int i = 0; i < rows; i++) {
    const Reals row = OF_REAL(all)(fourRows[i / 4][i % 4 * stride]);
    UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = multiplyAddReals(row, columns[v], sums[i][v]);
  }
}

INLINE void OF_REAL(sumTile)(Reals sums[][PANEL_VECTORS], const int rows, const int vectors, const OF_REAL(Product) * p, const Real *a) {
  const int64_t stride = p->aStride, bStride = p->bStride;
  const Real *fourRows[MOST_ROWS / 4], *b = p->b;
  UNROLL for (int i = 0; i < (rows + 3) / 4; i++) fourRows[i] = a + 4 * i * stride;
  int64_t k = p->depth;
  for (; k >= DEPTH_AT_ONCE; k -= DEPTH_AT_ONCE) {
    UNROLL for (int u = 0; u < DEPTH_AT_ONCE; u++, b += bStride) {
      const Real *rowsAt[MOST_ROWS / 4];
      UNROLL for (int i = 0; i < (rows + 3) / 4; i++) rowsAt[i] = fourRows[i] + u;
      OF_REAL(addProducts)(sums, rows, vectors, rowsAt, stride, b);
    }
    UNROLL for (int i = 0; i < (rows + 3) / 4; i++) fourRows[i] += DEPTH_AT_ONCE;
  }
  for (; k > 0; k--, b += bStride) {
    OF_REAL(addProducts)(sums, rows, vectors, fourRows, stride, b);
    UNROLL for (int i = 0; i < (rows + 3) / 4; i++) fourRows[i]++;
  }
}

// All vectors whole.
INLINE void OF_REAL(multiplyTile)(const int rows, const int vectors, const OF_REAL(Product) * p, const Real *a, Real *c) {
  Reals sums[MOST_ROWS][PANEL_VECTORS];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = (Reals){0};
    __builtin_prefetch(c + i * p->cStride, 1);
    __builtin_prefetch(c + i * p->cStride + vectors * REAL_LANES - 1, 1);
  }
  OF_REAL(sumTile)(sums, rows, vectors, p, a);
  if (p->accumulate) {
    UNROLL for (int i = 0; i < rows; i++)
      UNROLL for (int v = 0; v < vectors; v++) sums[i][v] += OF_REAL(load)(c + i * p->cStride + v * REAL_LANES);
  } else if (p->bias) {
    UNROLL for (int v = 0; v < vectors; v++) {
      const Reals bias = OF_REAL(load)(p->bias + v * REAL_LANES);
      UNROLL for (int i = 0; i < rows; i++) sums[i][v] += bias;
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < vectors; v++) OF_REAL(store)(c + i * p->cStride + v * REAL_LANES, sums[i][v]);
}

typedef void OF_REAL(Tile)(const OF_REAL(Product) * p, const Real *a, Real *c);

#define TILE_NAME(rows, vectors) OF_REAL(tile##rows##x##vectors)
#define DEFINE_TILE(rows, vectors)                                                                                     \
  static void TILE_NAME(rows, vectors)(const OF_REAL(Product) * p, const Real *a, Real *c) {                           \
    OF_REAL(multiplyTile)(rows, vectors, p, a, c);                                                                     \
  }
EACH_TILE(DEFINE_TILE)

#define NAME_TILE(rows, vectors) [vectors - 1][rows - 1] = TILE_NAME(rows, vectors),
static OF_REAL(Tile) *const OF_REAL(tiles)[PANEL_VECTORS][MOST_ROWS] = {EACH_TILE(NAME_TILE)};

// The last vector is not whole: the tile goes through a buffer.
static void OF_REAL(multiplyEdge)(OF_REAL(Tile) * tile, int64_t rows, int64_t width, const OF_REAL(Product) * p, const Real *a, Real *c) {
  Real buffer[MOST_ROWS * PANEL_VECTORS * REAL_LANES];
  OF_REAL(Product) inBuffer = *p;
  inBuffer.accumulate = false;
  inBuffer.bias = NULL;
  inBuffer.cStride = width;
  tile(&inBuffer, a, buffer);
  for (int64_t i = 0; i < rows; i++) {
    const Real *start = p->accumulate ? c + i * p->cStride : p->bias;
    for (int64_t j = 0; j < p->columns; j += REAL_LANES) {
      const int64_t count = minimum64(REAL_LANES, p->columns - j);
      Reals sums = OF_REAL(load)(buffer + i * width + j);
      if (start) sums += OF_REAL(loadSome)(start + j, count);
      OF_REAL(storeSome)(c + i * p->cStride + j, sums, count);
    }
  }
}

void OF_REAL(multiplyPanel)(const OF_REAL(Product) * p) {
  const int64_t width = OF_REAL(panelWidth)(p->columns), vectors = width / REAL_LANES;
  const int64_t tileCount = ceilDivide(p->rows, tileRows[vectors - 1]);
  for (int64_t i = 0, row = 0; i < tileCount; i++) {
    const int64_t rows = ceilDivide(p->rows - row, tileCount - i);
    OF_REAL(Tile) *tile = OF_REAL(tiles)[vectors - 1][rows - 1];
    const Real *a = p->a + row * p->aStride;
    Real *c = p->c + row * p->cStride;
    if (p->columns == width)
      tile(p, a, c);
    else
      OF_REAL(multiplyEdge)(tile, rows, width, p, a, c);
    row += rows;
  }
}

int64_t OF_REAL(panelColumns)(int64_t columnsLeft) {
  return minimum64(columnsLeft, REAL_LANES * panelVectors(ceilDivide(columnsLeft, REAL_LANES)));
}

int64_t OF_REAL(blockDepth)(int64_t depthLeft) {
  const int64_t blocks = ceilDivide(depthLeft, DEPTH_BYTES / (int64_t)sizeof(Real));
  return blocks > 1 ? ceilDivide(depthLeft, blocks) : depthLeft;
}

INLINE void OF_REAL(packVectors)(const int vectors, Real *panel, const Real *source, int64_t stride, int64_t depth, int64_t tail) {
  const int64_t width = (vectors + (tail > 0)) * REAL_LANES;
  for (int64_t k = 0; k < depth; k++, panel += width, source += stride) {
    UNROLL for (int v = 0; v < vectors; v++) OF_REAL(store)(panel + v * REAL_LANES, OF_REAL(load)(source + v * REAL_LANES));
    if (tail > 0) OF_REAL(store)(panel + vectors * REAL_LANES, OF_REAL(loadSome)(source + vectors * REAL_LANES, tail));
  }
}

void OF_REAL(packColumns)(Real *panel, const Real *source, int64_t sourceStride, int64_t depth, int64_t columns) {
  const int64_t tail = columns % REAL_LANES;
  switch (columns / REAL_LANES) {
    case 0: return OF_REAL(packVectors)(0, panel, source, sourceStride, depth, tail);
    case 1: return OF_REAL(packVectors)(1, panel, source, sourceStride, depth, tail);
    case 2: return OF_REAL(packVectors)(2, panel, source, sourceStride, depth, tail);
    case 3: return OF_REAL(packVectors)(3, panel, source, sourceStride, depth, tail);
    default: return OF_REAL(packVectors)(4, panel, source, sourceStride, depth, tail);
  }
}

// As many rows as fill a vector.
static void OF_REAL(transposeBand)(Real *target, int64_t targetStride, const Real *source, int64_t sourceStride, int64_t columns) {
  int64_t j = 0;
  for (; j + AT_ONCE <= columns; j += AT_ONCE) {
    Words vectors[AT_ONCE];
    OF_REAL(transposeColumns)(vectors, source + j, sourceStride);
    UNROLL for (int i = 0; i < AT_ONCE; i++) memcpy(target + (j + i) * targetStride, &vectors[i], sizeof *vectors);
  }
  for (; j < columns; j++)
    for (int64_t i = 0; i < REAL_LANES; i++) target[j * targetStride + i] = source[i * sourceStride + j];
}

// Fewer rows than fill a vector: through a buffer.
static void OF_REAL(transposeRest)(Real *target, int64_t targetStride, const Real *source, int64_t sourceStride, int64_t rows, int64_t columns) {
  enum { CHUNK = 64 };
  Real buffer[REAL_LANES * CHUNK] = {0};
  for (int64_t j = 0; j < columns; j += CHUNK) {
    const int64_t count = minimum64(CHUNK, columns - j);
    for (int64_t i = 0; i < rows; i++) memcpy(buffer + i * CHUNK, source + i * sourceStride + j, sizeof(Real) * (size_t)count);
    OF_REAL(transposeBand)(target + j * targetStride, targetStride, buffer, CHUNK, count);
  }
}

void OF_REAL(transpose)(Real *target, int64_t targetStride, const Real *source, int64_t sourceStride, int64_t rows, int64_t columns) {
  int64_t i = 0;
  for (; i + REAL_LANES <= rows; i += REAL_LANES)
    OF_REAL(transposeBand)(target + i, targetStride, source + i * sourceStride, sourceStride, columns);
  if (i < rows) OF_REAL(transposeRest)(target + i, targetStride, source + i * sourceStride, sourceStride, rows - i, columns);
}

#undef TILE_NAME
#undef DEFINE_TILE
#undef NAME_TILE
