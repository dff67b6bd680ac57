// batchNormGradient.c, written once for both element types.
#include "batchNormFactors.h"
#include "line.h"

static void OF_REAL(sumsOfRun)(double *sums, double *products, const Real *g, const Real *x, int64_t count, Real mean) {
  *sums = *products = 0;
  for (int64_t start = 0; start < count; start += 2 * SUM_SPAN) {
    const int64_t end = minimum64(start + 2 * SUM_SPAN, count);
    Reals a = {0}, b = {0}, c = {0}, d = {0};
    int64_t i = start;
    for (; i + 2 * REAL_LANES <= end; i += 2 * REAL_LANES) {
      const Reals g0 = OF_REAL(load)(g + i), g1 = OF_REAL(load)(g + i + REAL_LANES);
      a += g0;
      b += g1;
      c = multiplyAddReals(g0, OF_REAL(load)(x + i) - mean, c);
      d = multiplyAddReals(g1, OF_REAL(load)(x + i + REAL_LANES) - mean, d);
    }
    for (; i < end; i += REAL_LANES) {
      const int64_t lanes = minimum64(REAL_LANES, end - i);
      const Reals g0 = OF_REAL(loadLanes)(g + i, lanes);
      a += g0;
      c = multiplyAddReals(g0, OF_REAL(loadLanes)(x + i, lanes) - mean, c);
    }
    *sums += OF_REAL(addLanes)(a + b);
    *products += OF_REAL(addLanes)(c + d);
  }
}

static void OF_REAL(sumsOfColumns)(double *sums, double *products, const Real *g, const Real *x, const Part *part, int64_t stride,
                                   const Real *means, int64_t inner) {
  EACH_VECTOR(c, lanes, part->width, {
    Reals first = {0}, second = {0};
    Real own[REAL_LANES] = {0};
    for (int64_t i = 0; i < lanes; i++) own[i] = means[inner == 1 ? part->column + c + i : (part->column + c + i) / inner];
    const Reals mean = OF_REAL(load)(own);
    for (int64_t at = c; at < part->rows * stride; at += stride) {
      const Reals gradient = OF_REAL(loadLanes)(g + at, lanes);
      first += gradient;
      second = multiplyAddReals(gradient, OF_REAL(loadLanes)(x + at, lanes) - mean, second);
    }
    Real firsts[REAL_LANES], seconds[REAL_LANES];
    OF_REAL(store)(firsts, first);
    OF_REAL(store)(seconds, second);
    for (int64_t i = 0; i < lanes; i++) {
      sums[c + i] = firsts[i];
      products[c + i] = seconds[i];
    }
  });
}

static void OF_REAL(measurePart)(const Call *call, const Layout *layout, Part part) {
  const Real *g = (const Real *)call->data[0] + part.first, *x = (const Real *)call->data[1] + part.first, *means = call->data[3];
  double *sums = layout->first + part.entry, *products = layout->second + part.entry;
  if (!layout->isColumns) OF_REAL(sumsOfRun)(sums, products, g, x, part.count, means[part.column]);
  else OF_REAL(sumsOfColumns)(sums, products, g, x, &part, factorCount(layout), means, layout->inner);
}

// The gradients of the weights and biases of some channels, and the numbers that those of their elements take: what the gradient and
// what the deviation contribute on average, and what all is multiplied with.
static void OF_REAL(finishChannels)(const Call *call, const Layout *layout, int64_t channel, int64_t count) {
  double sums[CHANNELS], products[CHANNELS];
  Real toWeight[CHANNELS], toBias[CHANNELS], average[CHANNELS], tilt[CHANNELS], scale[CHANNELS];
  const double elements = (double)(layout->batch * layout->inner), eps = call->scalars[0];
  const Real *weight = (const Real *)call->data[2] + channel, *means = (const Real *)call->data[3] + channel;
  const Real *variances = (const Real *)call->data[4] + channel;
  addParts(layout, channel, count, sums, firstSum, sums);
  addParts(layout, channel, count, products, secondSum, products);
  for (int64_t i = 0; i < count; i++) {
    const double rstd = 1 / __builtin_sqrt(variances[i] + eps);
    toWeight[i] = (Real)(products[i] * rstd);
    toBias[i] = (Real)sums[i];
    average[i] = (Real)(sums[i] / elements);
    tilt[i] = (Real)(-products[i] * rstd * rstd / elements);
    scale[i] = (Real)(weight[i] * rstd);
  }
  if (call->data[6] != NULL) memcpy((Real *)call->data[6] + channel, toWeight, (size_t)count * sizeof *toWeight);
  if (call->data[7] != NULL) memcpy((Real *)call->data[7] + channel, toBias, (size_t)count * sizeof *toBias);
  OF_REAL(putFactors)(layout, 0, channel, count, means);
  OF_REAL(putFactors)(layout, 1, channel, count, average);
  OF_REAL(putFactors)(layout, 2, channel, count, tilt);
  OF_REAL(putFactors)(layout, 3, channel, count, scale);
}

INLINE Reals OF_REAL(gradientOf)(Reals g, Reals x, Reals mean, Reals average, Reals tilt, Reals scale) {
  return multiplyAddReals(x - mean, tilt, g - average) * scale;
}

static void OF_REAL(gradientOfRun)(Real *out, const Real *g, const Real *x, int64_t count, const Real *factors, int64_t step) {
  const Reals mean = OF_REAL(all)(factors[0]), average = OF_REAL(all)(factors[step]);
  const Reals tilt = OF_REAL(all)(factors[2 * step]), scale = OF_REAL(all)(factors[3 * step]);
  EACH_VECTOR(i, lanes, count, {
    const Reals own = OF_REAL(loadLanes)(g + i, lanes), value = OF_REAL(loadLanes)(x + i, lanes);
    OF_REAL(storeLanes)(out + i, OF_REAL(gradientOf)(own, value, mean, average, tilt, scale), lanes);
  });
}

static void OF_REAL(gradientOfColumns)(Real *out, const Real *g, const Real *x, int64_t width, const Real *factors, int64_t step) {
  EACH_VECTOR(i, lanes, width, {
    const Reals mean = OF_REAL(loadLanes)(factors + i, lanes), average = OF_REAL(loadLanes)(factors + step + i, lanes);
    const Reals tilt = OF_REAL(loadLanes)(factors + 2 * step + i, lanes), scale = OF_REAL(loadLanes)(factors + 3 * step + i, lanes);
    const Reals own = OF_REAL(loadLanes)(g + i, lanes), value = OF_REAL(loadLanes)(x + i, lanes);
    OF_REAL(storeLanes)(out + i, OF_REAL(gradientOf)(own, value, mean, average, tilt, scale), lanes);
  });
}

static void OF_REAL(gradientOfPart)(const Call *call, const Layout *layout, Part part) {
  const int64_t step = factorCount(layout);
  const Real *g = (const Real *)call->data[0] + part.first, *x = (const Real *)call->data[1] + part.first;
  const Real *factors = (const Real *)layout->factors + part.column;
  Real *out = (Real *)call->data[5] + part.first;
  if (!layout->isColumns) {
    OF_REAL(gradientOfRun)(out, g, x, part.count, factors, step);
    return;
  }
  for (int64_t at = 0; at < part.rows * step; at += step) OF_REAL(gradientOfColumns)(out + at, g + at, x + at, part.width, factors, step);
}

static void OF_REAL(batchNormGradient)(const Call *call, const Layout *layout) {
  eachPart(call, layout, OF_REAL(measurePart));
  endPhase(call);
  eachChannels(call, layout, OF_REAL(finishChannels));
  if (call->data[5] == NULL) return;
  endPhase(call);
  eachPart(call, layout, OF_REAL(gradientOfPart));
}
