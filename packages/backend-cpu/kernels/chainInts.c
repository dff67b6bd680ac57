// Operations of chains on int32, uint8 and bool, which are all int32 within a chain, and casts.
#include "chainStep.h"
#include "numbers.h"

// In 32 bits without a sign, where overflow wraps.
#define WRAPPED(operator) (int32_t)((uint32_t)x operator(uint32_t) y)
#define UNARY(name, expression) UNARY_STEP(name##Ints, int32_t, int32_t, EACH, expression)
#define BINARY(name, expression) BINARY_STEP(name##Ints, int32_t, int32_t, EACH, expression)
#define BINARY_CALL(name, function) BINARY_STEP(name##Ints, int32_t, int32_t, ONE_BY_ONE, function(x, y))
#define CONVERSION(name, T, R, expression) UNARY_STEP(name, T, R, EACH, expression)

static inline int32_t negative(int32_t x) { return (int32_t)(0u - (uint32_t)x); }

// 0 where `b` is 0.
static inline int32_t quotientDown(int32_t a, int32_t b) {
  if (b == 0) return 0;
  if (b == -1) return negative(a);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static inline int32_t rest(int32_t a, int32_t b) { return b == 0 || b == -1 ? 0 : a % b; }
static inline int32_t restWithSignOf(int32_t a, int32_t b) {
  const int32_t r = rest(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

// By squaring, modulo 2^32. A negative exponent leaves something only of 1 and -1.
static inline int32_t integerPower(int32_t base, int32_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? 1 - 2 * (exponent & 1) : 0;
  uint32_t result = 1, square = (uint32_t)base;
  for (uint32_t e = (uint32_t)exponent; e > 0; e >>= 1) {
    if (e & 1) result *= square;
    square *= square;
  }
  return (int32_t)result;
}

UNARY(neg, negative(x))
UNARY(abs, x < 0 ? negative(x) : x)
UNARY(sign, (x > 0) - (x < 0))
UNARY(relu, x > 0 ? x : 0)
UNARY(logicalNot, x == 0)
BINARY(add, WRAPPED(+))
BINARY(sub, WRAPPED(-))
BINARY(mul, WRAPPED(*))
BINARY_CALL(floorDivide, quotientDown)
BINARY_CALL(remainder, restWithSignOf)
BINARY_CALL(fmod, rest)
BINARY_CALL(pow, integerPower)
BINARY(maximum, x > y ? x : y)
BINARY(minimum, x < y ? x : y)
BINARY(eq, x == y)
BINARY(ne, x != y)
BINARY(gt, x > y)
BINARY(ge, x >= y)
BINARY(logicalAnd, (x != 0) & (y != 0))
BINARY(logicalOr, (x != 0) | (y != 0))
BINARY(logicalXor, (x != 0) ^ (y != 0))

STEP_FUNCTION(fullInts) {
  int32_t *const out = d;
  const int32_t value = wrapped(scalarOf(context, 0));
  EACH out[i] = value;
}
STEP_FUNCTION(iotaInts) {
  int32_t *const out = d;
  const double start = scalarOf(context, 0), step = scalarOf(context, 1);
  for (int64_t i = 0; i < n; i++) out[i] = wrapped(start + (double)(context->position + i) * step);
}

// Words and doubles of any kind.
#define WHERE(name, T)                                                                                                 \
  STEP_FUNCTION(name) {                                                                                                \
    T *const out = d;                                                                                                  \
    const int32_t *const conditions = a;                                                                               \
    const T *const xs = b, *const ys = c;                                                                              \
    EACH {                                                                                                             \
      const T x = xs[i], y = ys[i];                                                                                    \
      out[i] = conditions[i] ? x : y;                                                                                  \
    }                                                                                                                  \
  }
WHERE(whereWords, int32_t)
WHERE(whereDoubles, double)

// Towards zero, to the nearest int32; NaN is 0.
#define SATURATED(T) (x >= (T)2147483648.0 ? INT32_MAX : x <= (T)-2147483648.0 ? INT32_MIN : x == x ? (int32_t)x : 0)

CONVERSION(floatsToInts, float, int32_t, SATURATED(float))
CONVERSION(doublesToInts, double, int32_t, SATURATED(double))
CONVERSION(floatsToDoubles, float, double, x)
CONVERSION(doublesToFloats, double, float, x)
CONVERSION(intsToFloats, int32_t, float, x)
CONVERSION(intsToDoubles, int32_t, double, x)
CONVERSION(floatsToBools, float, int32_t, x != 0)
CONVERSION(doublesToBools, double, int32_t, x != 0)
CONVERSION(intsToBools, int32_t, int32_t, x != 0)
CONVERSION(widenBytes, uint8_t, int32_t, x)
CONVERSION(narrowBytes, int32_t, uint8_t, (uint32_t)x)
CONVERSION(wrapBytes, int32_t, int32_t, x & 255)

STEP_FUNCTION(copyBytes) { memmove(d, a, (size_t)n); }
STEP_FUNCTION(copyWords) { memmove(d, a, (size_t)n * 4); }
STEP_FUNCTION(copyDoubles) { memmove(d, a, (size_t)n * 8); }
