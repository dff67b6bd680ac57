// The code of gatheredTile.c for one element type.
#include "real.h"

typedef void OF_REAL(GatherTile)(const OF_REAL(Gather) * g, const int32_t *rows, Real *c);

// With `isRun` the rows are neighbours: one pointer does for all.
INLINE void OF_REAL(gatherTile)(const int count, const int vectors, const bool isRun, const OF_REAL(Gather) * g, const int32_t *rows, Real *c) {
  Reals sums[MOST_ROWS][PANEL_VECTORS];
  UNROLL for (int i = 0; i < count; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      sums[i][v] = g->accumulate ? OF_REAL(load)(c + (i * vectors + v) * REAL_LANES) : (Reals){0};
  const Real *starts[MOST_ROWS], *b = g->b;
  UNROLL for (int i = 0; i < count; i++) starts[i] = g->a + rows[i];
  for (int64_t k = 0; k < g->depth; k++, b += vectors * REAL_LANES) {
    const int64_t step = g->steps[k];
    Reals columns[PANEL_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) columns[v] = OF_REAL(load)(b + v * REAL_LANES);
    UNROLL for (int i = 0; i < count; i++) {
      const Reals row = OF_REAL(all)(isRun ? starts[0][step + i] : starts[i][step]);
      UNROLL for (int v = 0; v < vectors; v++) sums[i][v] = multiplyAddReals(row, columns[v], sums[i][v]);
    }
  }
  UNROLL for (int i = 0; i < count; i++)
    UNROLL for (int v = 0; v < vectors; v++) OF_REAL(store)(c + (i * vectors + v) * REAL_LANES, sums[i][v]);
}

#define TILE_NAME(count, vectors, isRun) OF_REAL(gather##count##x##vectors##isRun)
#define DEFINE_TILE(count, vectors, isRun)                                                                             \
  static void TILE_NAME(count, vectors, isRun)(const OF_REAL(Gather) * g, const int32_t *rows, Real *c) {              \
    OF_REAL(gatherTile)(count, vectors, isRun, g, rows, c);                                                            \
  }
EACH_TILE(DEFINE_TILE)
EACH_RUN(DEFINE_TILE)

#define NAME_TILE(count, vectors, isRun) [vectors - 1][count - 1] = TILE_NAME(count, vectors, isRun),
static OF_REAL(GatherTile) *const OF_REAL(scattered)[PANEL_VECTORS][MOST_SCATTERED] = {EACH_TILE(NAME_TILE)};
static OF_REAL(GatherTile) *const OF_REAL(runs)[PANEL_VECTORS][MOST_ROWS] = {EACH_RUN(NAME_TILE)};

void OF_REAL(gatherPanel)(const OF_REAL(Gather) * g) {
  const int64_t vectors = g->width / REAL_LANES;
  for (int64_t i = 0; i < g->rowCount;) {
    const int64_t left = g->rowCount - i, run = vectors <= RUN_VECTORS ? runLength(g->rows + i, left) : 0;
    const bool isRun = run >= LEAST_RUN;
    const int64_t count = isRun ? partOfRun(run, MOST_ROWS) : partOfRun(left, tileRows[vectors - 1]);
    (isRun ? OF_REAL(runs) [vectors - 1][count - 1] : OF_REAL(scattered)[vectors - 1][count - 1])(g, g->rows + i, g->c + i * g->width);
    i += count;
  }
}

#undef TILE_NAME
#undef DEFINE_TILE
#undef NAME_TILE
