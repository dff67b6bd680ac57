// Gradients of a convolution's weight with the target's channels in the lanes of vectors: where there are many of them.
#include "convolution.h"
#include "gatheredTile.h"
#include "tile.h"

// Of the sums that are added up and turned.
enum { ROWS_AT_ONCE = 128 };

#define REAL_BITS 32
#include "convolveWeightsOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "convolveWeightsOf.h"

void convolveWeights(const Call *call) {
  const ConvolutionParams *p = convolutionParams(call);
  if (p->isDouble)
    convolveWeightsDoubles(call, p);
  else
    convolveWeightsFloats(call, p);
}
