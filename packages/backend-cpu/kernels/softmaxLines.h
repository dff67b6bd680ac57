// softmax.c, written once for both element types. A line is a function of neighbouring elements; columns are lines side by side, one
// in each lane, whose elements lie `stride` apart.
#include "line.h"

static void OF_REAL(softmaxLine)(Real *out, const Real *x, const Real *unused, int64_t count) {
  (void)unused;
  const double sum = OF_REAL(sumOfPowers)(out, x, count, OF_REAL(greatestIn)(x, count));
  const Real scale = (Real)(1 / sum);
  for (int64_t i = 0; i < count; i++) out[i] *= scale;
}

static void OF_REAL(logSoftmaxLine)(Real *out, const Real *x, const Real *unused, int64_t count) {
  (void)unused;
  const Real most = OF_REAL(greatestIn)(x, count);
  const Real sum = (Real)OF_REAL(sumOfPowers)(NULL, x, count, most), logSum = OF_REAL(logarithms)(OF_REAL(all)(sum))[0];
  for (int64_t i = 0; i < count; i++) out[i] = x[i] - most - logSum;
}

static void OF_REAL(softmaxGradientLine)(Real *out, const Real *g, const Real *y, int64_t count) {
  const Real sum = (Real)OF_REAL(sumOfProducts)(g, y, count);
  for (int64_t i = 0; i < count; i++) out[i] = y[i] * (g[i] - sum);
}

static void OF_REAL(logSoftmaxGradientLine)(Real *out, const Real *g, const Real *y, int64_t count) {
  const Reals sum = OF_REAL(all)((Real)OF_REAL(sumOf)(g, count));
  EACH_VECTOR(i, lanes, count, {
    const Reals power = OF_REAL(exponentials)(OF_REAL(loadLanes)(y + i, lanes));
    OF_REAL(storeLanes)(out + i, OF_REAL(loadLanes)(g + i, lanes) - power * sum, lanes);
  });
}

INLINE Reals OF_REAL(greatestDown)(const Real *x, int64_t count, int64_t stride, int64_t lanes) {
  Reals most = OF_REAL(all)(-(Real)__builtin_inf());
  for (int64_t i = 0; i < count; i++) most = OF_REAL(greater)(OF_REAL(loadLanes)(x + i * stride, lanes), most);
  return most;
}

static void OF_REAL(softmaxColumns)(Real *out, const Real *x, const Real *unused, int64_t count, int64_t stride, int64_t lanes) {
  (void)unused;
  const Reals most = OF_REAL(greatestDown)(x, count, stride, lanes);
  Reals sum = {0};
  for (int64_t i = 0; i < count; i++) {
    const Reals power = OF_REAL(exponentials)(OF_REAL(loadLanes)(x + i * stride, lanes) - most);
    OF_REAL(storeLanes)(out + i * stride, power, lanes);
    sum += power;
  }
  const Reals scale = 1 / sum;
  for (int64_t i = 0; i < count; i++)
    OF_REAL(storeLanes)(out + i * stride, OF_REAL(loadLanes)(out + i * stride, lanes) * scale, lanes);
}

static void OF_REAL(logSoftmaxColumns)(Real *out, const Real *x, const Real *unused, int64_t count, int64_t stride, int64_t lanes) {
  (void)unused;
  const Reals most = OF_REAL(greatestDown)(x, count, stride, lanes);
  Reals sum = {0};
  for (int64_t i = 0; i < count; i++) sum += OF_REAL(exponentials)(OF_REAL(loadLanes)(x + i * stride, lanes) - most);
  const Reals logSum = OF_REAL(logarithms)(sum);
  for (int64_t i = 0; i < count; i++)
    OF_REAL(storeLanes)(out + i * stride, OF_REAL(loadLanes)(x + i * stride, lanes) - most - logSum, lanes);
}

static void OF_REAL(softmaxGradientColumns)(Real *out, const Real *g, const Real *y, int64_t count, int64_t stride, int64_t lanes) {
  Reals sum = {0};
  for (int64_t i = 0; i < count * stride; i += stride)
    sum = multiplyAddReals(OF_REAL(loadLanes)(g + i, lanes), OF_REAL(loadLanes)(y + i, lanes), sum);
  for (int64_t i = 0; i < count * stride; i += stride)
    OF_REAL(storeLanes)(out + i, OF_REAL(loadLanes)(y + i, lanes) * (OF_REAL(loadLanes)(g + i, lanes) - sum), lanes);
}

static void OF_REAL(logSoftmaxGradientColumns)(Real *out, const Real *g, const Real *y, int64_t count, int64_t stride, int64_t lanes) {
  Reals sum = {0};
  for (int64_t i = 0; i < count * stride; i += stride) sum += OF_REAL(loadLanes)(g + i, lanes);
  for (int64_t i = 0; i < count * stride; i += stride) {
    const Reals power = OF_REAL(exponentials)(OF_REAL(loadLanes)(y + i, lanes));
    OF_REAL(storeLanes)(out + i, OF_REAL(loadLanes)(g + i, lanes) - power * sum, lanes);
  }
}
