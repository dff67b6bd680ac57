// Functions of single float64 numbers: of <math.h> on native, in WebAssembly JavaScript's, given by the host as imports of
// "numbers". The compiler's own instructions do floor, ceil, trunc, rint, sqrt, fabs and copysign everywhere.
#pragma once
#include <stdint.h>

#if defined(__wasm__)
#define NUMBER(name) double name(double x) __attribute__((import_module("numbers"), import_name(#name)))
#define NUMBERS(name) double name(double a, double b) __attribute__((import_module("numbers"), import_name(#name)))
NUMBER(exp);
NUMBER(log);
NUMBER(log1p);
NUMBER(expm1);
NUMBER(sin);
NUMBER(cos);
NUMBER(tan);
NUMBER(asin);
NUMBER(acos);
NUMBER(atan);
NUMBER(sinh);
NUMBER(cosh);
NUMBER(tanh);
NUMBER(asinh);
NUMBER(acosh);
NUMBER(atanh);
NUMBERS(atan2);
// a % b.
NUMBERS(fmod);
NUMBERS(pow);
#undef NUMBER
#undef NUMBERS
#else
#include <math.h>
#endif

// C's rules, which JavaScript breaks: 1 to any power is 1, and so is -1 to an infinite one.
static inline double power(double a, double b) {
#if defined(__wasm__)
  if (a == 1 || (a == -1 && __builtin_isinf(b))) return 1;
#endif
  return pow(a, b);
}

// The error function and its complement, to a relative error below 1e-14.
double erfNumber(double x);
double erfcNumber(double x);

// 1 / (1 + exp(-x)).
static inline double sigmoidNumber(double x) { return 1 / (1 + exp(-x)); }

// Python's //: the exact quotient rounded down.
double floorDivideNumbers(double a, double b);
// With the sign of the divisor.
double remainderNumbers(double a, double b);

// Towards zero, to the nearest int32; NaN is 0.
static inline int32_t saturated(double x) {
  if (x >= 2147483647.0) return INT32_MAX;
  if (x <= -2147483648.0) return INT32_MIN;
  return x == x ? (int32_t)x : 0;
}

// The lowest 32 bits of a whole number below 2^63.
static inline int32_t wrapped(double x) { return __builtin_fabs(x) < 9.2e18 ? (int32_t)(uint32_t)(int64_t)x : 0; }
