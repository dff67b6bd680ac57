#include "tile.h"

#include "shuffle.h"

#define UNROLL _Pragma("GCC unroll 12")
#define MOST_ROWS 12
// V8 puts the loads of a loop's body before its arithmetic: of two steps there are too many for the registers.
#if defined(__wasm__)
#define DEPTH_AT_ONCE 1
#else
#define DEPTH_AT_ONCE 2
#endif

// The tiles that fit the registers, and how many rows the highest has for each number of vectors.
#define ROWS_3(TILE, vectors) TILE(1, vectors) TILE(2, vectors) TILE(3, vectors)
#define ROWS_4(TILE, vectors) ROWS_3(TILE, vectors) TILE(4, vectors)
#define ROWS_5(TILE, vectors) ROWS_4(TILE, vectors) TILE(5, vectors)
#define ROWS_6(TILE, vectors) ROWS_5(TILE, vectors) TILE(6, vectors)
#define ROWS_7(TILE, vectors) ROWS_6(TILE, vectors) TILE(7, vectors)
#define ROWS_8(TILE, vectors) ROWS_7(TILE, vectors) TILE(8, vectors)
#define ROWS_12(TILE, vectors) ROWS_8(TILE, vectors) TILE(9, vectors) TILE(10, vectors) TILE(11, vectors) TILE(12, vectors)
#if PANEL_VECTORS == 4
#define EACH_TILE(TILE) ROWS_12(TILE, 1) ROWS_12(TILE, 2) ROWS_8(TILE, 3) ROWS_6(TILE, 4)
static const int8_t tileRows[] = {12, 12, 8, 6};
#elif defined(__wasm__)
// V8 keeps one of the 16 registers to itself: the others hold the sums, the columns and all rows.
#define EACH_TILE(TILE) ROWS_7(TILE, 1) ROWS_4(TILE, 2) ROWS_3(TILE, 3)
static const int8_t tileRows[] = {7, 4, 3};
#elif VECTOR_BYTES == 32
#define EACH_TILE(TILE) ROWS_8(TILE, 1) ROWS_6(TILE, 2) ROWS_4(TILE, 3)
static const int8_t tileRows[] = {8, 6, 4};
#else
#define EACH_TILE(TILE) ROWS_8(TILE, 1) ROWS_5(TILE, 2) ROWS_3(TILE, 3)
static const int8_t tileRows[] = {8, 5, 3};
#endif

// Three or four vectors keep the arithmetic busiest: 4 is 4 or 2 + 2, 5 is 3 + 2, 7 is 4 + 3 or 2 + 3 + 2, 8 is 4 + 4 or 3 + 3 + 2.
static int64_t panelVectors(int64_t left) {
  if (left < 4) return left;
  if (PANEL_VECTORS == 4) return left % 3 == 1 || (left % 3 == 2 && left > 5) ? 4 : 3;
  return left % 3 == 1 ? 2 : 3;
}

#define REAL_BITS 32
#define AT_ONCE FLOAT_COLUMNS
#include "tileOf.h"
#undef REAL_BITS
#undef AT_ONCE
#define REAL_BITS 64
#define AT_ONCE DOUBLE_COLUMNS
#include "tileOf.h"
