// Convolutions with the target's channels in the lanes of vectors: where there are many of them.
#include "convolution.h"
#include "gatheredTile.h"
#include "tile.h"

#define REAL_BITS 32
#include "convolveChannelsOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "convolveChannelsOf.h"

void convolveChannels(const Call *call) {
  const ConvolutionParams *p = convolutionParams(call);
  if (p->isDouble)
    convolveChannelsDoubles(call, p);
  else
    convolveChannelsFloats(call, p);
}
