// exp, log and their kin on vectors of float32. The number behind each is how many units in the last place of the exact result
// it may be off, over the whole range, subnormal results included; src/vectorMath.test.ts holds it to that.
// Infinities, NaN and signed zeros come out as C's functions give them. fixtures/vectorMath.py computes the polynomials.
#pragma once
#include <stdbool.h>

#include "numbers.h"
#include "vector.h"

INLINE Floats absoluteFloats(Floats x) { return (Floats)((Ints)x & INT32_MAX); }
// The size of `size`, which is positive, with the sign of `sign`.
INLINE Floats signedFloats(Floats size, Floats sign) { return (Floats)((Ints)size | ((Ints)sign & INT32_MIN)); }

// Bits are reckoned with as Words, which wrap: what comes of NaN is thrown away later.

// 2^n for whole n of [-126, 127].
INLINE Floats powersOfTwo(Ints n) { return (Floats)(((Words)n + 127) << 23); }
// x 2^-n, where neither is subnormal.
INLINE Floats withoutExponent(Floats x, Ints n) { return (Floats)((Words)x - ((Words)n << 23)); }

// x 2^n, rounded once; n is whole, of [-252, 254].
INLINE Floats scaleFloats(Floats x, Ints n) {
#if defined(__AVX512F__)
  return (Floats)_mm512_scalef_ps((__m512)x, _mm512_cvtepi32_ps((__m512i)n));
#else
  const Ints half = n >> 1;
  return x * powersOfTwo(half) * powersOfTwo((Ints)((Words)n - (Words)half));
#endif
}

// The coefficients in ascending order.
#define POLYNOMIAL(x, ...)                                                                                             \
  evaluatePolynomial(x, (const float[]){__VA_ARGS__}, (int)(sizeof((const float[]){__VA_ARGS__}) / sizeof(float)))
INLINE Floats evaluatePolynomial(Floats x, const float *coefficients, int count) {
  Floats sum = allFloats(coefficients[count - 1]);
#pragma GCC unroll 16
  for (int i = count - 2; i >= 0; i--) sum = multiplyAdd(sum, x, allFloats(coefficients[i]));
  return sum;
}

// x = n log 2 + rest with |rest| <= 0.35; |x| < 200.
INLINE Floats reduceExponent(Floats x, Ints *n) {
  // Beyond 2^23 floats are whole: adding rounds, and leaves n in the lowest bits.
  const Floats shifted = multiplyAdd(x, allFloats(1.44269504f), allFloats(12582912.0f));
  const Floats whole = shifted - 12582912.0f;
  *n = (Ints)((Words)shifted - 0x4b400000);
  // log 2 in two parts; the first has so few bits that products with n are exact.
  return multiplyAdd(whole, allFloats(-1.42860682e-6f), multiplyAdd(whole, allFloats(-0.693145752f), x));
}

// e^x: 1.1.
INLINE Floats expFloats(Floats x) {
  const Floats bounded = lesserFloats(allFloats(90.0f), greaterFloats(allFloats(-105.0f), x));
  Ints n;
  const Floats r = reduceExponent(bounded, &n);
  const Floats tail = POLYNOMIAL(r, 0.4999999341f, 0.1666652011f, 0.04166839421f, 0.008368780409f, 0.001381446696f);
  return scaleFloats(multiplyAdd(tail, r * r, r) + 1.0f, n);
}

// e^x - 1: 1.5.
INLINE Floats expm1Floats(Floats x) {
  const Floats bounded = lesserFloats(allFloats(89.0f), greaterFloats(allFloats(-20.0f), x));
  Ints n;
  const Floats r = reduceExponent(bounded, &n);
  const Floats tail = POLYNOMIAL(r, 0.5000000044f, 0.1666666637f, 0.04166635982f, 0.008333389569f, 0.001394072007f, 0.0001984588651f);
  const Floats fraction = multiplyAdd(tail, r * r, r);
  // Half of 2^n, which itself may be beyond the range.
  const Floats half = powersOfTwo((Ints)((Words)n - 1));
  const Floats result = 2.0f * multiplyAdd(fraction, half, half - 0.5f);
  return selectFloats(absoluteFloats(x) < 1e-30f, x, result);
}

// n log 2 + log(1 + f) for |f| <= 1/3.
INLINE Floats logarithmSum(Ints n, Floats f) {
  const Floats whole = __builtin_convertvector(n, Floats);
  const Floats square = f * f;
  const Floats tail = POLYNOMIAL(f, 0.3333321598f, -0.2499979767f, 0.200104059f, -0.1668048733f, 0.1400586925f, -0.1218426094f,
                                 0.1398443571f, -0.1289168675f);
  const Floats low = multiplyAdd(whole, allFloats(1.42860682e-6f), f * square * tail);
  return multiplyAdd(whole, allFloats(0.693145752f), f + multiplyAdd(square, allFloats(-0.5f), low));
}

// The n that leaves x 2^-n in [2/3, 4/3), for positive normal x.
INLINE Ints exponentOf(Floats x) { return (Ints)((Words)x - 0x3f2aaaab) >> 23; }

// What a logarithm is where its argument is not positive and finite; `result` elsewhere.
INLINE Floats logarithmLimits(Floats x, Floats result) {
  const Floats infinity = allFloats(__builtin_inff());
  result = selectFloats(x < infinity, result, x);
  result = selectFloats(x == 0.0f, -infinity, result);
  return selectFloats(x < 0.0f, allFloats(__builtin_nanf("")), result);
}

// The natural logarithm: 1.
INLINE Floats logFloats(Floats x) {
  const Ints isSmall = x < 1.17549435e-38f;
  const Floats normal = selectFloats(isSmall, x * 8388608.0f, x);
  const Ints n = exponentOf(normal);
  const Floats m = withoutExponent(normal, n);
  return logarithmLimits(x, logarithmSum(n - (isSmall & 23), m - 1.0f));
}

// log(1 + x): 1.6.
INLINE Floats log1pFloats(Floats x) {
  const Floats sum = x + 1.0f;
  const Ints n = exponentOf(sum);
  const Floats m = withoutExponent(sum, n);
  // (1 + x) 2^-n - 1 without the rounding of the sum, where that matters.
  const Floats scale = powersOfTwo((Ints)(-(Words)n));
  const Floats f = selectFloats(n < 30, multiplyAdd(x, scale, scale - 1.0f), m - 1.0f);
  const Floats result = logarithmLimits(sum, logarithmSum(n, f));
  return selectFloats(absoluteFloats(x) < 1e-30f, x, result);
}

// The hyperbolic tangent: 2.5.
INLINE Floats tanhFloats(Floats x) {
  const Floats size = lesserFloats(allFloats(10.0f), absoluteFloats(x));
  const Floats power = expm1Floats(2.0f * size);
  return signedFloats(power / (power + 2.0f), x);
}

// 1 / (1 + e^-x): 2.5.
INLINE Floats sigmoidFloats(Floats x) {
  const Floats power = expFloats(-absoluteFloats(x));
  return selectFloats(x < 0.0f, power, allFloats(1.0f)) / (1.0f + power);
}

// The error function: 1.5.
INLINE Floats erfFloats(Floats x) {
  const Floats size = lesserFloats(allFloats(4.0f), absoluteFloats(x));
  const Floats square = size * size;
  const Floats inner = POLYNOMIAL(square, 0.1283791657f, -0.3761262582f, 0.1128358515f, -0.02685381192f, 0.005188327665f,
                                  -0.0008010193446f, 7.853860784e-5f);
  const Floats outer = POLYNOMIAL(size, 0.0003415342158f, 1.127089143f, 0.6381449156f, 0.103106679f, -0.02183802594f,
                                  0.002947648273f, -0.0001863781133f);
  const Floats result = selectFloats(size < 1.0f, multiplyAdd(inner, size, size), 1.0f - expFloats(-outer));
  return signedFloats(result, x);
}

// e^(-x^2) for x of [0, 20]: the square of x cut to 12 bits is exact, and the rest goes into a second factor.
INLINE Floats expOfMinusSquare(Floats x) {
  const Floats cut = (Floats)((Ints)x & ~0xfff);
  const Floats rest = (cut - x) * (cut + x);
  return expFloats(-cut * cut) * POLYNOMIAL(rest, 1.0f, 1.0f, 0.5f, 0.1666666667f, 0.04166666667f);
}

// 1 - erf(x): 5.
INLINE Floats erfcFloats(Floats x) {
  const Floats size = lesserFloats(allFloats(11.0f), absoluteFloats(x));
  const Floats square = size * size;
  const Floats inner = POLYNOMIAL(square, 0.1283791656f, -0.3761260857f, 0.1128282282f, -0.02675718465f, 0.004717990067f);
  const Floats t = (size - 4.0f) / (size + 4.0f);
  const Floats ratio = POLYNOMIAL(t, 1.232995118f, -0.1396210692f, 0.01537980963f, 0.06809454596f, -0.1010442757f, 0.09376790445f,
                                  -0.06626257736f, 0.03699199612f, -0.01657330917f, 0.005274422283f);
  const Floats tail = expOfMinusSquare(size) * (ratio / multiplyAdd(size, allFloats(2.0f), allFloats(1.0f)));
  const Floats near = 1.0f - multiplyAdd(inner, x, x);
  return selectFloats(size < 0.5f, near, selectFloats(x < 0.0f, 2.0f - tail, tail));
}

typedef float HalfFloats __attribute__((vector_size(VECTOR_BYTES / 2)));
typedef int32_t HalfInts __attribute__((vector_size(VECTOR_BYTES / 2)));

// x less the nearest multiple n of pi/2, for |x| <= 2^20; `quadrant` is n, of which only the lowest bits count.
INLINE HalfFloats reduceAngle(HalfFloats x, HalfInts *quadrant) {
  const Doubles angle = __builtin_convertvector(x, Doubles);
  const Doubles shifted = angle * 0.63661977236758134 + 6755399441055744.0;
  const Doubles whole = shifted - 6755399441055744.0;
  *quadrant = __builtin_convertvector((Longs)shifted, HalfInts);
  // pi/2 in two parts; the first has 33 bits, so that products with n are exact.
  return __builtin_convertvector(angle - whole * 1.57079632673412561417 - whole * 6.07710050650619224932e-11, HalfFloats);
}

// sin(x + turns pi/2), for |x| <= 2^20.
INLINE Floats sineOf(Floats x, uint32_t turns) {
  HalfFloats halves[2];
  HalfInts quadrants[2];
  memcpy(halves, &x, sizeof x);
  for (int i = 0; i < 2; i++) halves[i] = reduceAngle(halves[i], &quadrants[i]);
  Floats r;
  Words quadrant;
  memcpy(&r, halves, sizeof r);
  memcpy(&quadrant, quadrants, sizeof quadrant);
  quadrant += turns;
  const Floats square = r * r;
  const Floats sine = multiplyAdd(POLYNOMIAL(square, -0.1666665457f, 0.008332158411f, -0.0001951495776f), square * r, r);
  const Floats cosine = multiplyAdd(POLYNOMIAL(square, 0.04166664562f, -0.001388731306f, 2.44327849e-5f), square * square,
                                    multiplyAdd(square, allFloats(-0.5f), allFloats(1.0f)));
  const Floats result = selectFloats((quadrant & 1) == 0, sine, cosine);
  return (Floats)((Words)result ^ ((quadrant & 2) << 30));
}

INLINE bool anyLane(Ints mask) {
  int32_t lanes[FLOAT_LANES], any = 0;
  memcpy(lanes, &mask, sizeof lanes);
  for (int i = 0; i < FLOAT_LANES; i++) any |= lanes[i];
  return any != 0;
}

// The lanes of `x` that are beyond 2^20, not finite, or NaN, through a function of numbers.
static inline Floats throughNumbers(Floats x, Floats result, double (*function)(double)) {
  float arguments[FLOAT_LANES], lanes[FLOAT_LANES];
  storeFloats(arguments, x);
  storeFloats(lanes, result);
  for (int i = 0; i < FLOAT_LANES; i++)
    if (!(__builtin_fabsf(arguments[i]) <= 1048576.0f)) lanes[i] = (float)function(arguments[i]);
  return loadFloats(lanes);
}

// The sine of radians: 1.6.
INLINE Floats sinFloats(Floats x) {
  const Floats result = selectFloats(x == 0.0f, x, sineOf(x, 0));
  return anyLane(~(absoluteFloats(x) <= 1048576.0f)) ? throughNumbers(x, result, sin) : result;
}

// The cosine of radians: 1.6.
INLINE Floats cosFloats(Floats x) {
  const Floats result = sineOf(x, 1);
  return anyLane(~(absoluteFloats(x) <= 1048576.0f)) ? throughNumbers(x, result, cos) : result;
}
