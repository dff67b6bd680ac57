// Convolutions with the target's places in the lanes of vectors: where it has few channels, or few products for each element.
#include "convolution.h"

static int64_t groupWeights(const ConvolutionParams *p) { return p->targets * p->sources * kernelTaps(p); }

#define REAL_BITS 32
#include "convolvePlacesOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "convolvePlacesOf.h"

void convolvePlaces(const Call *call) {
  const ConvolutionParams *p = convolutionParams(call);
  if (p->isDouble)
    convolvePlacesDoubles(call, p);
  else
    convolvePlacesFloats(call, p);
}
