// The greatest element of each window: operands x, output, indices.
#include "pooling.h"

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

void maxPool(const Call *call) {
  const Pooling pooling = poolingOf(call->params);
  if (pooling.dtype == POOL_FLOAT)
    maxPlanesFloats(call, &pooling);
  else if (pooling.dtype == POOL_DOUBLE)
    maxPlanesDoubles(call, &pooling);
  else
    maxPlanesInts(call, &pooling);
}
