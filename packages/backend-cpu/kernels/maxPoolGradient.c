// Adds each element of a gradient where its index says, plane by plane: operands gradient, indices, output.
#include "chain.h"
#include "shuffle.h"

// Params: dtype (as pooling.h has it), planes, planes of a piece, windows and elements of a plane, windows of a row where floats may
// come of 2 × 2 that tile their planes (else 0), whether a chain follows, its params.
enum { DTYPE, PLANES, PLANES_PER_PIECE, WINDOWS, ELEMENTS, ROW_WINDOWS, HAS_CHAIN, CHAIN, OPERANDS = 3 };

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

// a[0], b[0], a[1], b[1], …: `count` pairs.
INLINE void storePairs(float *to, Floats a, Floats b, int64_t count) {
  const int64_t low = minimum64(2 * count, FLOAT_LANES);
  storeSomeFloats(to, (Floats)INTERLEAVE(Words, (Words)a, (Words)b, FIRST_PAIRS), low);
  storeSomeFloats(to + low, (Floats)INTERLEAVE(Words, (Words)a, (Words)b, SECOND_PAIRS), 2 * count - low);
}

INLINE Floats onlyWhere(Ints mask, Floats v) { return (Floats)(mask & (Ints)v); }

// Rows of windows to two rows of elements each, the first of which begins at position `first`. Returns lanes that are not zero where
// an index lies outside of its 2 × 2.
INLINE Ints unpoolRow(const float *gradient, const int32_t *indices, int32_t windows, int32_t first, float *out) {
  const int32_t width = 2 * windows;
  Ints strays = {0};
  for (int32_t w = 0; w < windows; w += FLOAT_LANES) {
    const int64_t count = minimum64(windows - w, FLOAT_LANES);
    const Floats g = loadSomeFloats(gradient + w, count) + 0.0f;
    const Ints at = (Ints)loadSomeFloats((const float *)(indices + w), count) - 2 * laneNumbers() - (first + 2 * w);
    const Ints a = at == 0, b = at == 1, c = at == width, d = at == width + 1;
    strays |= ~(a | b | c | d) & (laneNumbers() < (int32_t)count);
    storePairs(out + 2 * w, onlyWhere(a, g), onlyWhere(b, g), count);
    storePairs(out + width + 2 * w, onlyWhere(c, g), onlyWhere(d, g), count);
  }
  return strays;
}

static bool isZero(Ints v) {
  int32_t lanes[FLOAT_LANES], any = 0;
  memcpy(lanes, &v, sizeof lanes);
  for (int i = 0; i < FLOAT_LANES; i++) any |= lanes[i];
  return any == 0;
}

// Each element written once, as long as the indices are those of 2 × 2 that tile the plane.
static void unpoolFloats(const Call *call, int64_t plane) {
  const int32_t windows = call->params[ROW_WINDOWS], rows = call->params[WINDOWS] / windows;
  const float *gradient = (const float *)call->data[0] + plane * call->params[WINDOWS];
  const int32_t *indices = (const int32_t *)call->data[1] + plane * call->params[WINDOWS];
  float *out = (float *)call->data[2] + plane * call->params[ELEMENTS];
  Ints strays = {0};
  for (int32_t h = 0; h < rows; h++)
    strays |= unpoolRow(gradient + h * windows, indices + h * windows, windows, 4 * h * windows, out + 4 * h * windows);
  if (!isZero(strays)) scatterFloats(call, plane);
}

void maxPoolGradient(const Call *call) {
  static void (*const scatters[])(const Call *, int64_t) = {scatterFloats, scatterDoubles, scatterInts};
  void (*const scatter)(const Call *, int64_t) = call->params[ROW_WINDOWS] ? unpoolFloats : scatters[call->params[DTYPE]];
  const int32_t *params = call->params;
  const int64_t elements = params[ELEMENTS];
  Chain chain;
  if (params[HAS_CHAIN]) chainOpen(&chain, params + CHAIN, call->data + OPERANDS, call->scalars);
  FOR_PIECES(piece, ceilDivide(params[PLANES], params[PLANES_PER_PIECE]), call) {
    const int64_t first = (int64_t)piece * params[PLANES_PER_PIECE];
    const int64_t end = minimum64(first + params[PLANES_PER_PIECE], params[PLANES]);
    for (int64_t plane = first; plane < end; plane++) scatter(call, plane);
    if (params[HAS_CHAIN] && end > first) chainRun(&chain, first * elements, (end - first) * elements);
  }
}
