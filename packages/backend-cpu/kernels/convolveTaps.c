// Gradients of a convolution's weight with places in the lanes of vectors: where the target has few channels.
#include "convolution.h"

enum { ADDED_AT_ONCE = 16384 };

#define REAL_BITS 32
#include "convolveTapsOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "convolveTapsOf.h"

void convolveTaps(const Call *call) {
  const ConvolutionParams *p = convolutionParams(call);
  if (p->isDouble)
    convolveTapsDoubles(call, p);
  else
    convolveTapsFloats(call, p);
}
