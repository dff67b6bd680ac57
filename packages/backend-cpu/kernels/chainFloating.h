// The operations of chains that read alike for float32 and float64: an includer says FLOATING, its type, STEP_NAME(operation), the
// step's name, and BUILTIN(function), the compiler's function of that type.
#include "chainStep.h"
#include "numbers.h"

#define UNARY(name, expression) UNARY_STEP_OF(STEP_NAME(name), FLOATING, FLOATING, EACH, expression)
#define BINARY(name, expression) BINARY_STEP_OF(STEP_NAME(name), FLOATING, FLOATING, EACH, expression)
#define TEST(name, expression) BINARY_STEP_OF(STEP_NAME(name), FLOATING, int32_t, EACH, expression)
#define UNARY_CALL(name, function) UNARY_STEP_OF(STEP_NAME(name), FLOATING, FLOATING, ONE_BY_ONE, function(x))
#define BINARY_CALL(name, function) BINARY_STEP_OF(STEP_NAME(name), FLOATING, FLOATING, ONE_BY_ONE, function(x, y))
// One more expansion, so that STEP_NAME is replaced.
#define UNARY_STEP_OF(name, T, R, LOOP, expression) UNARY_STEP(name, T, R, LOOP, expression)
#define BINARY_STEP_OF(name, T, R, LOOP, expression) BINARY_STEP(name, T, R, LOOP, expression)
#define STEP_FUNCTION_OF(name) STEP_FUNCTION(name)

UNARY(neg, -x)
UNARY(abs, BUILTIN(fabs)(x))
UNARY(sign, (x > 0) - (x < 0))
UNARY(floor, BUILTIN(floor)(x))
UNARY(ceil, BUILTIN(ceil)(x))
UNARY(round, BUILTIN(rint)(x))
UNARY(trunc, BUILTIN(trunc)(x))
UNARY(sqrt, BUILTIN(sqrt)(x))
UNARY(rsqrt, 1 / BUILTIN(sqrt)(x))
UNARY(relu, ((x > 0) | (x != x)) ? x : 0)
UNARY_CALL(tan, tan)
UNARY_CALL(asin, asin)
UNARY_CALL(acos, acos)
UNARY_CALL(atan, atan)
UNARY_CALL(sinh, sinh)
UNARY_CALL(cosh, cosh)
UNARY_CALL(asinh, asinh)
UNARY_CALL(acosh, acosh)
UNARY_CALL(atanh, atanh)
UNARY_STEP_OF(STEP_NAME(logicalNot), FLOATING, int32_t, EACH, x == 0)

BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x *y)
BINARY(div, x / y)
BINARY_CALL(floorDivide, floorDivideNumbers)
BINARY_CALL(remainder, remainderNumbers)
BINARY_CALL(fmod, fmod)
BINARY_CALL(pow, power)
BINARY_CALL(atan2, atan2)
BINARY(maximum, ((x > y) | (x != x)) ? x : y)
BINARY(minimum, ((x < y) | (x != x)) ? x : y)

TEST(eq, x == y)
TEST(ne, x != y)
TEST(gt, x > y)
TEST(ge, x >= y)
TEST(logicalAnd, (x != 0) & (y != 0))
TEST(logicalOr, (x != 0) | (y != 0))
TEST(logicalXor, (x != 0) ^ (y != 0))

STEP_FUNCTION_OF(STEP_NAME(full)) {
  FLOATING *const out = d;
  const FLOATING value = (FLOATING)scalarOf(context, 0);
  EACH out[i] = value;
}

// In float64, so that every element is rounded once.
STEP_FUNCTION_OF(STEP_NAME(iota)) {
  FLOATING *const out = d;
  const double start = scalarOf(context, 0), step = scalarOf(context, 1);
  const int64_t first = context->position;
  EACH out[i] = (FLOATING)(start + (double)(first + i) * step);
}
