// The code of placesTile.c for one element type.
#include "real.h"

// Lanes beyond `count` are zero.
INLINE Reals OF_REAL(firstLanes)(Reals v, int64_t count) {
  Ints mask;
  memcpy(&mask, lanesOf + FLOAT_LANES - count * (REAL_BITS / 32), sizeof mask);
  return (Reals)((Ints)v & mask);
}

// Up to all lanes. Where the processor has masks a whole vector is nothing special.
INLINE Reals OF_REAL(loadPlaces)(const Real *c, int64_t count) {
  return count < REAL_LANES || HAS_MASKS ? OF_REAL(loadSome)(c, count) : OF_REAL(load)(c);
}
INLINE void OF_REAL(storePlaces)(Real *c, Reals sums, int64_t count) {
  if (count < REAL_LANES || HAS_MASKS)
    OF_REAL(storeSome)(c, sums, count);
  else
    OF_REAL(store)(c, sums);
}

// Four rows share a pointer, so that the addresses of all fit the registers.
INLINE void OF_REAL(placesTile)(const int rows, const int vectors, const OF_REAL(Places) * p, int64_t row, const PlaceVector *v) {
  Reals sums[MOST_ROWS][MOST_VECTORS];
  const Real *fourRows[(MOST_ROWS + 3) / 4], *b[MOST_VECTORS];
  Real *const c = p->c + row * p->cStride;
  if (p->accumulate) {
    UNROLL for (int i = 0; i < rows; i++)
      UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = OF_REAL(loadPlaces)(c + i * p->cStride + v[j].target, v[j].count);
  } else {
    UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = (Reals){0};
  }
  UNROLL for (int i = 0; i < (rows + 3) / 4; i++) fourRows[i] = p->a + (row + 4 * i) * p->aStride;
  UNROLL for (int j = 0; j < vectors; j++) b[j] = p->b + v[j].source;
  for (int64_t k = 0; k < p->depth; k++) {
    const int64_t step = p->steps[k];
    Reals columns[MOST_VECTORS];
    UNROLL for (int j = 0; j < vectors; j++) columns[j] = OF_REAL(load)(b[j] + step);
    UNROLL for (int i = 0; i < rows; i++) {
      const Reals a = OF_REAL(all)(fourRows[i / 4][i % 4 * p->aStride + k]);
      UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = multiplyAddReals(a, columns[j], sums[i][j]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int j = 0; j < vectors; j++) OF_REAL(storePlaces)(c + i * p->cStride + v[j].target, sums[i][j], v[j].count);
}

typedef void OF_REAL(PlacesTile)(const OF_REAL(Places) * p, int64_t row, const PlaceVector *v);

#define TILE_NAME(rows, vectors) OF_REAL(places##rows##x##vectors)
#define DEFINE_TILE(rows, vectors)                                                                                     \
  static void TILE_NAME(rows, vectors)(const OF_REAL(Places) * p, int64_t row, const PlaceVector *v) {                 \
    OF_REAL(placesTile)(rows, vectors, p, row, v);                                                                     \
  }
EACH_TILE(DEFINE_TILE)

#define NAME_TILE(rows, vectors) [rows - 1][vectors - 1] = TILE_NAME(rows, vectors),
static OF_REAL(PlacesTile) *const OF_REAL(placesTiles)[MOST_ROWS][MOST_VECTORS] = {EACH_TILE(NAME_TILE)};

void OF_REAL(multiplyPlaces)(const OF_REAL(Places) * p) {
  const int64_t rowTiles = ceilDivide(p->rows, MOST_ROWS), mostRows = rowTiles > 0 ? ceilDivide(p->rows, rowTiles) : 1;
  const int64_t vectorTiles = ceilDivide(p->vectorCount, tileVectors[mostRows - 1]);
  const PlaceVector *v = p->vectors;
  for (int64_t i = 0, left = p->vectorCount; i < vectorTiles; i++) {
    const int64_t vectors = ceilDivide(left, vectorTiles - i);
    for (int64_t j = 0, row = 0; j < rowTiles; j++) {
      const int64_t rows = ceilDivide(p->rows - row, rowTiles - j);
      OF_REAL(placesTiles)[rows - 1][vectors - 1](p, row, v);
      row += rows;
    }
    v += vectors;
    left -= vectors;
  }
}

// Some rows of a, some taps: all their products stay in registers.
INLINE void OF_REAL(dotTile)(const int rows, const int taps, const OF_REAL(Places) * p, int64_t row, int64_t tap) {
  Reals sums[DOT_ROWS][9];
  const Real *b[9], *a = p->a + row * p->aStride;
  Real *c = p->c + (row * p->depth + tap) * REAL_LANES;
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int k = 0; k < taps; k++) sums[i][k] = OF_REAL(load)(c + (i * p->depth + k) * REAL_LANES);
  UNROLL for (int k = 0; k < taps; k++) b[k] = p->b + p->steps[tap + k];
  for (int64_t j = 0; j < p->vectorCount; j++) {
    const PlaceVector v = p->vectors[j];
    Reals as[DOT_ROWS];
    UNROLL for (int i = 0; i < rows; i++) as[i] = OF_REAL(loadPlaces)(a + i * p->aStride + v.target, v.count);
    UNROLL for (int k = 0; k < taps; k++) {
      const Reals loaded = OF_REAL(load)(b[k] + v.source), x = v.count == REAL_LANES ? loaded : OF_REAL(firstLanes)(loaded, v.count);
      UNROLL for (int i = 0; i < rows; i++) sums[i][k] = multiplyAddReals(as[i], x, sums[i][k]);
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int k = 0; k < taps; k++) OF_REAL(store)(c + (i * p->depth + k) * REAL_LANES, sums[i][k]);
}

INLINE void OF_REAL(dotTaps)(const int rows, const OF_REAL(Places) * p, int64_t row) {
  int64_t tap = 0;
  for (; tap + 9 <= p->depth; tap += 9) OF_REAL(dotTile)(rows, 9, p, row, tap);
  for (; tap + 3 <= p->depth; tap += 3) OF_REAL(dotTile)(rows, 3, p, row, tap);
  for (; tap < p->depth; tap++) OF_REAL(dotTile)(rows, 1, p, row, tap);
}

void OF_REAL(addPlaceProducts)(const OF_REAL(Places) * p) {
  int64_t row = 0;
  for (; row + DOT_ROWS <= p->rows; row += DOT_ROWS) OF_REAL(dotTaps)(DOT_ROWS, p, row);
  for (; row < p->rows; row++) OF_REAL(dotTaps)(1, p, row);
}

#undef TILE_NAME
#undef DEFINE_TILE
#undef NAME_TILE
