#include "placesTile.h"

#include "tile.h"

#define UNROLL _Pragma("GCC unroll 12")
#if defined(__AVX512F__)
#define HAS_MASKS 1
#else
#define HAS_MASKS 0
#endif

// The tiles that fit the registers, and how many vectors the widest has for each number of rows.
#define UP_TO_2(TILE, rows) TILE(rows, 1) TILE(rows, 2)
#define UP_TO_3(TILE, rows) UP_TO_2(TILE, rows) TILE(rows, 3)
#define UP_TO_4(TILE, rows) UP_TO_3(TILE, rows) TILE(rows, 4)
#define UP_TO_7(TILE, rows) UP_TO_4(TILE, rows) TILE(rows, 5) TILE(rows, 6) TILE(rows, 7)
#define UP_TO_8(TILE, rows) UP_TO_7(TILE, rows) TILE(rows, 8)
#if PANEL_VECTORS == 4
#define EACH_TILE(TILE)                                                                                                \
  UP_TO_8(TILE, 1) UP_TO_8(TILE, 2) UP_TO_4(TILE, 3) UP_TO_4(TILE, 4) UP_TO_4(TILE, 5) UP_TO_4(TILE, 6)
enum { MOST_ROWS = 6, MOST_VECTORS = 8, DOT_ROWS = 2 };
static const int8_t tileVectors[] = {8, 8, 4, 4, 4, 4};
#elif defined(__wasm__)
// As in tile.c.
#define EACH_TILE(TILE) UP_TO_7(TILE, 1) UP_TO_4(TILE, 2) UP_TO_3(TILE, 3) UP_TO_2(TILE, 4)
enum { MOST_ROWS = 4, MOST_VECTORS = 7, DOT_ROWS = 1 };
static const int8_t tileVectors[] = {7, 4, 3, 2};
#else
#define EACH_TILE(TILE) UP_TO_8(TILE, 1) UP_TO_4(TILE, 2) UP_TO_2(TILE, 3) UP_TO_2(TILE, 4) UP_TO_2(TILE, 5)
enum { MOST_ROWS = 5, MOST_VECTORS = 8, DOT_ROWS = 1 };
static const int8_t tileVectors[] = {8, 4, 2, 2, 2};
#endif

// Before a pointer to its middle: as many ones as lanes are wanted.
static const int32_t lanesOf[2 * FLOAT_LANES] = {[0 ... FLOAT_LANES - 1] = -1};

#define REAL_BITS 32
#include "placesTileOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "placesTileOf.h"
