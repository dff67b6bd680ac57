// Operations of chains in float32.
#include "philox.h"
#include "vectorMath.h"

#define FLOATING float
#define STEP_NAME(operation) operation##Floats
#define BUILTIN(function) __builtin_##function##f
#include "chainFloating.h"

// `expression` of x, a vector.
#define VECTOR_STEP(name, expression)                                                                                  \
  STEP_FUNCTION(name) {                                                                                                \
    const float *const xs = a;                                                                                         \
    float *const out = d;                                                                                              \
    int64_t i = 0;                                                                                                     \
    for (; i + FLOAT_LANES <= n; i += FLOAT_LANES) {                                                                   \
      const Floats x = loadFloats(xs + i);                                                                             \
      storeFloats(out + i, expression);                                                                                \
    }                                                                                                                  \
    if (i == n) return;                                                                                                \
    const Floats x = loadSomeFloats(xs + i, n - i);                                                                    \
    storeSomeFloats(out + i, expression, n - i);                                                                       \
  }

// x Φ(x), and its approximation of Hendrycks and Gimpel: both without the cancellation of 1 + erf and 1 + tanh below 0.
INLINE Floats geluOf(Floats x) { return 0.5f * x * erfcFloats(-0.707106781f * x); }
INLINE Floats geluTanhOf(Floats x) { return x * sigmoidFloats(1.59576912f * multiplyAdd(0.044715f * x * x, x, x)); }

VECTOR_STEP(expFloats, expFloats(x))
VECTOR_STEP(logFloats, logFloats(x))
VECTOR_STEP(log1pFloats, log1pFloats(x))
VECTOR_STEP(expm1Floats, expm1Floats(x))
VECTOR_STEP(sinFloats, sinFloats(x))
VECTOR_STEP(cosFloats, cosFloats(x))
VECTOR_STEP(tanhFloats, tanhFloats(x))
VECTOR_STEP(sigmoidFloats, sigmoidFloats(x))
VECTOR_STEP(erfFloats, erfFloats(x))
VECTOR_STEP(erfcFloats, erfcFloats(x))
VECTOR_STEP(geluFloats, geluOf(x))
VECTOR_STEP(geluTanhFloats, geluTanhOf(x))
VECTOR_STEP(siluFloats, x *sigmoidFloats(x))

INLINE Floats softplusOf(Floats x, float beta, float threshold) {
  const Floats scaled = beta * x;
  return selectFloats(scaled > threshold, x, log1pFloats(expFloats(scaled)) / beta);
}

STEP_FUNCTION(softplusFloats) {
  const float beta = (float)scalarOf(context, 0), threshold = (float)scalarOf(context, 1);
  const float *const xs = a;
  float *const out = d;
  int64_t i = 0;
  for (; i + FLOAT_LANES <= n; i += FLOAT_LANES) storeFloats(out + i, softplusOf(loadFloats(xs + i), beta, threshold));
  if (i < n) storeSomeFloats(out + i, softplusOf(loadSomeFloats(xs + i, n - i), beta, threshold), n - i);
}

static Philox philoxOf(const StepContext *context, int32_t first) {
  return philoxOpen(scalarOf(context, first), scalarOf(context, first + 1), scalarOf(context, first + 2), scalarOf(context, first + 3));
}

STEP_FUNCTION(randomUniformFloats) {
  const Philox philox = philoxOf(context, 0);
  uniformFloats(&philox, context->position, n, d);
}

enum { DRAWS = 256 };

STEP_FUNCTION(dropoutFloats) {
  const Philox philox = philoxOf(context, 1);
  // Rounded step by step, as the decomposition computes it.
  const float limit = (float)scalarOf(context, 0), scale = 1 / (1 - limit);
  const float *const xs = a;
  float *const out = d;
  for (int64_t first = 0; first < n; first += DRAWS) {
    const int64_t count = minimum64(DRAWS, n - first);
    float draws[DRAWS];
    uniformFloats(&philox, context->position + first, count, draws);
    for (int64_t i = 0; i < count; i++) out[first + i] = draws[i] >= limit ? xs[first + i] * scale : 0;
  }
}
