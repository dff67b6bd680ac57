// The greatest element of each window: operands x, output, indices.
#include "pooling.h"
#include "shuffle.h"

// Whether windows are 2 × 2, beside one another, and lie within their planes.
static bool isHalving(const Pooling *pooling) {
  for (int i = 0; i < 3; i++) {
    const PoolAxis *axis = &pooling->axes[i];
    const int32_t size = i == 0 ? 1 : 2;
    if (axis->kernel != size || axis->stride != size || axis->padding != 0 || axis->dilation != 1) return false;
    if (axis->windows * size > axis->elements) return false;
  }
  return pooling->axes[0].elements == 1;
}

#define Element float
#define OF_ELEMENT(name) name##Floats
#define IS_NAN(x) ((x) != (x))
#include "maxPoolOf.h"

#define Element double
#define OF_ELEMENT(name) name##Doubles
#define IS_NAN(x) ((x) != (x))
#include "maxPoolOf.h"

#define Element int32_t
#define OF_ELEMENT(name) name##Ints
#define IS_NAN(x) false
#include "maxPoolOf.h"

typedef struct Best {
  Floats value;
  Ints offset;
} Best;

// NaN wins over all before it.
INLINE Best better(Best best, Floats value, int32_t offset) {
  const Ints wins = (value > best.value) | (value != value);
  return (Best){selectFloats(wins, value, best.value), selectInts(wins, allInts(offset), best.offset)};
}

// `count` pairs of neighbours, first and second ones apart.
INLINE void loadPairs(const float *row, int64_t count, Floats *first, Floats *second) {
  const int64_t low = minimum64(2 * count, FLOAT_LANES);
  const Words a = (Words)loadSomeFloats(row, low), b = (Words)loadSomeFloats(row + low, 2 * count - low);
  *first = (Floats)INTERLEAVE(Words, a, b, EVEN_WORDS);
  *second = (Floats)INTERLEAVE(Words, a, b, ODD_WORDS);
}

// Windows of 2 × 2 beside one another; `first` is the position of the upper row. Nobody may read one of the two results.
static void maxHalvedRow(const float *upper, int32_t width, int32_t first, int32_t windows, float *out, int32_t *indices) {
  for (int32_t w = 0; w < windows; w += FLOAT_LANES) {
    const int64_t count = minimum64(windows - w, FLOAT_LANES);
    Floats a, b, c, d;
    loadPairs(upper + 2 * w, count, &a, &b);
    loadPairs(upper + width + 2 * w, count, &c, &d);
    const Best best = better(better(better((Best){a, allInts(0)}, b, 1), c, width), d, width + 1);
    if (out) storeSomeFloats(out + w, best.value, count);
    if (indices) storeSomeInts(indices + w, best.offset + 2 * laneNumbers() + first + 2 * w, count);
  }
}

static void maxHalvedPlanes(const Call *call, const Pooling *pooling) {
  const int32_t width = pooling->axes[2].elements, windows = pooling->axes[2].windows, rows = pooling->axes[1].windows;
  FOR_PIECES(piece, poolPieces(pooling), call)
    for (int64_t plane = (int64_t)piece * pooling->planesPerPiece; plane < poolEnd(pooling, piece); plane++) {
      const float *x = (const float *)call->data[0] + plane * planeElements(pooling);
      const int64_t at = plane * planeWindows(pooling);
      for (int32_t h = 0; h < rows; h++) {
        const int64_t row = at + (int64_t)h * windows;
        float *out = call->data[1] ? (float *)call->data[1] + row : NULL;
        int32_t *indices = call->data[2] ? (int32_t *)call->data[2] + row : NULL;
        maxHalvedRow(x + 2 * h * width, width, 2 * h * width, windows, out, indices);
      }
    }
}

void maxPool(const Call *call) {
  const Pooling pooling = poolingOf(call->params);
  if (pooling.dtype == POOL_FLOAT && isHalving(&pooling))
    maxHalvedPlanes(call, &pooling);
  else if (pooling.dtype == POOL_FLOAT)
    maxPlanesFloats(call, &pooling);
  else if (pooling.dtype == POOL_DOUBLE)
    maxPlanesDoubles(call, &pooling);
  else
    maxPlanesInts(call, &pooling);
}
