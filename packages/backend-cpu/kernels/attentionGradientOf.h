// The code of attentionGradient.c for one element type.
#include "attentionRowsOf.h"

enum { OF_REAL(BLOCK) = MOST_ROWS_AT_ONCE * CAUSAL_KEYS };
// Of some queries and keys: weights, and the gradient of scores; either of them transposed.
static _Thread_local _Alignas(64) Real OF_REAL(weights)[OF_REAL(BLOCK)], OF_REAL(slopes)[OF_REAL(BLOCK)], OF_REAL(turned)[OF_REAL(BLOCK)];

// A head with some of its keys.
typedef struct OF_REAL(Keys) {
  const Call *call;
  const AttentionParams *p;
  int64_t head;
  // Of the head; NULL if nobody reads them.
  Real *toQuery, *toKey, *toValue;
  OF_REAL(Dropout) dropout;
} OF_REAL(Keys);

// The rows of an operand that belong to a head, from one on.
static const Real *OF_REAL(rowsAt)(const OF_REAL(Keys) * k, int operand, int64_t row) {
  const AttentionParams *p = k->p;
  const int64_t rows = operand == KEY || operand == VALUE ? p->columns : p->rows;
  const int64_t width = operand == QUERY || operand == KEY ? p->width : operand == LOG_SUM_EXP ? 1 : p->valueWidth;
  return (const Real *)k->call->data[operand] + (k->head * rows + row) * width;
}

static Real OF_REAL(dotRows)(const Real *a, const Real *b, int64_t width) {
  Reals sum = OF_REAL(all)(0);
  for (int64_t j = 0; j < width; j += REAL_LANES)
    sum = multiplyAddReals(OF_REAL(loadPart)(a + j, width - j), OF_REAL(loadPart)(b + j, width - j), sum);
  return OF_REAL(sumLanes)(sum);
}

// Products of a query with `count` keys become weights, its gradient's products with their values the gradients of scores.
static void OF_REAL(slopeRow)(const OF_REAL(Keys) * k, int64_t row, int64_t key, int64_t count, Real *weights, Real *slopes) {
  const AttentionParams *p = k->p;
  const Real logSumExp = *OF_REAL(rowsAt)(k, LOG_SUM_EXP, row);
  const int64_t seen = logSumExp == MINUS_INFINITY ? 0 : visibleKeys(p, row, key, count);
  const OF_REAL(MaskRow) mask = OF_REAL(maskRow)(p, p->hasMask ? k->call->data[MASK] : NULL, k->head, row, key);
  const Real along = OF_REAL(dotRows)(OF_REAL(rowsAt)(k, GRADIENT, row), OF_REAL(rowsAt)(k, OUTPUT, row), p->valueWidth);
  const Reals scale = OF_REAL(all)((Real)k->call->scalars[0]), shift = OF_REAL(all)(logSumExp);
  Real factors[CAUSAL_KEYS];
  if (p->dropout) OF_REAL(drawFactors)(&k->dropout, p, k->head * p->rows + row, key, seen, factors);
  int64_t j = 0;
  for (; j < seen; j += REAL_LANES) {
    const Reals weight = OF_REAL(normalExp)(OF_REAL(scoresAt)(weights, scale, mask, j, seen - j) - shift);
    const Reals factor = p->dropout ? OF_REAL(load)(factors + j) : OF_REAL(all)(1);
    const Reals slope = weight * multiplyAddReals(OF_REAL(load)(slopes + j), factor, OF_REAL(all)(-along)) * scale;
    OF_REAL(store)(weights + j, weight * factor);
    OF_REAL(store)(slopes + j, seen - j < REAL_LANES ? OF_REAL(firstLanes)(slope, seen - j, 0) : slope);
  }
  for (; j < count; j += REAL_LANES) {
    OF_REAL(store)(weights + j, OF_REAL(all)(0));
    OF_REAL(store)(slopes + j, OF_REAL(all)(0));
  }
}

// products[query][key] of some rows with `count` rows of another operand.
static void OF_REAL(multiplyRows)(const Real *a, int64_t rows, const Real *b, int64_t count, int64_t width, Real *products) {
  const OF_REAL(Product) product = {
      .a = a, .aStride = width, .c = products, .cStride = CAUSAL_KEYS, .rows = rows, .columns = count, .depth = width};
  OF_REAL(multiply)(product, (OF_REAL(Source)){b, width, true});
}

// sums[row] += Σ of factors[row][k] · x[k].
static void OF_REAL(addRows)(const Real *factors, int64_t stride, int64_t rows, const Real *x, int64_t depth, int64_t width, Real *sums) {
  const OF_REAL(Product) product = {
      .a = factors, .aStride = stride, .c = sums, .cStride = width, .rows = rows, .columns = width, .depth = depth, .accumulate = true};
  OF_REAL(multiply)(product, (OF_REAL(Source)){x, width, false});
}

// sums[key] += Σ of factors[query][key] · x[query].
static void OF_REAL(addTurned)(const Real *factors, int64_t rows, int64_t count, const Real *x, int64_t width, Real *sums) {
  OF_REAL(transpose)(OF_REAL(turned), MOST_ROWS_AT_ONCE, factors, CAUSAL_KEYS, rows, count);
  OF_REAL(addRows)(OF_REAL(turned), MOST_ROWS_AT_ONCE, count, x, rows, width, sums);
}

static void OF_REAL(turnBlock)(const OF_REAL(Keys) * k, int64_t row, int64_t rows, int64_t key, int64_t count) {
  const int64_t width = k->p->width, valueWidth = k->p->valueWidth;
  Real *weights = OF_REAL(weights), *slopes = OF_REAL(slopes);
  const Real *query = OF_REAL(rowsAt)(k, QUERY, row), *gradient = OF_REAL(rowsAt)(k, GRADIENT, row);
  const Real *keys = OF_REAL(rowsAt)(k, KEY, key), *values = OF_REAL(rowsAt)(k, VALUE, key);
  OF_REAL(multiplyRows)(query, rows, keys, count, width, weights);
  OF_REAL(multiplyRows)(gradient, rows, values, count, valueWidth, slopes);
  for (int64_t i = 0; i < rows; i++) OF_REAL(slopeRow)(k, row + i, key, count, weights + i * CAUSAL_KEYS, slopes + i * CAUSAL_KEYS);
  if (k->toValue) OF_REAL(addTurned)(weights, rows, count, gradient, valueWidth, k->toValue + key * valueWidth);
  if (k->toKey) OF_REAL(addTurned)(slopes, rows, count, query, width, k->toKey + key * width);
  if (k->toQuery) OF_REAL(addRows)(slopes, CAUSAL_KEYS, rows, keys, count, width, k->toQuery + row * width);
}

static Real *OF_REAL(zeros)(Real *x, int64_t start, int64_t count) {
  return x ? memset(x + start, 0, (size_t)count * sizeof(Real)) : NULL;
}

// What keys [start, end) of a head give. With more than one chunk the gradients of queries go to the workspace, as [chunk][head][row].
static void OF_REAL(turnKeys)(const Call *call, int64_t head, int64_t chunk) {
  const AttentionParams *p = attentionParams(call);
  const int64_t start = p->columns * chunk / p->chunks, end = p->columns * (chunk + 1) / p->chunks;
  const int64_t rows = p->rows, keys = head * p->columns, queries = ((p->chunks > 1 ? chunk : 0) * p->heads + head) * rows;
  Real *const *to = (Real *const *)call->data + MASK + p->hasMask;
  OF_REAL(Keys) k = {.call = call, .p = p, .head = head};
  if (p->dropout) k.dropout = OF_REAL(openDropout)(call);
  OF_REAL(zeros)(to[1], (keys + start) * p->width, (end - start) * p->width);
  OF_REAL(zeros)(to[2], (keys + start) * p->valueWidth, (end - start) * p->valueWidth);
  if (to[1]) k.toKey = to[1] + keys * p->width;
  if (to[2]) k.toValue = to[2] + keys * p->valueWidth;
  if (to[0]) k.toQuery = OF_REAL(zeros)(p->chunks > 1 ? (Real *)call->workspace : to[0], queries * p->width, rows * p->width);
  for (int64_t key = start, count; key < end; key += count) {
    count = minimum64(CAUSAL_KEYS, end - key);
    // Queries before this one see none of these keys.
    for (int64_t row = p->causal ? minimum64(key, rows) : 0, some; row < rows; row += some) {
      some = minimum64(MOST_ROWS_AT_ONCE, rows - row);
      OF_REAL(turnBlock)(&k, row, some, key, count);
    }
  }
}

static void OF_REAL(addChunks)(const Call *call) {
  const AttentionParams *p = attentionParams(call);
  const int64_t elements = (int64_t)p->heads * p->rows * p->width;
  const Real *parts = (const Real *)call->workspace;
  Real *toQuery = call->data[MASK + p->hasMask];
  FOR_PIECES(piece, toQuery ? ceilDivide(elements, SUM_PIECE) : 0, call) {
    const int64_t end = minimum64(elements, (int64_t)(piece + 1) * SUM_PIECE);
    for (int64_t i = (int64_t)piece * SUM_PIECE; i < end; i++) {
      Real sum = parts[i];
      for (int64_t chunk = 1; chunk < p->chunks; chunk++) sum += parts[chunk * elements + i];
      toQuery[i] = sum;
    }
  }
}

static void OF_REAL(attentionGradient)(const Call *call) {
  const AttentionParams *p = attentionParams(call);
  FOR_PIECES(piece, (int64_t)p->heads * p->chunks, call) OF_REAL(turnKeys)(call, piece / p->chunks, piece % p->chunks);
  if (p->chunks == 1) return;
  endPhase(call);
  OF_REAL(addChunks)(call);
}
