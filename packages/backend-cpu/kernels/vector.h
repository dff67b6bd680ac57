// Vectors of the widest registers that the compiler may use, and the few operations that vector extensions lack.
// `-ffp-contract=off`: a multiply-add is fused only where `multiplyAdd` says so.
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#include <immintrin.h>
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#include <immintrin.h>
#else
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#include <arm_neon.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif
#endif

// Elements in a vector.
#define FLOAT_LANES (VECTOR_BYTES / 4)
#define DOUBLE_LANES (VECTOR_BYTES / 8)

typedef float Floats __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t Ints __attribute__((vector_size(VECTOR_BYTES)));
typedef uint32_t Words __attribute__((vector_size(VECTOR_BYTES)));
typedef double Doubles __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t Longs __attribute__((vector_size(VECTOR_BYTES)));

#define INLINE static inline __attribute__((always_inline))

// Nothing is trusted to be aligned.
INLINE Floats loadFloats(const float *p) {
  Floats v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void storeFloats(float *p, Floats v) { memcpy(p, &v, sizeof v); }

#if defined(__AVX2__) && !defined(__AVX512F__)
// All ones in the first `bytes` of 32.
INLINE __m256i maskOfLanes(int64_t bytes) {
  static const uint8_t ones[64] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                   255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  return _mm256_loadu_si256((const __m256i *)(ones + 32 - bytes));
}
#endif

// Past the caches, where the processor can; `p` is aligned to VECTOR_BYTES. Other threads see it after `streamEnd`.
INLINE void streamFloats(float *p, Floats v) {
#if defined(__AVX512F__)
  _mm512_stream_ps(p, (__m512)v);
#elif defined(__AVX2__)
  _mm256_stream_ps(p, (__m256)v);
#else
  storeFloats(p, v);
#endif
}
INLINE void streamEnd(void) {
#if defined(__AVX2__)
  _mm_sfence();
#endif
}

// The first `count` < FLOAT_LANES elements, zeros behind them.
INLINE Floats loadSomeFloats(const float *p, int64_t count) {
#if defined(__AVX512F__)
  return (Floats)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#elif defined(__AVX2__)
  return (Floats)_mm256_maskload_ps(p, maskOfLanes(4 * count));
#else
  float lanes[FLOAT_LANES] = {0};
  for (int64_t i = 0; i < count; i++) lanes[i] = p[i];
  return loadFloats(lanes);
#endif
}
INLINE void storeSomeFloats(float *p, Floats v, int64_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
#elif defined(__AVX2__)
  _mm256_maskstore_ps(p, maskOfLanes(4 * count), (__m256)v);
#else
  for (int64_t i = 0; i < count; i++) p[i] = v[i];
#endif
}

INLINE Doubles loadDoubles(const double *p) {
  Doubles v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void storeDoubles(double *p, Doubles v) { memcpy(p, &v, sizeof v); }
INLINE Doubles loadSomeDoubles(const double *p, int64_t count) {
#if defined(__AVX512F__)
  return (Doubles)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), p);
#elif defined(__AVX2__)
  return (Doubles)_mm256_maskload_pd(p, maskOfLanes(8 * count));
#else
  double lanes[DOUBLE_LANES] = {0};
  for (int64_t i = 0; i < count; i++) lanes[i] = p[i];
  return loadDoubles(lanes);
#endif
}
INLINE void storeSomeDoubles(double *p, Doubles v, int64_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << count) - 1), (__m512d)v);
#elif defined(__AVX2__)
  _mm256_maskstore_pd(p, maskOfLanes(8 * count), (__m256d)v);
#else
  for (int64_t i = 0; i < count; i++) p[i] = v[i];
#endif
}

// Elements [start, start + lanes) of an array of `size`, zeros for those that it does not have.
INLINE Floats loadWindowFloats(const float *p, int64_t start, int64_t size) {
  const int64_t before = start >= 0 ? 0 : -start < FLOAT_LANES ? -start : FLOAT_LANES;
  const int64_t end = size - start >= FLOAT_LANES ? FLOAT_LANES : size - start > 0 ? size - start : 0;
#if defined(__AVX512F__)
  return (Floats)_mm512_maskz_loadu_ps((__mmask16)(((1u << end) - 1) & ~((1u << before) - 1)), p + start);
#else
  if (before == 0 && end == FLOAT_LANES) return loadFloats(p + start);
  float lanes[FLOAT_LANES] = {0};
  for (int64_t i = before; i < end; i++) lanes[i] = p[start + i];
  return loadFloats(lanes);
#endif
}
INLINE Doubles loadWindowDoubles(const double *p, int64_t start, int64_t size) {
  const int64_t before = start >= 0 ? 0 : -start < DOUBLE_LANES ? -start : DOUBLE_LANES;
  const int64_t end = size - start >= DOUBLE_LANES ? DOUBLE_LANES : size - start > 0 ? size - start : 0;
#if defined(__AVX512F__)
  return (Doubles)_mm512_maskz_loadu_pd((__mmask8)(((1u << end) - 1) & ~((1u << before) - 1)), p + start);
#else
  if (before == 0 && end == DOUBLE_LANES) return loadDoubles(p + start);
  double lanes[DOUBLE_LANES] = {0};
  for (int64_t i = before; i < end; i++) lanes[i] = p[start + i];
  return loadDoubles(lanes);
#endif
}

// The 16 bytes at each of p, p + stride, …: VECTOR_BYTES / 16 of them.
INLINE Words loadQuarters(const void *p, int64_t stride) {
  const char *bytes = p;
#if defined(__AVX512F__)
  // Masked broadcasts, since inserts would all wait for the one port that shuffles.
  Words v = (Words)_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)bytes));
  v = (Words)_mm512_mask_broadcast_i32x4((__m512i)v, 0x00f0, _mm_loadu_si128((const __m128i *)(bytes + stride)));
  v = (Words)_mm512_mask_broadcast_i32x4((__m512i)v, 0x0f00, _mm_loadu_si128((const __m128i *)(bytes + 2 * stride)));
  return (Words)_mm512_mask_broadcast_i32x4((__m512i)v, 0xf000, _mm_loadu_si128((const __m128i *)(bytes + 3 * stride)));
#elif defined(__AVX2__)
  return (Words)_mm256_loadu2_m128i((const __m128i *)(bytes + stride), (const __m128i *)bytes);
#else
  (void)stride;
  Words v;
  memcpy(&v, bytes, sizeof v);
  return v;
#endif
}

#if VECTOR_BYTES == 64
// The 32 bytes at p and at p + stride.
INLINE Words loadHalves(const void *p, int64_t stride) {
  const __m512i low = _mm512_castsi256_si512(_mm256_loadu_si256(p));
  return (Words)_mm512_inserti64x4(low, _mm256_loadu_si256((const __m256i *)((const char *)p + stride)), 1);
}
#endif

INLINE void storeSomeInts(int32_t *p, Ints v, int64_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_epi32(p, (__mmask16)((1u << count) - 1), (__m512i)v);
#else
  for (int64_t i = 0; i < count; i++) p[i] = v[i];
#endif
}

INLINE Floats allFloats(float x) { return x - (Floats){0}; }
INLINE Doubles allDoubles(double x) { return x - (Doubles){0}; }
INLINE Ints allInts(int32_t x) { return x - (Ints){0}; }

// 0, 1, 2, …
INLINE Ints laneNumbers(void) {
  int32_t lanes[FLOAT_LANES];
  for (int32_t i = 0; i < FLOAT_LANES; i++) lanes[i] = i;
  Ints numbers;
  memcpy(&numbers, lanes, sizeof numbers);
  return numbers;
}

// a * b + c, rounded once where the processor can (everywhere but in plain WebAssembly).
INLINE Floats multiplyAdd(Floats a, Floats b, Floats c) {
#if defined(__AVX512F__)
  return (Floats)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__FMA__)
  return (Floats)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__aarch64__)
  return (Floats)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#elif defined(__wasm_relaxed_simd__)
  return (Floats)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#else
  return a * b + c;
#endif
}

INLINE Doubles multiplyAddDoubles(Doubles a, Doubles b, Doubles c) {
#if defined(__AVX512F__)
  return (Doubles)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__FMA__)
  return (Doubles)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined(__aarch64__)
  return (Doubles)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#elif defined(__wasm_relaxed_simd__)
  return (Doubles)wasm_f64x2_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
#else
  return a * b + c;
#endif
}

// Lane by lane: `mask` is all ones (a) or all zeros (b), as comparisons give.
INLINE Floats selectFloats(Ints mask, Floats a, Floats b) { return (Floats)((mask & (Ints)a) | (~mask & (Ints)b)); }
INLINE Ints selectInts(Ints mask, Ints a, Ints b) { return (mask & a) | (~mask & b); }

// a < b ? a : b and a > b ? a : b: b where one is NaN. (Of a plain selection Clang makes relaxed_min, which may drop NaN.)
INLINE Floats lesserFloats(Floats a, Floats b) {
#if defined(__AVX512F__)
  return (Floats)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Floats)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__wasm_simd128__)
  return (Floats)wasm_f32x4_pmin((v128_t)b, (v128_t)a);
#else
  return selectFloats(a < b, a, b);
#endif
}
INLINE Floats greaterFloats(Floats a, Floats b) {
#if defined(__AVX512F__)
  return (Floats)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX2__)
  return (Floats)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__wasm_simd128__)
  return (Floats)wasm_f32x4_pmax((v128_t)b, (v128_t)a);
#else
  return selectFloats(a > b, a, b);
#endif
}

INLINE float sumLanes(Floats v) {
#if defined(__AVX512F__)
  return _mm512_reduce_add_ps((__m512)v);
#else
  float lanes[FLOAT_LANES];
  storeFloats(lanes, v);
  for (int width = FLOAT_LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return lanes[0];
#endif
}
