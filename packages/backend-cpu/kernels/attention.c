// attention: some queries of a head at a time. Their scores with some of its keys become weights, which multiply the values; a
// greater score found later shrinks what was added up before (Milakov and Gimelshein, "Online normalizer calculation for
// softmax", 2018; Dao et al., "FlashAttention", 2022). So the matrix of all weights is never in memory.
#include "attention.h"

#include "realMath.h"
#include "tile.h"

#define REAL_BITS 32
#include "attentionOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "attentionOf.h"

void attention(const Call *call) {
  if (attentionParams(call)->isFloat64)
    attentionDoubles(call);
  else
    attentionFloats(call);
}
