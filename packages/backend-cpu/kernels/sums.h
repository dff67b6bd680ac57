// Sums of float32 down columns, in double precision but for eight numbers at a time.
#pragma once
#include "kernel.h"
#include "vector.h"

typedef float HalfOfFloats __attribute__((vector_size(VECTOR_BYTES / 2)));

INLINE Doubles lowerDoubles(Floats v) {
#if defined(__AVX512F__)
  return (Doubles)_mm512_cvtps_pd(_mm512_castps512_ps256((__m512)v));
#else
  HalfOfFloats half;
  memcpy(&half, &v, sizeof half);
  return __builtin_convertvector(half, Doubles);
#endif
}
INLINE Doubles upperDoubles(Floats v) {
#if defined(__AVX512F__)
  return (Doubles)_mm512_cvtps_pd(_mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd((__m512)v), 1)));
#else
  HalfOfFloats half;
  memcpy(&half, (const char *)&v + sizeof half, sizeof half);
  return __builtin_convertvector(half, Doubles);
#endif
}

// totals[i] += v[i] for each lane.
INLINE void addToDoubles(double *totals, Floats v) {
  storeDoubles(totals, loadDoubles(totals) + lowerDoubles(v));
  storeDoubles(totals + DOUBLE_LANES, loadDoubles(totals + DOUBLE_LANES) + upperDoubles(v));
}

// totals[c] += the sum of x[r * stride + c] over eight rows r.
static inline void addEightRows(double *totals, const float *x, int64_t stride, int64_t width) {
  const float *r[8];
  for (int i = 0; i < 8; i++) r[i] = x + i * stride;
  int64_t c = 0;
  for (; c + FLOAT_LANES <= width; c += FLOAT_LANES) {
    const Floats a = (loadFloats(r[0] + c) + loadFloats(r[1] + c)) + (loadFloats(r[2] + c) + loadFloats(r[3] + c));
    const Floats b = (loadFloats(r[4] + c) + loadFloats(r[5] + c)) + (loadFloats(r[6] + c) + loadFloats(r[7] + c));
    addToDoubles(totals + c, a + b);
  }
  for (; c < width; c++)
    totals[c] += ((r[0][c] + r[1][c]) + (r[2][c] + r[3][c])) + ((r[4][c] + r[5][c]) + (r[6][c] + r[7][c]));
}

// The same over any number of rows.
static inline void addRowsOfFloats(double *totals, const float *x, int64_t rows, int64_t stride, int64_t width) {
  for (; rows >= 8; rows -= 8, x += 8 * stride) addEightRows(totals, x, stride, width);
  for (; rows > 0; rows--, x += stride) {
    int64_t c = 0;
    for (; c + FLOAT_LANES <= width; c += FLOAT_LANES) addToDoubles(totals + c, loadFloats(x + c));
    for (; c < width; c++) totals[c] += x[c];
  }
}
