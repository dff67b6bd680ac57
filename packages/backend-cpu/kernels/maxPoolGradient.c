// Adds each element of a gradient where its index says, plane by plane: operands gradient, indices, output.
#include "chain.h"

// Params: dtype (as pooling.h has it), planes, planes of a piece, windows and elements of a plane, whether a chain follows, its params.
enum { DTYPE, PLANES, PLANES_PER_PIECE, WINDOWS, ELEMENTS, HAS_CHAIN, CHAIN, OPERANDS = 3 };

static bool isWithin(const Call *call, int64_t plane, int32_t window, int32_t index) {
  if (index >= 0 && index < call->params[ELEMENTS]) return true;
  reportIndex(call, 1, plane * call->params[WINDOWS] + window, index);
  return false;
}

#define SCATTER_PLANE(name, Element)                                                                                          \
  static void name(const Call *call, int64_t plane) {                                                                         \
    const int64_t windows = call->params[WINDOWS], elements = call->params[ELEMENTS];                                         \
    const Element *gradient = (const Element *)call->data[0] + plane * windows;                                               \
    const int32_t *indices = (const int32_t *)call->data[1] + plane * windows;                                                \
    Element *out = (Element *)call->data[2] + plane * elements;                                                               \
    memset(out, 0, (size_t)elements * sizeof *out);                                                                           \
    for (int32_t window = 0; window < windows; window++)                                                                      \
      if (isWithin(call, plane, window, indices[window])) out[indices[window]] += gradient[window];                           \
  }
SCATTER_PLANE(scatterFloats, float)
SCATTER_PLANE(scatterDoubles, double)
SCATTER_PLANE(scatterInts, int32_t)

void maxPoolGradient(const Call *call) {
  static void (*const scatters[])(const Call *, int64_t) = {scatterFloats, scatterDoubles, scatterInts};
  const int32_t *params = call->params;
  const int64_t elements = params[ELEMENTS];
  Chain chain;
  if (params[HAS_CHAIN]) chainOpen(&chain, params + CHAIN, call->data + OPERANDS, call->scalars);
  FOR_PIECES(piece, ceilDivide(params[PLANES], params[PLANES_PER_PIECE]), call) {
    const int64_t first = (int64_t)piece * params[PLANES_PER_PIECE];
    const int64_t end = minimum64(first + params[PLANES_PER_PIECE], params[PLANES]);
    for (int64_t plane = first; plane < end; plane++) scatters[params[DTYPE]](call, plane);
    if (params[HAS_CHAIN] && end > first) chainRun(&chain, first * elements, (end - first) * elements);
  }
}
