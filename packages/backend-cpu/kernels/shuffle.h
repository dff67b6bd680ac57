// Transposes in registers: some columns of as many rows as fill a vector.
#pragma once
#include "vector.h"

#if defined(__clang__)
#define INTERLEAVE(T, a, b, ...) (T) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define INTERLEAVE(T, a, b, ...) (T) __builtin_shuffle(a, b, (T){__VA_ARGS__})
#endif

// Lanes of a (0 …) and of b (the lanes of a vector on): lane i of quarter q, alternating.
#if VECTOR_BYTES == 64
#define LOW_WORDS 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define HIGH_WORDS 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define EVEN_WORDS 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_WORDS 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define FIRST_PAIRS 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define SECOND_PAIRS 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define LOW_LONGS 0, 8, 2, 10, 4, 12, 6, 14
#define HIGH_LONGS 1, 9, 3, 11, 5, 13, 7, 15
#elif VECTOR_BYTES == 32
#define LOW_WORDS 0, 8, 1, 9, 4, 12, 5, 13
#define HIGH_WORDS 2, 10, 3, 11, 6, 14, 7, 15
#define EVEN_WORDS 0, 2, 4, 6, 8, 10, 12, 14
#define ODD_WORDS 1, 3, 5, 7, 9, 11, 13, 15
#define FIRST_PAIRS 0, 8, 1, 9, 2, 10, 3, 11
#define SECOND_PAIRS 4, 12, 5, 13, 6, 14, 7, 15
#define LOW_LONGS 0, 4, 2, 6
#define HIGH_LONGS 1, 5, 3, 7
#else
#define LOW_WORDS 0, 4, 1, 5
#define HIGH_WORDS 2, 6, 3, 7
#define EVEN_WORDS 0, 2, 4, 6
#define ODD_WORDS 1, 3, 5, 7
#define FIRST_PAIRS 0, 4, 1, 5
#define SECOND_PAIRS 2, 6, 3, 7
#define LOW_LONGS 0, 2
#define HIGH_LONGS 1, 3
#endif

// Four rows of four floats in each 16 bytes become four columns.
INLINE void transposeQuartersFloats(Words rows[4]) {
  const Longs a = (Longs)INTERLEAVE(Words, rows[0], rows[1], LOW_WORDS), b = (Longs)INTERLEAVE(Words, rows[2], rows[3], LOW_WORDS);
  const Longs c = (Longs)INTERLEAVE(Words, rows[0], rows[1], HIGH_WORDS), d = (Longs)INTERLEAVE(Words, rows[2], rows[3], HIGH_WORDS);
  rows[0] = (Words)INTERLEAVE(Longs, a, b, LOW_LONGS);
  rows[1] = (Words)INTERLEAVE(Longs, a, b, HIGH_LONGS);
  rows[2] = (Words)INTERLEAVE(Longs, c, d, LOW_LONGS);
  rows[3] = (Words)INTERLEAVE(Longs, c, d, HIGH_LONGS);
}

// columns[j] = element j of each of as many rows as a vector has lanes; `stride` counts elements from row to row.
#if VECTOR_BYTES == 64
enum { FLOAT_COLUMNS = 8 };
INLINE void transposeColumnsFloats(Words columns[8], const float *rows, int64_t stride) {
  Words a[4], b[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    a[i] = loadHalves(rows + i * stride, 16 * stride);
    b[i] = loadHalves(rows + (8 + i) * stride, 16 * stride);
  }
  transposeQuartersFloats(a);
  transposeQuartersFloats(b);
#pragma GCC unroll 4
  for (int j = 0; j < 4; j++) {
    columns[j] = (Words)INTERLEAVE(Longs, (Longs)a[j], (Longs)b[j], 0, 1, 4, 5, 8, 9, 12, 13);
    columns[j + 4] = (Words)INTERLEAVE(Longs, (Longs)a[j], (Longs)b[j], 2, 3, 6, 7, 10, 11, 14, 15);
  }
}
#else
enum { FLOAT_COLUMNS = 4 };
INLINE void transposeColumnsFloats(Words columns[4], const float *rows, int64_t stride) {
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) columns[i] = loadQuarters(rows + i * stride, 16 * stride);
  transposeQuartersFloats(columns);
}
#endif

enum { DOUBLE_COLUMNS = 2 };
INLINE void transposeColumnsDoubles(Words columns[2], const double *rows, int64_t stride) {
  const Longs a = (Longs)loadQuarters(rows, 16 * stride), b = (Longs)loadQuarters(rows + stride, 16 * stride);
  columns[0] = (Words)INTERLEAVE(Longs, a, b, LOW_LONGS);
  columns[1] = (Words)INTERLEAVE(Longs, a, b, HIGH_LONGS);
}
