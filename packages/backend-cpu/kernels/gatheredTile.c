#include "gatheredTile.h"

#include "tile.h"

#define UNROLL _Pragma("GCC unroll 14")

// The tiles that fit the registers: of rows anywhere, and of neighbours, which need fewer addresses.
#define ROWS_3(TILE, vectors, isRun) TILE(1, vectors, isRun) TILE(2, vectors, isRun) TILE(3, vectors, isRun)
#define ROWS_4(TILE, vectors, isRun) ROWS_3(TILE, vectors, isRun) TILE(4, vectors, isRun)
#define ROWS_6(TILE, vectors, isRun) ROWS_4(TILE, vectors, isRun) TILE(5, vectors, isRun) TILE(6, vectors, isRun)
#define ROWS_8(TILE, vectors, isRun) ROWS_6(TILE, vectors, isRun) TILE(7, vectors, isRun) TILE(8, vectors, isRun)
#define ROWS_14(TILE, vectors, isRun)                                                                                  \
  ROWS_8(TILE, vectors, isRun)                                                                                         \
  TILE(9, vectors, isRun) TILE(10, vectors, isRun) TILE(11, vectors, isRun) TILE(12, vectors, isRun) TILE(13, vectors, isRun)             \
  TILE(14, vectors, isRun)
#if PANEL_VECTORS == 4
#define EACH_TILE(TILE) ROWS_8(TILE, 1, 0) ROWS_8(TILE, 2, 0) ROWS_8(TILE, 3, 0) ROWS_6(TILE, 4, 0)
#define EACH_RUN(TILE) ROWS_14(TILE, 1, 1) ROWS_14(TILE, 2, 1)
enum { MOST_ROWS = 14, MOST_SCATTERED = 8, RUN_VECTORS = 2, LEAST_RUN = 7 };
static const int8_t tileRows[] = {8, 8, 8, 6};
#elif defined(__wasm__)
// As in tile.c.
#define EACH_TILE(TILE) ROWS_6(TILE, 1, 0) ROWS_4(TILE, 2, 0) ROWS_3(TILE, 3, 0)
#define EACH_RUN(TILE) TILE(1, 1, 1)
enum { MOST_ROWS = 6, MOST_SCATTERED = 6, RUN_VECTORS = 0, LEAST_RUN = 1 };
static const int8_t tileRows[] = {6, 4, 3};
#else
#define EACH_TILE(TILE) ROWS_6(TILE, 1, 0) ROWS_6(TILE, 2, 0) ROWS_4(TILE, 3, 0)
#define EACH_RUN(TILE) TILE(1, 1, 1)
enum { MOST_ROWS = 6, MOST_SCATTERED = 6, RUN_VECTORS = 0, LEAST_RUN = 1 };
static const int8_t tileRows[] = {6, 6, 4};
#endif

// How many rows from the first on are neighbours.
static int64_t runLength(const int32_t *rows, int64_t count) {
  int64_t length = 1;
  while (length < count && rows[length] == rows[0] + length) length++;
  return length;
}

// The first of equal parts of at most `most`.
static int64_t partOfRun(int64_t length, int64_t most) { return ceilDivide(length, ceilDivide(length, most)); }

#define REAL_BITS 32
#include "gatheredTileOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "gatheredTileOf.h"
