// Transposes of squares of 4-byte elements in registers.
#pragma once
#include "shuffle.h"

// Lanes of a (0 …) and of b (the lanes of a vector on), alternating: of their first halves, of their second halves.
#if VECTOR_BYTES == 64
#define LOW_LANES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_LANES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif VECTOR_BYTES == 32
#define LOW_LANES 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_LANES 4, 12, 5, 13, 6, 14, 7, 15
#else
#define LOW_LANES 0, 4, 1, 5
#define HIGH_LANES 2, 6, 3, 7
#endif

enum { SQUARE = VECTOR_BYTES / 4 };

// One of the log2(SQUARE) rounds that together transpose: rows i and i + SQUARE / 2, lanes alternating, become rows 2i and 2i + 1.
INLINE void interleaveRows(Words *to, const Words *from) {
#pragma GCC unroll 8
  for (int i = 0; i < SQUARE / 2; i++) {
    to[2 * i] = INTERLEAVE(Words, from[i], from[i + SQUARE / 2], LOW_LANES);
    to[2 * i + 1] = INTERLEAVE(Words, from[i], from[i + SQUARE / 2], HIGH_LANES);
  }
}

// target[i][j] = source[j][i] for i, j < SQUARE; strides in elements.
INLINE void transposeSquare(uint32_t *target, const uint32_t *source, int64_t targetStride, int64_t sourceStride) {
  Words a[SQUARE], b[SQUARE];
#pragma GCC unroll 16
  for (int i = 0; i < SQUARE; i++) memcpy(&a[i], source + i * sourceStride, sizeof *a);
  interleaveRows(b, a);
  interleaveRows(a, b);
#if VECTOR_BYTES > 16
  interleaveRows(b, a);
#endif
#if VECTOR_BYTES > 32
  interleaveRows(a, b);
#endif
  const Words *rows = VECTOR_BYTES == 32 ? b : a;
#pragma GCC unroll 16
  for (int i = 0; i < SQUARE; i++) memcpy(target + i * targetStride, &rows[i], sizeof *rows);
}
