// rnnGradient, lstmGradient, gruGradient: as recurrent.c, from the last step to the first.
#include "recurrent.h"

#include "realMath.h"
#include "tile.h"

#define REAL_BITS 32
#include "recurrentGradientOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "recurrentGradientOf.h"

#define GRADIENT(name)                                                                                                 \
  void name##Gradient(const Call *call) {                                                                              \
    if (call->params[0])                                                                                               \
      runGradientDoubles(call, &name##BackDoubles);                                                                    \
    else                                                                                                               \
      runGradientFloats(call, &name##BackFloats);                                                                      \
  }
GRADIENT(rnn)
GRADIENT(lstm)
GRADIENT(gru)
