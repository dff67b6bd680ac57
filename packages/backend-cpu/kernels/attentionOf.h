// The code of attention.c for one element type.
#include "attentionRowsOf.h"

static _Thread_local _Alignas(64) Real OF_REAL(scores)[MOST_ROWS_AT_ONCE * MOST_KEYS_AT_ONCE];

// Some queries of a head.
typedef struct OF_REAL(Queries) {
  const Call *call;
  const AttentionParams *p;
  int64_t head, row, rows;
  // Of the first of them; NULL if nobody reads it.
  Real *output;
  OF_REAL(Dropout) dropout;
  // Of each: its greatest score so far, and the sum of all exp(score - greatest).
  Real most[MOST_ROWS_AT_ONCE], total[MOST_ROWS_AT_ONCE];
} OF_REAL(Queries);

INLINE Real OF_REAL(greatestOf)(const Real *products, Reals scale, OF_REAL(MaskRow) mask, int64_t count) {
  Reals most = OF_REAL(all)(MINUS_INFINITY);
  for (int64_t j = 0; j < count; j += REAL_LANES) most = OF_REAL(greater)(OF_REAL(scoresAt)(products, scale, mask, j, count - j), most);
  return OF_REAL(greatestLane)(most);
}

// What was added up before a greater score was found shrinks.
static void OF_REAL(shrink)(OF_REAL(Queries) * q, int64_t i, Real most) {
  const Reals factor = OF_REAL(normalExp)(OF_REAL(all)(q->most[i] - most));
  const int64_t width = q->p->valueWidth;
  Real *output = q->output + i * width;
  for (int64_t k = 0; q->output && k < width; k += REAL_LANES)
    OF_REAL(storePart)(output + k, OF_REAL(loadPart)(output + k, width - k) * factor, width - k);
  q->total[i] *= factor[0];
  q->most[i] = most;
}

// A query with its products with `count` keys from `key` on, of which it sees the first.
typedef struct OF_REAL(Line) {
  Real *products;
  OF_REAL(MaskRow) mask;
  Reals scale;
  int64_t row, key, seen, count;
} OF_REAL(Line);

INLINE OF_REAL(Line) OF_REAL(lineOf)(const OF_REAL(Queries) * q, int64_t i, int64_t key, int64_t count, Real *products) {
  const AttentionParams *p = q->p;
  const int64_t row = q->row + i;
  return (OF_REAL(Line)){products,
                         OF_REAL(maskRow)(p, p->hasMask ? q->call->data[3] : NULL, q->head, row, key),
                         OF_REAL(all)((Real)q->call->scalars[0]),
                         row,
                         key,
                         visibleKeys(p, row, key, count),
                         count};
}

static void OF_REAL(findGreatest)(OF_REAL(Queries) * q, int64_t i, const OF_REAL(Line) * line) {
  const Real most = OF_REAL(greatestOf)(line->products, line->scale, line->mask, line->seen);
  if (!(most <= q->most[i])) OF_REAL(shrink)(q, i, most);
}

// The products become weights, exp(score - greatest), zeros where the query does not see the key.
static void OF_REAL(weigh)(OF_REAL(Queries) * q, int64_t i, const OF_REAL(Line) * line) {
  const bool drops = q->p->dropout;
  Real factors[MOST_KEYS_AT_ONCE];
  if (drops) OF_REAL(drawFactors)(&q->dropout, q->p, q->head * q->p->rows + line->row, line->key, line->seen, factors);
  const Reals shift = OF_REAL(all)(q->most[i] == MINUS_INFINITY ? 0 : q->most[i]);
  Reals total = OF_REAL(all)(0);
  int64_t j = 0;
  for (; j < line->seen; j += REAL_LANES) {
    const Reals weights = OF_REAL(normalExp)(OF_REAL(scoresAt)(line->products, line->scale, line->mask, j, line->seen - j) - shift);
    total += weights;
    OF_REAL(store)(line->products + j, drops ? weights * OF_REAL(load)(factors + j) : weights);
  }
  for (; j < line->count; j += REAL_LANES) OF_REAL(store)(line->products + j, OF_REAL(all)(0));
  q->total[i] += OF_REAL(sumLanes)(total);
}

static void OF_REAL(attendBlock)(OF_REAL(Queries) * q, int64_t key, int64_t count) {
  const AttentionParams *p = q->p;
  // Queries before this one see none of these keys.
  const int64_t first = p->causal ? maximum64(0, key - q->row) : 0, rows = q->rows - first;
  const int64_t query = q->head * p->rows + q->row + first, keys = q->head * p->columns + key;
  const Real *queries = q->call->data[0], *allKeys = q->call->data[1], *values = q->call->data[2];
  Real *scores = OF_REAL(scores);
  const OF_REAL(Product) product = {.a = queries + query * p->width,
                                    .aStride = p->width,
                                    .c = scores,
                                    .cStride = MOST_KEYS_AT_ONCE,
                                    .rows = rows,
                                    .columns = count,
                                    .depth = p->width};
  OF_REAL(multiply)(product, (OF_REAL(Source)){allKeys + keys * p->width, p->width, true});
  // One after the other, so that rows overlap in the processor.
  for (int64_t i = 0; i < rows; i++) {
    const OF_REAL(Line) line = OF_REAL(lineOf)(q, first + i, key, count, scores + i * MOST_KEYS_AT_ONCE);
    OF_REAL(findGreatest)(q, first + i, &line);
  }
  for (int64_t i = 0; i < rows; i++) {
    const OF_REAL(Line) line = OF_REAL(lineOf)(q, first + i, key, count, scores + i * MOST_KEYS_AT_ONCE);
    OF_REAL(weigh)(q, first + i, &line);
  }
  if (!q->output) return;
  const OF_REAL(Product) sum = {.a = scores,
                                .aStride = MOST_KEYS_AT_ONCE,
                                .c = q->output + first * p->valueWidth,
                                .cStride = p->valueWidth,
                                .rows = rows,
                                .columns = p->valueWidth,
                                .depth = count,
                                .accumulate = true};
  OF_REAL(multiply)(sum, (OF_REAL(Source)){values + keys * p->valueWidth, p->valueWidth, false});
}

// Divides by what the weights add up to.
static void OF_REAL(finishRows)(OF_REAL(Queries) * q, Real *logSumExp) {
  const int64_t width = q->p->valueWidth;
  for (int64_t i = 0; i < q->rows; i++) {
    const bool seesNothing = q->most[i] == MINUS_INFINITY && q->total[i] == 0;
    if (logSumExp) logSumExp[i] = seesNothing ? MINUS_INFINITY : q->most[i] + (Real)log(q->total[i]);
    if (seesNothing || !q->output) continue;
    const Reals factor = OF_REAL(all)(1 / q->total[i]);
    Real *output = q->output + i * width;
    for (int64_t k = 0; k < width; k += REAL_LANES)
      OF_REAL(storePart)(output + k, OF_REAL(loadPart)(output + k, width - k) * factor, width - k);
  }
}

static void OF_REAL(attend)(const Call *call, int64_t head, int64_t row, int64_t rows) {
  const AttentionParams *p = attentionParams(call);
  const int64_t line = head * p->rows + row;
  Real *output = call->data[3 + p->hasMask], *logSumExp = call->data[4 + p->hasMask];
  OF_REAL(Queries) q = {.call = call, .p = p, .head = head, .row = row, .rows = rows};
  if (output) q.output = memset(output + line * p->valueWidth, 0, (size_t)(rows * p->valueWidth) * sizeof(Real));
  if (p->dropout) q.dropout = OF_REAL(openDropout)(call);
  for (int64_t i = 0; i < rows; i++) {
    q.most[i] = MINUS_INFINITY;
    q.total[i] = 0;
  }
  const int64_t step = p->causal ? CAUSAL_KEYS : MOST_KEYS_AT_ONCE, end = visibleKeys(p, row + rows - 1, 0, p->columns);
  for (int64_t key = 0; key < end; key += step) OF_REAL(attendBlock)(&q, key, minimum64(step, end - key));
  OF_REAL(finishRows)(&q, logSumExp ? logSumExp + line : NULL);
}

static void OF_REAL(attention)(const Call *call) {
  const AttentionParams *p = attentionParams(call);
  const int64_t blocks = ceilDivide(p->rows, MOST_ROWS_AT_ONCE);
  FOR_PIECES(piece, p->heads * blocks, call) {
    const int64_t block = piece % blocks, start = p->rows * block / blocks;
    OF_REAL(attend)(call, piece / blocks, start, p->rows * (block + 1) / blocks - start);
  }
}
