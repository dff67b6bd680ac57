// Functions for code that is written once for float and double (real.h), as quickTanhReals is quickTanhFloats or quickTanhDoubles.
#pragma once
#include "numbers.h"
#include "vectorMath.h"

#define BY_LANES(name, function)                                                                                       \
  static inline Doubles name(Doubles x) {                                                                              \
    for (int i = 0; i < DOUBLE_LANES; i++) x[i] = function(x[i]);                                                      \
    return x;                                                                                                          \
  }
BY_LANES(normalExpDoubles, exp)
BY_LANES(quickTanhDoubles, tanh)
BY_LANES(quickSigmoidDoubles, sigmoidNumber)
#undef BY_LANES

// e^x, and 0 where that is below the normal numbers, which processors are slow to make.
INLINE Floats normalExpFloats(Floats x) {
  const Ints isTiny = x < -87.0f;
  return (Floats)(~isTiny & (Ints)expFloats(selectFloats(isTiny, allFloats(0), x)));
}

// The hyperbolic tangent: 7 units in the last place, for less work than tanhFloats. fixtures/quickTanh.py computes the quotient.
INLINE Floats quickTanhFloats(Floats x) {
  const Floats bounded = lesserFloats(allFloats(9.0f), greaterFloats(allFloats(-9.0f), x));
  const Floats square = bounded * bounded;
  const Floats above = POLYNOMIAL(square, 0.9999999412f, 0.1291922724f, 0.002920760706f, 9.267413729e-06f, -1.278043027e-08f, 1.825524543e-11f);
  const Floats below = POLYNOMIAL(square, 1.0f, 0.4625251109f, 0.0237631636f, 0.0002281000651f);
  return lesserFloats(allFloats(1.0f), greaterFloats(allFloats(-1.0f), bounded * above / below));
}

// 1 / (1 + e^-x): 3 units in the last place from -87 up, and an error below 1e-37 elsewhere, for less work than sigmoidFloats.
INLINE Floats quickSigmoidFloats(Floats x) { return 1.0f / (1.0f + expFloats(-x)); }

// As greaterFloats: b where one is NaN.
INLINE Doubles greaterDoubles(Doubles a, Doubles b) {
#if defined(__wasm_simd128__)
  return (Doubles)wasm_f64x2_pmax((v128_t)b, (v128_t)a);
#else
  const Longs isGreater = a > b;
  return (Doubles)((isGreater & (Longs)a) | (~isGreater & (Longs)b));
#endif
}

INLINE double sumLanesDoubles(Doubles v) {
  double sum = v[0];
  for (int i = 1; i < DOUBLE_LANES; i++) sum += v[i];
  return sum;
}
INLINE float sumLanesFloats(Floats v) { return sumLanes(v); }

INLINE double greatestLaneDoubles(Doubles v) {
  double most = v[0];
  for (int i = 1; i < DOUBLE_LANES; i++) most = v[i] > most ? v[i] : most;
  return most;
}
INLINE float greatestLaneFloats(Floats v) {
#if defined(__AVX512F__)
  return _mm512_reduce_max_ps((__m512)v);
#elif defined(__wasm_simd128__)
  const Floats pairs = greaterFloats((Floats)wasm_i32x4_shuffle((v128_t)v, (v128_t)v, 2, 3, 0, 1), v);
  return greaterFloats((Floats)wasm_i32x4_shuffle((v128_t)pairs, (v128_t)pairs, 1, 0, 3, 2), pairs)[0];
#else
  float lanes[FLOAT_LANES];
  storeFloats(lanes, v);
  for (int width = FLOAT_LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] = lanes[i + width] > lanes[i] ? lanes[i + width] : lanes[i];
  return lanes[0];
#endif
}
