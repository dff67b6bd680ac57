// softmax, logSoftmax and their gradients along one dim of [outer, count, inner].
#include "kernel.h"
#include "vectorMath.h"

#define REAL_BITS 32
#include "real.h"
#include "softmaxLines.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "softmaxLines.h"

// Elements of a piece: exponentials take their time.
enum { PIECE = 8192 };

// One result of two operands; of one, and the second is anything.
typedef struct Softmax {
  void (*lineFloats)(float *out, const float *a, const float *b, int64_t count);
  void (*lineDoubles)(double *out, const double *a, const double *b, int64_t count);
  void (*columnsFloats)(float *out, const float *a, const float *b, int64_t count, int64_t stride, int64_t lanes);
  void (*columnsDoubles)(double *out, const double *a, const double *b, int64_t count, int64_t stride, int64_t lanes);
} Softmax;

#define SOFTMAX(name) {name##LineFloats, name##LineDoubles, name##ColumnsFloats, name##ColumnsDoubles}

// params: whether elements are float64, outer, count, inner.
static void eachLine(const Call *call, Softmax softmax, const void *a, const void *b, void *out) {
  const int64_t outer = call->params[1], count = call->params[2];
  const int64_t together = maximum64(1, PIECE / maximum64(1, count));
  FOR_PIECES(piece, ceilDivide(outer, together), call) {
    const int64_t end = minimum64((piece + 1) * together, outer);
    for (int64_t at = piece * together * count; at < end * count; at += count) {
      if (call->params[0]) softmax.lineDoubles((double *)out + at, (const double *)a + at, (const double *)b + at, count);
      else softmax.lineFloats((float *)out + at, (const float *)a + at, (const float *)b + at, count);
    }
  }
}

static void eachColumn(const Call *call, Softmax softmax, const void *a, const void *b, void *out) {
  const int64_t outer = call->params[1], count = call->params[2], inner = call->params[3];
  const int64_t lanes = call->params[0] ? DOUBLE_LANES : FLOAT_LANES, tiles = ceilDivide(inner, lanes);
  const int64_t together = maximum64(1, PIECE / (count * lanes));
  FOR_PIECES(piece, ceilDivide(outer * tiles, together), call) {
    const int64_t end = minimum64((piece + 1) * together, outer * tiles);
    for (int64_t tile = piece * together; tile < end; tile++) {
      const int64_t column = tile % tiles * lanes, at = tile / tiles * count * inner + column, wide = minimum64(lanes, inner - column);
      if (call->params[0]) softmax.columnsDoubles((double *)out + at, (const double *)a + at, (const double *)b + at, count, inner, wide);
      else softmax.columnsFloats((float *)out + at, (const float *)a + at, (const float *)b + at, count, inner, wide);
    }
  }
}

static void along(const Call *call, Softmax softmax, const void *a, const void *b, void *out) {
  if (call->params[2] == 0) return;
  if (call->params[3] == 1) eachLine(call, softmax, a, b, out);
  else eachColumn(call, softmax, a, b, out);
}

void softmax(const Call *call) { along(call, (Softmax)SOFTMAX(softmax), call->data[0], call->data[0], call->data[1]); }
void logSoftmax(const Call *call) { along(call, (Softmax)SOFTMAX(logSoftmax), call->data[0], call->data[0], call->data[1]); }
void softmaxGradient(const Call *call) {
  along(call, (Softmax)SOFTMAX(softmaxGradient), call->data[0], call->data[1], call->data[2]);
}
void logSoftmaxGradient(const Call *call) {
  along(call, (Softmax)SOFTMAX(logSoftmaxGradient), call->data[0], call->data[1], call->data[2]);
}
