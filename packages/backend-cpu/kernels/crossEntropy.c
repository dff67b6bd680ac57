// crossEntropy over rows of [N, C], and its gradient. params: whether elements are float64, rows, classes, ignoreIndex, whether
// labels are uint8.
#include "kernel.h"
#include "vectorMath.h"

#define REAL_BITS 32
#include "real.h"
#include "crossEntropyRows.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "crossEntropyRows.h"

// Logits of a piece, and what a row costs beside them.
enum { PIECE = 8192, ROW_COST = 32 };

enum { IGNORED = -1, WRONG = -2 };

// The label of a row, or why there is none to use.
static int64_t labelOf(const Call *call, int32_t operand, int64_t row) {
  const int64_t label = call->params[4] ? ((const uint8_t *)call->data[operand])[row] : ((const int32_t *)call->data[operand])[row];
  if (label == call->params[3]) return IGNORED;
  if (label >= 0 && label < call->params[2]) return label;
  reportIndex(call, operand, row, label);
  return WRONG;
}

static void lossOf(const Call *call, int64_t row) {
  const int64_t classes = call->params[2], label = labelOf(call, 1, row);
  if (call->params[0]) {
    double *out = (double *)call->data[2] + row;
    if (label < 0) *out = 0;
    else lossOfRowDoubles(out, (const double *)call->data[0] + row * classes, classes, label);
  } else {
    float *out = (float *)call->data[2] + row;
    if (label < 0) *out = 0;
    else lossOfRowFloats(out, (const float *)call->data[0] + row * classes, classes, label);
  }
}

static void gradientOf(const Call *call, int64_t row) {
  const int64_t classes = call->params[2], label = labelOf(call, 2, row), bytes = call->params[0] ? 8 : 4;
  char *out = (char *)call->data[3] + row * classes * bytes;
  const char *gradient = (const char *)call->data[0] + row * bytes, *logits = (const char *)call->data[1] + row * classes * bytes;
  if (label < 0) memset(out, 0, (size_t)(classes * bytes));
  else if (bytes == 8) gradientOfRowDoubles((double *)out, *(const double *)gradient, (const double *)logits, classes, label);
  else gradientOfRowFloats((float *)out, *(const float *)gradient, (const float *)logits, classes, label);
}

static void eachRow(const Call *call, void (*row)(const Call *call, int64_t row)) {
  const int64_t rows = call->params[1], together = maximum64(1, PIECE / (call->params[2] + ROW_COST));
  FOR_PIECES(piece, ceilDivide(rows, together), call) {
    const int64_t end = minimum64((piece + 1) * together, rows);
    for (int64_t i = piece * together; i < end; i++) row(call, i);
  }
}

void crossEntropy(const Call *call) { eachRow(call, lossOf); }
void crossEntropyGradient(const Call *call) { eachRow(call, gradientOf); }
