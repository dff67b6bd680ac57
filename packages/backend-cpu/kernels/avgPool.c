// The mean of each window, and its transpose: operands x or gradient, output.
#include "pooling.h"

// What a window's sum is divided by: `fixed` if it is not 0, else the elements that count.
typedef struct Divisor {
  int32_t countIncludePad, fixed;
} Divisor;

static int32_t countedAlong(const PoolAxis *axis, bool countIncludePad, int32_t window) {
  const int32_t padding = countIncludePad ? axis->padding : 0, start = window * axis->stride - axis->padding;
  const int32_t end = start + axis->kernel, last = axis->elements + padding;
  return (end < last ? end : last) - (start > -padding ? start : -padding);
}

static double divisorOf(const Pooling *pooling, Divisor divisor, int32_t d, int32_t h, int32_t w) {
  if (divisor.fixed != 0) return divisor.fixed;
  const PoolAxis *axes = pooling->axes;
  const bool all = divisor.countIncludePad;
  return (double)countedAlong(axes, all, d) * countedAlong(axes + 1, all, h) * countedAlong(axes + 2, all, w);
}

#define Element float
#define OF_ELEMENT(name) name##Floats
#include "avgPoolOf.h"

#define Element double
#define OF_ELEMENT(name) name##Doubles
#include "avgPoolOf.h"

static Divisor divisorAt(const int32_t *params) { return (Divisor){params[POOLING_PARAMS], params[POOLING_PARAMS + 1]}; }

void avgPool(const Call *call) {
  const Pooling pooling = poolingOf(call->params);
  (pooling.dtype == POOL_DOUBLE ? averagePlanesDoubles : averagePlanesFloats)(call, &pooling, divisorAt(call->params));
}

void avgPoolGradient(const Call *call) {
  const Pooling pooling = poolingOf(call->params);
  (pooling.dtype == POOL_DOUBLE ? spreadPlanesDoubles : spreadPlanesFloats)(call, &pooling, divisorAt(call->params));
}
