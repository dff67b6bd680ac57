// The gradient of layerNorm.c, written once for both element types.
#include "line.h"

// What a row adds to the gradients of weight and bias, which lie in `sums` one behind the other.
INLINE void OF_REAL(addRow)(Real *sums, const Real *g, const Real *x, Real mean, Real rstd, int64_t width) {
  EACH_VECTOR(i, lanes, width, {
    const Reals gradient = OF_REAL(loadLanes)(g + i, lanes);
    const Reals normal = (OF_REAL(loadLanes)(x + i, lanes) - mean) * rstd;
    OF_REAL(storeLanes)(sums + i, multiplyAddReals(gradient, normal, OF_REAL(loadLanes)(sums + i, lanes)), lanes);
    OF_REAL(storeLanes)(sums + width + i, gradient + OF_REAL(loadLanes)(sums + width + i, lanes), lanes);
  });
}

// The gradient of a row of x.
INLINE void OF_REAL(gradientOfRow)(Real *out, const Real *g, const Real *x, const Real *weight, Real mean, Real rstd, int64_t width) {
  double sum = 0, along = 0;
  for (int64_t start = 0; start < width; start += SUM_SPAN) {
    const int64_t end = minimum64(start + SUM_SPAN, width);
    Reals a = {0}, b = {0};
    for (int64_t i = start; i < end; i += REAL_LANES) {
      const int64_t lanes = minimum64(REAL_LANES, end - i);
      const Reals h = OF_REAL(loadLanes)(g + i, lanes) * OF_REAL(loadLanes)(weight + i, lanes);
      const Reals normal = (OF_REAL(loadLanes)(x + i, lanes) - mean) * rstd;
      a += h;
      b = multiplyAddReals(h, normal, b);
    }
    sum += OF_REAL(addLanes)(a);
    along += OF_REAL(addLanes)(b);
  }
  const Real average = (Real)(sum / width);
  const Reals tilt = OF_REAL(all)(-(Real)(along / width));
  EACH_VECTOR(i, lanes, width, {
    const Reals h = OF_REAL(loadLanes)(g + i, lanes) * OF_REAL(loadLanes)(weight + i, lanes);
    const Reals normal = (OF_REAL(loadLanes)(x + i, lanes) - mean) * rstd;
    OF_REAL(storeLanes)(out + i, multiplyAddReals(normal, tilt, h - average) * rstd, lanes);
  });
}

// The gradients of some rows of x, and what they add to those of weight and bias, if there are any sums to keep.
static void OF_REAL(gradientOfRows)(const Call *call, int64_t first, int64_t end, Real *sums) {
  const int64_t width = call->params[2];
  const Real *g = call->data[0], *x = call->data[1], *mean = call->data[3], *rstd = call->data[4];
  Real *out = call->data[5];
  if (sums != NULL) memset(sums, 0, (size_t)(2 * width) * sizeof *sums);
  for (int64_t row = first; row < end; row++) {
    const int64_t at = row * width;
    if (out != NULL) OF_REAL(gradientOfRow)(out + at, g + at, x + at, call->data[2], mean[row], rstd[row], width);
    if (sums != NULL) OF_REAL(addRow)(sums, g + at, x + at, mean[row], rstd[row], width);
  }
}

// The sums of all blocks in their order, for columns [first, end) of the gradients of weight and bias, one behind the other.
static void OF_REAL(putTogether)(const Call *call, const Real *sums, int64_t blocks, int64_t first, int64_t end) {
  const int64_t width = call->params[2];
  Real *weight = call->data[6], *bias = call->data[7];
  double totals[TILE] = {0};
  for (int64_t block = 0; block < blocks; block++)
    for (int64_t i = first; i < end; i++) totals[i - first] += sums[block * 2 * width + i];
  for (int64_t i = first; i < end; i++) {
    Real *out = i < width ? weight : bias;
    if (out != NULL) out[i < width ? i : i - width] = (Real)totals[i - first];
  }
}
