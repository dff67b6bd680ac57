// rnn, lstm, gru: whole sequences. A piece carries some rows of the batch through all steps; in each step the hidden state is
// multiplied with panels of the weight, which stay in the second cache, and the nonlinearities follow panel by panel.
#include "recurrent.h"

#include "realMath.h"
#include "tile.h"

enum { MOST_GATES = 4 };

#define REAL_BITS 32
#include "recurrentOf.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "recurrentOf.h"

#define LAYER(name)                                                                                                    \
  void name(const Call *call) {                                                                                        \
    if (call->params[0])                                                                                               \
      runLayerDoubles(call, &name##LayerDoubles);                                                                      \
    else                                                                                                               \
      runLayerFloats(call, &name##LayerFloats);                                                                        \
  }
LAYER(rnn)
LAYER(lstm)
LAYER(gru)
