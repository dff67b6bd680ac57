// What the kernels of attention share: their params, and where each head's operands lie.
#pragma once
#include "kernel.h"
#include "philox.h"

// Written by src/encode/attention.ts, in this order. Strides of the mask are 0 where it is broadcast.
typedef struct AttentionParams {
  int32_t isFloat64, heads;
  // Of the weights of a head, of queries and keys, and of values.
  int32_t rows, columns, width, valueWidth;
  int32_t causal, dropout, hasMask;
  // Gradient: each head's keys are cut into so many pieces.
  int32_t chunks;
  int32_t maskRowStride, maskColumnStride;
  // Leading dims: sizes, then strides of the mask.
  int32_t rank;
  int32_t dims[];
} AttentionParams;

enum {
  // Queries and keys that are multiplied at a time.
  MOST_ROWS_AT_ONCE = 128,
  MOST_KEYS_AT_ONCE = 128,
  // Blocks on the diagonal are computed as a whole: smaller ones waste less.
  CAUSAL_KEYS = 64,
  // Products that are added at a time, so that their panels stay in the first cache.
  DEPTH_AT_ONCE = 128,
};

#define MINUS_INFINITY (-__builtin_inff())

static inline const AttentionParams *attentionParams(const Call *call) { return (const AttentionParams *)call->params; }

// The first element of the mask for a head.
static inline int64_t maskStart(const AttentionParams *p, int64_t head) {
  int64_t start = 0;
  for (int32_t d = p->rank - 1; d >= 0; d--) {
    start += head % p->dims[d] * p->dims[p->rank + d];
    head /= p->dims[d];
  }
  return start;
}

// How many of `count` keys from `key` on a query sees.
static inline int64_t visibleKeys(const AttentionParams *p, int64_t row, int64_t key, int64_t count) {
  return p->causal ? maximum64(0, minimum64(count, row - key + 1)) : count;
}

static inline Philox attentionPhilox(const Call *call) {
  return philoxOpen(call->scalars[2], call->scalars[3], call->scalars[4], call->scalars[5]);
}
