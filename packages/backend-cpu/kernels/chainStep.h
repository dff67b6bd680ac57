// One operation of a chain over a block.
#pragma once
#include "kernel.h"

// What few operations need: a fourth operand, the place of the block's first element in the loop, the operation's scalars.
typedef struct StepContext {
  const void *fourth;
  int64_t position;
  const double *scalars;
  const int32_t *scalarPositions;
} StepContext;

static inline double scalarOf(const StepContext *context, int32_t i) { return context->scalars[context->scalarPositions[i]]; }

// n elements of d from those of a, b and c. d may be one of them.
#define STEP_PARAMETERS                                                                                                \
  int64_t n, void *d, const void *a, const void *b, const void *c, const StepContext *context
typedef void Step(STEP_PARAMETERS);

// Element i depends on elements i alone, so a loop may be vectorised even if arrays are the same memory.
#if defined(__clang__)
#define EACH _Pragma("clang loop vectorize(assume_safety)") for (int64_t i = 0; i < n; i++)
#else
#define EACH _Pragma("GCC ivdep") _Pragma("GCC unroll 4") for (int64_t i = 0; i < n; i++)
#endif

#define STEP_FUNCTION(name)                                                                                            \
  void name##Step(STEP_PARAMETERS);                                                                                    \
  void name##Step(__attribute__((unused)) int64_t n, __attribute__((unused)) void *d, __attribute__((unused)) const void *a,         \
                  __attribute__((unused)) const void *b, __attribute__((unused)) const void *c,                        \
                  __attribute__((unused)) const StepContext *context)

// One after the other: for what calls a function.
#define ONE_BY_ONE for (int64_t i = 0; i < n; i++)

// `expression` of x; of x and y; of x, y and z.
#define UNARY_STEP(name, T, R, LOOP, expression)                                                                       \
  STEP_FUNCTION(name) {                                                                                                \
    R *const out = d;                                                                                                  \
    const T *const xs = a;                                                                                             \
    LOOP {                                                                                                             \
      const T x = xs[i];                                                                                               \
      out[i] = (R)(expression);                                                                                        \
    }                                                                                                                  \
  }
#define BINARY_STEP(name, T, R, LOOP, expression)                                                                      \
  STEP_FUNCTION(name) {                                                                                                \
    R *const out = d;                                                                                                  \
    const T *const xs = a, *const ys = b;                                                                              \
    LOOP {                                                                                                             \
      const T x = xs[i], y = ys[i];                                                                                    \
      out[i] = (R)(expression);                                                                                        \
    }                                                                                                                  \
  }
#define TERNARY_STEP(name, T, R, LOOP, expression)                                                                     \
  STEP_FUNCTION(name) {                                                                                                \
    R *const out = d;                                                                                                  \
    const T *const xs = a, *const ys = b, *const zs = c;                                                               \
    LOOP {                                                                                                             \
      const T x = xs[i], y = ys[i], z = zs[i];                                                                         \
      out[i] = (R)(expression);                                                                                        \
    }                                                                                                                  \
  }
