// layerNorm.c, written once for both element types.
#include "line.h"

// The mean of a row in two parts, of which the second is what the first lost when it was rounded: far from zero, deviations from it
// would otherwise be off by many units in their last place.
typedef struct OF_REAL(Centre) {
  Real high, low;
} OF_REAL(Centre);

static inline OF_REAL(Centre) OF_REAL(centreAt)(double mean) {
  const Real high = (Real)mean;
  return (OF_REAL(Centre)){high, (Real)(mean - high)};
}

INLINE Reals OF_REAL(deviations)(Reals x, OF_REAL(Centre) centre) { return (x - centre.high) - centre.low; }

static inline double OF_REAL(sumOfSquares)(const Real *x, int64_t count, OF_REAL(Centre) centre) {
  double total = 0;
  for (int64_t start = 0; start < count; start += 2 * SUM_SPAN) {
    const int64_t end = minimum64(start + 2 * SUM_SPAN, count);
    Reals a = {0}, b = {0};
    int64_t i = start;
    for (; i + 2 * REAL_LANES <= end; i += 2 * REAL_LANES) {
      const Reals c = OF_REAL(deviations)(OF_REAL(load)(x + i), centre);
      const Reals d = OF_REAL(deviations)(OF_REAL(load)(x + i + REAL_LANES), centre);
      a = multiplyAddReals(c, c, a);
      b = multiplyAddReals(d, d, b);
    }
    for (; i < end; i += REAL_LANES) {
      const int64_t lanes = minimum64(REAL_LANES, end - i);
      Reals c = OF_REAL(deviations)(OF_REAL(loadLanes)(x + i, lanes), centre);
      if (lanes < REAL_LANES) c = OF_REAL(firstLanes)(c, lanes, 0);
      a = multiplyAddReals(c, c, a);
    }
    total += OF_REAL(addLanes)(a + b);
  }
  return total;
}

// One row; NULL for what nobody reads.
static void OF_REAL(layerNormRow)(Real *out, Real *meanOut, Real *rstdOut, const Real *x, const Real *weight, const Real *bias,
                                  int64_t width, double eps) {
  const double mean = OF_REAL(sumOf)(x, width) / width;
  const OF_REAL(Centre) centre = OF_REAL(centreAt)(mean);
  const double rstd = 1 / __builtin_sqrt(OF_REAL(sumOfSquares)(x, width, centre) / width + eps);
  if (meanOut != NULL) *meanOut = (Real)mean;
  if (rstdOut != NULL) *rstdOut = (Real)rstd;
  if (out == NULL) return;
  const Reals scale = OF_REAL(all)((Real)rstd);
  EACH_VECTOR(i, lanes, width, {
    const Reals normal = OF_REAL(deviations)(OF_REAL(loadLanes)(x + i, lanes), centre) * scale;
    const Reals y = multiplyAddReals(normal, OF_REAL(loadLanes)(weight + i, lanes), OF_REAL(loadLanes)(bias + i, lanes));
    OF_REAL(storeLanes)(out + i, y, lanes);
  });
}

static void OF_REAL(layerNormRows)(const Call *call, int64_t first, int64_t end) {
  const int64_t width = call->params[2];
  Real *out = call->data[3], *mean = call->data[4], *rstd = call->data[5];
  for (int64_t row = first; row < end; row++)
    OF_REAL(layerNormRow)(out == NULL ? NULL : out + row * width, mean == NULL ? NULL : mean + row, rstd == NULL ? NULL : rstd + row,
                          (const Real *)call->data[0] + row * width, call->data[1], call->data[2], width, call->scalars[0]);
}
