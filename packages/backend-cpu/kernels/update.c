// sgd, sgdMomentum, adam, adamAmsgrad: one pass over memory. An output may lie where the input of the same name lies.
#include <float.h>

#include "kernel.h"
#include "vector.h"

// The turns of the loop that follows do not depend on each other.
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

enum { PIECE = 16384, CHUNK = 1024 };

// Elements [from, to) of operands that all have the same shape.
typedef void UpdateChunk(const Call *call, int64_t from, int64_t to);

// params: elements, whether they are float64, …
static void updateAll(const Call *call, UpdateChunk *float32, UpdateChunk *float64) {
  const int64_t total = call->params[0];
  UpdateChunk *const chunk = call->params[1] ? float64 : float32;
  FOR_PIECES(piece, ceilDivide(total, PIECE), call) {
    const int64_t end = minimum64(total, (piece + 1) * (int64_t)PIECE);
    for (int64_t from = (int64_t)piece * PIECE; from < end; from += CHUNK) chunk(call, from, minimum64(end, from + CHUNK));
  }
}

// Where element `from` of an operand is; `spare`, which has room for a chunk, if nobody reads it.
#define AT(operand) (call->data[operand] ? (Element *)call->data[operand] + from : spare)

// A first moment without gradients dies out. Below the least normal number it is zero: it moves no parameter, and arithmetic on
// such numbers takes a hundred times as long, for the rest of the training.
#define LIVING(moment) ((moment) > -LEAST && (moment) < LEAST ? 0 : (moment))

#define UPDATE(name) name##Float32
#define Element float
#define LEAST FLT_MIN
#define ROUNDING (FLT_EPSILON / 4)
#define SQUARE_ROOT __builtin_sqrtf
#include "updateChunks.h"
#undef UPDATE
#undef Element
#undef LEAST
#undef ROUNDING
#undef SQUARE_ROOT

#define UPDATE(name) name##Float64
#define Element double
#define LEAST DBL_MIN
#define ROUNDING (DBL_EPSILON / 4)
#define SQUARE_ROOT __builtin_sqrt
#include "updateChunks.h"

void sgd(const Call *call) { updateAll(call, sgdFloat32, sgdFloat64); }
void sgdMomentum(const Call *call) { updateAll(call, momentumFloat32, momentumFloat64); }
void adam(const Call *call) { updateAll(call, adamFloat32, adamFloat64); }
void adamAmsgrad(const Call *call) { updateAll(call, amsgradFloat32, amsgradFloat64); }
