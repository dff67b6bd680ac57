// batchNorm.c, written once for both element types.
#include "batchNormFactors.h"
#include "line.h"

// Of deviations from a number near the mean, which costs no digits.
static void OF_REAL(momentsOfRun)(double *mean, double *deviations, const Real *x, int64_t count) {
  const Real near = (Real)(OF_REAL(sumOf)(x, count) / count);
  double sum = 0, squares = 0;
  for (int64_t start = 0; start < count; start += 2 * SUM_SPAN) {
    const int64_t end = minimum64(start + 2 * SUM_SPAN, count);
    Reals a = {0}, b = {0}, c = {0}, d = {0};
    int64_t i = start;
    for (; i + 2 * REAL_LANES <= end; i += 2 * REAL_LANES) {
      const Reals y = OF_REAL(load)(x + i) - near, z = OF_REAL(load)(x + i + REAL_LANES) - near;
      a += y;
      b += z;
      c = multiplyAddReals(y, y, c);
      d = multiplyAddReals(z, z, d);
    }
    for (; i < end; i += REAL_LANES) {
      const int64_t lanes = minimum64(REAL_LANES, end - i);
      Reals y = OF_REAL(loadLanes)(x + i, lanes) - near;
      if (lanes < REAL_LANES) y = OF_REAL(firstLanes)(y, lanes, 0);
      a += y;
      c = multiplyAddReals(y, y, c);
    }
    sum += OF_REAL(addLanes)(a + b);
    squares += OF_REAL(addLanes)(c + d);
  }
  *mean = near + sum / (double)count;
  *deviations = squares - sum * sum / (double)count;
}

static void OF_REAL(momentsOfColumns)(double *means, double *deviations, const Real *x, int64_t rows, int64_t stride, int64_t width) {
  const Real share = 1 / (Real)rows;
  EACH_VECTOR(c, lanes, width, {
    Reals total = {0}, sum = {0}, squares = {0};
    for (int64_t at = c; at < rows * stride; at += stride) total += OF_REAL(loadLanes)(x + at, lanes);
    const Reals near = total * share;
    for (int64_t at = c; at < rows * stride; at += stride) {
      const Reals y = OF_REAL(loadLanes)(x + at, lanes) - near;
      sum += y;
      squares = multiplyAddReals(y, y, squares);
    }
    Real nears[REAL_LANES], sums[REAL_LANES], allSquares[REAL_LANES];
    OF_REAL(store)(nears, near);
    OF_REAL(store)(sums, sum);
    OF_REAL(store)(allSquares, squares);
    for (int64_t i = 0; i < lanes; i++) {
      const double rest = sums[i] / (double)rows;
      means[c + i] = nears[i] + rest;
      deviations[c + i] = allSquares[i] - sums[i] * rest;
    }
  });
}

static void OF_REAL(measurePart)(const Call *call, const Layout *layout, Part part) {
  const Real *x = (const Real *)call->data[0] + part.first;
  double *means = layout->first + part.entry, *deviations = layout->second + part.entry;
  if (layout->isColumns) OF_REAL(momentsOfColumns)(means, deviations, x, part.rows, factorCount(layout), part.width);
  else OF_REAL(momentsOfRun)(means, deviations, x, part.count);
}

// Mean and variance of some channels, and what their elements are shifted by and multiplied with: the mean in two parts, of which the
// second is what the first lost when it was rounded.
static void OF_REAL(finishChannels)(const Call *call, const Layout *layout, int64_t channel, int64_t count) {
  double totals[CHANNELS], means[CHANNELS], squares[CHANNELS];
  Real high[CHANNELS], low[CHANNELS], scale[CHANNELS], variance[CHANNELS];
  const double elements = (double)(layout->batch * layout->inner), eps = call->scalars[0];
  const Real *weight = (const Real *)call->data[1] + channel, *bias = (const Real *)call->data[2] + channel;
  addParts(layout, channel, count, totals, weightedMean, totals);
  for (int64_t i = 0; i < count; i++) means[i] = totals[i] / elements;
  addParts(layout, channel, count, squares, squaresAbout, means);
  for (int64_t i = 0; i < count; i++) {
    high[i] = (Real)means[i];
    low[i] = (Real)(means[i] - high[i]);
    variance[i] = (Real)(squares[i] / elements);
    scale[i] = (Real)(weight[i] / __builtin_sqrt(squares[i] / elements + eps));
  }
  if (call->data[4] != NULL) memcpy((Real *)call->data[4] + channel, high, (size_t)count * sizeof *high);
  if (call->data[5] != NULL) memcpy((Real *)call->data[5] + channel, variance, (size_t)count * sizeof *variance);
  OF_REAL(putFactors)(layout, 0, channel, count, high);
  OF_REAL(putFactors)(layout, 1, channel, count, low);
  OF_REAL(putFactors)(layout, 2, channel, count, scale);
  OF_REAL(putFactors)(layout, 3, channel, count, bias);
}

static void OF_REAL(normalizeRun)(Real *out, const Real *x, int64_t count, const Real *factors, int64_t step) {
  const Reals high = OF_REAL(all)(factors[0]), low = OF_REAL(all)(factors[step]);
  const Reals scale = OF_REAL(all)(factors[2 * step]), bias = OF_REAL(all)(factors[3 * step]);
  EACH_VECTOR(i, lanes, count, {
    const Reals deviation = (OF_REAL(loadLanes)(x + i, lanes) - high) - low;
    OF_REAL(storeLanes)(out + i, multiplyAddReals(deviation, scale, bias), lanes);
  });
}

static void OF_REAL(normalizeColumns)(Real *out, const Real *x, int64_t width, const Real *factors, int64_t step) {
  EACH_VECTOR(i, lanes, width, {
    const Reals high = OF_REAL(loadLanes)(factors + i, lanes), low = OF_REAL(loadLanes)(factors + step + i, lanes);
    const Reals scale = OF_REAL(loadLanes)(factors + 2 * step + i, lanes), bias = OF_REAL(loadLanes)(factors + 3 * step + i, lanes);
    const Reals deviation = (OF_REAL(loadLanes)(x + i, lanes) - high) - low;
    OF_REAL(storeLanes)(out + i, multiplyAddReals(deviation, scale, bias), lanes);
  });
}

static void OF_REAL(normalizePart)(const Call *call, const Layout *layout, Part part) {
  const int64_t step = factorCount(layout);
  const Real *x = (const Real *)call->data[0] + part.first, *factors = (const Real *)layout->factors + part.column;
  Real *out = (Real *)call->data[3] + part.first;
  if (!layout->isColumns) OF_REAL(normalizeRun)(out, x, part.count, factors, step);
  else
    for (int64_t row = 0; row < part.rows; row++) OF_REAL(normalizeColumns)(out + row * step, x + row * step, part.width, factors, step);
}

static void OF_REAL(batchNorm)(const Call *call, const Layout *layout) {
  eachPart(call, layout, OF_REAL(measurePart));
  endPhase(call);
  eachChannels(call, layout, OF_REAL(finishChannels));
  if (call->data[3] == NULL) return;
  endPhase(call);
  eachPart(call, layout, OF_REAL(normalizePart));
}
