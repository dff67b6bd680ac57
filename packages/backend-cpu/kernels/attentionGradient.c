// attentionGradient: some keys of a head at a time. The weights are computed again from logSumExp, block by block; the gradients
// of keys and values add up over all queries in order, those of queries over all keys.
#include "attention.h"

#include "realMath.h"
#include "tile.h"

enum { SUM_PIECE = 16384 };

enum { GRADIENT, QUERY, KEY, VALUE, OUTPUT, LOG_SUM_EXP, MASK };

#define REAL_BITS 32
#include "attentionGradientOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "attentionGradientOf.h"

void attentionGradient(const Call *call) {
  if (attentionParams(call)->isFloat64)
    attentionGradientDoubles(call);
  else
    attentionGradientFloats(call);
}
