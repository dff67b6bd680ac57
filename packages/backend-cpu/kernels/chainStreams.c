// Operations of chains whose results are too many for the caches: written past them, which spares reading what is overwritten.
#include "chainStep.h"
#include "vector.h"

// Elements before the first whole vector of memory.
static int64_t headOf(const float *out, int64_t n) {
  return minimum64(n, (int64_t)(-(uintptr_t)out % VECTOR_BYTES / sizeof(float)));
}

#define LOAD(p) loadFloats((const float *)(p) + i)
#define LOAD_SOME(p) loadSomeFloats((const float *)(p) + i, count)
#define OPERANDS(LOADED, arity)                                                                                        \
  __attribute__((unused)) const Floats x = LOADED(a), y = arity > 1 ? LOADED(b) : x, z = arity > 2 ? LOADED(c) : x,    \
                                       w = arity > 3 ? LOADED(context->fourth) : x

// `expression` of x; of x and y; …
#define STREAM(name, arity, expression)                                                                                \
  STEP_FUNCTION(name##Stream) {                                                                                        \
    float *const out = d;                                                                                              \
    int64_t i = 0, count = headOf(out, n);                                                                             \
    if (count > 0) {                                                                                                   \
      OPERANDS(LOAD_SOME, arity);                                                                                      \
      storeSomeFloats(out, expression, count);                                                                         \
    }                                                                                                                  \
    for (i = count; i + FLOAT_LANES <= n; i += FLOAT_LANES) {                                                          \
      OPERANDS(LOAD, arity);                                                                                           \
      streamFloats(out + i, expression);                                                                               \
    }                                                                                                                  \
    count = n - i;                                                                                                     \
    if (count > 0) {                                                                                                   \
      OPERANDS(LOAD_SOME, arity);                                                                                      \
      storeSomeFloats(out + i, expression, count);                                                                     \
    }                                                                                                                  \
    streamEnd();                                                                                                       \
  }

STREAM(neg, 1, -x)
STREAM(relu, 1, selectFloats((x > 0.0f) | (x != x), x, allFloats(0)))
STREAM(copy, 1, x)
STREAM(add, 2, x + y)
STREAM(sub, 2, x - y)
STREAM(mul, 2, x * y)
STREAM(div, 2, x / y)
STREAM(addAdd, 3, (x + y) + z)
STREAM(addSub, 3, (x + y) - z)
STREAM(addSubFrom, 3, z - (x + y))
STREAM(addMul, 3, (x + y) * z)
STREAM(subAdd, 3, (x - y) + z)
STREAM(subSub, 3, (x - y) - z)
STREAM(subSubFrom, 3, z - (x - y))
STREAM(subMul, 3, (x - y) * z)
STREAM(mulAdd, 3, (x * y) + z)
STREAM(mulSub, 3, (x * y) - z)
STREAM(mulSubFrom, 3, z - (x * y))
STREAM(mulMul, 3, (x * y) * z)
STREAM(eqWhere, 4, selectFloats(x == y, z, w))
STREAM(neWhere, 4, selectFloats(x != y, z, w))
STREAM(gtWhere, 4, selectFloats(x > y, z, w))
STREAM(geWhere, 4, selectFloats(x >= y, z, w))
