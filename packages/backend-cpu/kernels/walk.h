// Row-major steps through the outer dims of an array, with the offset of each place in two arrays that have strides of their own.
#pragma once
#include "kernel.h"

// Encoders drop dims of size 1, so fewer than 2^31 elements have no more dims.
enum { MOST_DIMS = 31 };

// Elements of streaming work in a piece.
enum { PIECE_ELEMENTS = 32768, PIECE_BYTES = 4 * PIECE_ELEMENTS };

// Elements of an array of these sizes.
static inline int64_t productOf(const int32_t *sizes, int32_t rank) {
  int64_t product = 1;
  for (int32_t d = 0; d < rank; d++) product *= sizes[d];
  return product;
}

typedef struct Walk {
  int32_t rank;
  const int32_t *sizes;
  const int32_t *targetStrides;
  const int32_t *sourceStrides;
  int64_t target;
  int64_t source;
  int32_t index[MOST_DIMS];
} Walk;

// At place `position` of the dims, counted in row-major order.
static inline Walk walkTo(int32_t rank, const int32_t *sizes, const int32_t *targetStrides, const int32_t *sourceStrides,
                          int64_t position) {
  Walk walk = {.rank = rank, .sizes = sizes, .targetStrides = targetStrides, .sourceStrides = sourceStrides};
  for (int32_t d = rank - 1; d >= 0; d--) {
    walk.index[d] = (int32_t)(position % sizes[d]);
    position /= sizes[d];
    walk.target += (int64_t)walk.index[d] * targetStrides[d];
    walk.source += (int64_t)walk.index[d] * sourceStrides[d];
  }
  return walk;
}

// The next place. Behind the last one comes the first.
static inline void walkOn(Walk *walk) {
  for (int32_t d = walk->rank - 1; d >= 0; d--) {
    walk->target += walk->targetStrides[d];
    walk->source += walk->sourceStrides[d];
    if (++walk->index[d] < walk->sizes[d]) return;
    walk->target -= (int64_t)walk->sizes[d] * walk->targetStrides[d];
    walk->source -= (int64_t)walk->sizes[d] * walk->sourceStrides[d];
    walk->index[d] = 0;
  }
}

// memcpy of at most 32 bytes without a call.
static inline void copyFewBytes(char *target, const char *source, int64_t bytes) {
  if (bytes >= 16) {
    memcpy(target, source, 16);
    memcpy(target + bytes - 16, source + bytes - 16, 16);
  } else if (bytes >= 8) {
    memcpy(target, source, 8);
    memcpy(target + bytes - 8, source + bytes - 8, 8);
  } else if (bytes >= 4) {
    memcpy(target, source, 4);
    memcpy(target + bytes - 4, source + bytes - 4, 4);
  } else {
    for (int64_t i = 0; i < bytes; i++) target[i] = source[i];
  }
}

static inline void copyBytes(void *target, const void *source, int64_t bytes) {
  if (bytes > 32) memcpy(target, source, (size_t)bytes);
  else copyFewBytes(target, source, bytes);
}

// memset to zero of at most 32 bytes without a call.
static inline void zeroBytes(void *target, int64_t bytes) {
  static const char zeros[32];
  if (bytes > 32) memset(target, 0, (size_t)bytes);
  else copyFewBytes(target, zeros, bytes);
}
