// Operations of chains in float64, element by element.
#include "philox.h"

#define FLOATING double
#define STEP_NAME(operation) operation##Doubles
#define BUILTIN(function) __builtin_##function
#include "chainFloating.h"

static double gelu(double x) { return 0.5 * x * erfcNumber(-x * 0.70710678118654752); }
static double geluTanh(double x) { return x * sigmoidNumber(1.5957691216057308 * (x + 0.044715 * x * x * x)); }
static double silu(double x) { return x / (1 + exp(-x)); }

UNARY_CALL(exp, exp)
UNARY_CALL(log, log)
UNARY_CALL(log1p, log1p)
UNARY_CALL(expm1, expm1)
UNARY_CALL(sin, sin)
UNARY_CALL(cos, cos)
UNARY_CALL(tanh, tanh)
UNARY_CALL(sigmoid, sigmoidNumber)
UNARY_CALL(erf, erfNumber)
UNARY_CALL(erfc, erfcNumber)
UNARY_CALL(gelu, gelu)
UNARY_CALL(geluTanh, geluTanh)
UNARY_CALL(silu, silu)

STEP_FUNCTION(softplusDoubles) {
  double *const out = d;
  const double *const xs = a;
  const double beta = scalarOf(context, 0), threshold = scalarOf(context, 1);
  for (int64_t i = 0; i < n; i++) {
    const double scaled = beta * xs[i];
    out[i] = scaled > threshold ? xs[i] : log1p(exp(scaled)) / beta;
  }
}

static Philox philoxOf(const StepContext *context, int32_t first) {
  return philoxOpen(scalarOf(context, first), scalarOf(context, first + 1), scalarOf(context, first + 2), scalarOf(context, first + 3));
}

STEP_FUNCTION(randomUniformDoubles) {
  const Philox philox = philoxOf(context, 0);
  uniformDoubles(&philox, context->position, n, d);
}

enum { DRAWS = 64 };

STEP_FUNCTION(dropoutDoubles) {
  const Philox philox = philoxOf(context, 1);
  const double limit = scalarOf(context, 0), scale = 1 / (1 - limit);
  const double *const xs = a;
  double *const out = d;
  for (int64_t first = 0; first < n; first += DRAWS) {
    const int64_t count = minimum64(DRAWS, n - first);
    double draws[DRAWS];
    uniformDoubles(&philox, context->position + first, count, draws);
    for (int64_t i = 0; i < count; i++) out[first + i] = draws[i] >= limit ? xs[first + i] * scale : 0;
  }
}
