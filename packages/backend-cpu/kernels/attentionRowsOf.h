// Products of blocks, and what the scores of one query need, for one element type.
#include "real.h"

#include "realParts.h"

static _Thread_local _Alignas(64) Real OF_REAL(panel)[DEPTH_AT_ONCE * PANEL_VECTORS * REAL_LANES];

// b of a product as it lies in memory: [depth][columns], or [columns][depth] if it is transposed.
typedef struct OF_REAL(Source) {
  const Real *data;
  int64_t stride;
  bool isTransposed;
} OF_REAL(Source);

// c (+)= a @ b, panel by panel.
static void OF_REAL(multiply)(OF_REAL(Product) product, OF_REAL(Source) b) {
  const int64_t depth = product.depth, columns = product.columns;
  Real *c = product.c;
  const Real *a = product.a;
  const bool accumulate = product.accumulate;
  int64_t k = 0;
  do {
    product.depth = minimum64(DEPTH_AT_ONCE, depth - k);
    product.a = a + k;
    product.accumulate = accumulate || k > 0;
    for (int64_t j = 0; j < columns; j += product.columns) {
      product.columns = OF_REAL(panelColumns)(columns - j);
      product.c = c + j;
      product.b = OF_REAL(panel);
      product.bStride = OF_REAL(panelWidth)(product.columns);
      if (b.isTransposed)
        OF_REAL(transpose)(OF_REAL(panel), product.bStride, b.data + j * b.stride + k, b.stride, product.columns, product.depth);
      else if (product.columns < product.bStride)
        OF_REAL(packColumns)(OF_REAL(panel), b.data + k * b.stride + j, b.stride, product.depth, product.columns);
      else {
        product.b = b.data + k * b.stride + j;
        product.bStride = b.stride;
      }
      OF_REAL(multiplyPanel)(&product);
    }
    k += product.depth;
  } while (k < depth);
}

// The first `count` lanes of x, and `others` behind them.
INLINE Reals OF_REAL(firstLanes)(Reals x, int64_t count, Real others) {
  __typeof__(x < x) lane;
  for (int i = 0; i < REAL_LANES; i++) lane[i] = i;
  const __typeof__(lane) isFirst = lane < (int32_t)minimum64(count, REAL_LANES), other = (__typeof__(lane))OF_REAL(all)(others);
  return (Reals)((isFirst & (__typeof__(lane))x) | (~isFirst & other));
}

// What one query adds to its scores.
typedef struct OF_REAL(MaskRow) {
  // NULL: nothing.
  const Real *data;
  // Whether the same number for all keys.
  bool isOne;
} OF_REAL(MaskRow);

static inline OF_REAL(MaskRow) OF_REAL(maskRow)(const AttentionParams *p, const Real *mask, int64_t head, int64_t row, int64_t key) {
  if (!mask) return (OF_REAL(MaskRow)){NULL, false};
  return (OF_REAL(MaskRow)){mask + maskStart(p, head) + row * p->maskRowStride + key * p->maskColumnStride, p->maskColumnStride == 0};
}

// A vector of scores from the products of query and keys, of which `count` are left; minus infinity behind them.
INLINE Reals OF_REAL(scoresAt)(const Real *products, Reals scale, OF_REAL(MaskRow) mask, int64_t at, int64_t count) {
  Reals scores = OF_REAL(load)(products + at) * scale;
  if (mask.data) scores += mask.isOne ? OF_REAL(all)(*mask.data) : OF_REAL(loadPart)(mask.data + at, count);
  return count < REAL_LANES ? OF_REAL(firstLanes)(scores, count, MINUS_INFINITY) : scores;
}

// What weights are multiplied with: 0 where they drop out.
typedef struct OF_REAL(Dropout) {
  Philox philox;
  Real limit, scale;
} OF_REAL(Dropout);

static inline OF_REAL(Dropout) OF_REAL(openDropout)(const Call *call) {
  const Real limit = (Real)call->scalars[1];
  return (OF_REAL(Dropout)){attentionPhilox(call), limit, 1 / (1 - limit)};
}

// factors[j] for `count` weights of a query, from `key` on.
static void OF_REAL(drawFactors)(const OF_REAL(Dropout) * dropout, const AttentionParams *p, int64_t line, int64_t key, int64_t count,
                                 Real *factors) {
  OF_REAL(uniform)(&dropout->philox, line * p->columns + key, count, factors);
  for (int64_t j = 0; j < count; j += REAL_LANES) {
    const Reals uniform = OF_REAL(loadPart)(factors + j, count - j);
    const __typeof__(uniform < uniform) isKept = uniform >= dropout->limit;
    OF_REAL(store)(factors + j, (Reals)(isKept & (__typeof__(isKept))OF_REAL(all)(dropout->scale)));
  }
}
