// Windows over planes of up to three dims, as src/encode/pooling.ts writes them down.
#pragma once
#include "kernel.h"

typedef struct PoolAxis {
  // Elements and windows along a plane, and how windows lie.
  int32_t elements, windows, kernel, stride, padding, dilation;
} PoolAxis;

typedef struct Pooling {
  int32_t dtype, planes, planesPerPiece;
  PoolAxis axes[3];
} Pooling;

enum { POOL_FLOAT = 0, POOL_DOUBLE = 1, POOL_INT = 2, POOLING_PARAMS = 21 };

// The part of a window along an axis that meets elements: taps [first, end), of which tap t meets element start + t * dilation.
typedef struct Reach {
  int32_t first, end, start;
} Reach;

static inline Pooling poolingOf(const int32_t *params) {
  Pooling pooling;
  memcpy(&pooling, params, sizeof pooling);
  return pooling;
}

static inline int64_t planeElements(const Pooling *pooling) {
  return (int64_t)pooling->axes[0].elements * pooling->axes[1].elements * pooling->axes[2].elements;
}
static inline int64_t planeWindows(const Pooling *pooling) {
  return (int64_t)pooling->axes[0].windows * pooling->axes[1].windows * pooling->axes[2].windows;
}

static inline Reach reachOf(const PoolAxis *axis, int32_t window) {
  const int32_t start = window * axis->stride - axis->padding;
  const int32_t first = start < 0 ? (-start + axis->dilation - 1) / axis->dilation : 0;
  const int32_t within = start < axis->elements ? (axis->elements - start + axis->dilation - 1) / axis->dilation : 0;
  return (Reach){first, within < axis->kernel ? within : axis->kernel, start};
}

// Each tap of the window at (d, h, w) in the order of the kernel's elements, with `position` of the element in its plane.
#define FOR_TAPS(position, pooling, d, h, w)                                                                                             \
  const Reach reachD = reachOf(&(pooling)->axes[0], d), reachH = reachOf(&(pooling)->axes[1], h), reachW = reachOf(&(pooling)->axes[2], w); \
  for (int32_t tapD = reachD.first; tapD < reachD.end; tapD++)                                                                           \
    for (int32_t tapH = reachH.first; tapH < reachH.end; tapH++)                                                                         \
      for (int32_t tapW = reachW.first, position = poolPosition(pooling, reachD, reachH, reachW, tapD, tapH); tapW < reachW.end;         \
           tapW++, position += (pooling)->axes[2].dilation)

static inline int32_t poolPosition(const Pooling *pooling, Reach d, Reach h, Reach w, int32_t tapD, int32_t tapH) {
  const PoolAxis *axes = pooling->axes;
  const int32_t row = (d.start + tapD * axes[0].dilation) * axes[1].elements + h.start + tapH * axes[1].dilation;
  return row * axes[2].elements + w.start + w.first * axes[2].dilation;
}

// Each window of a plane, with its place among all.
#define FOR_WINDOWS(window, pooling, d, h, w)                         \
  for (int32_t d = 0, window = 0; d < (pooling)->axes[0].windows; d++) \
    for (int32_t h = 0; h < (pooling)->axes[1].windows; h++)           \
      for (int32_t w = 0; w < (pooling)->axes[2].windows; w++, window++)

static inline int32_t poolPieces(const Pooling *pooling) { return (int32_t)ceilDivide(pooling->planes, pooling->planesPerPiece); }
static inline int32_t poolEnd(const Pooling *pooling, int32_t piece) {
  return (int32_t)minimum64(pooling->planes, (int64_t)(piece + 1) * pooling->planesPerPiece);
}
