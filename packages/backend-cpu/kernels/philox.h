// Philox 4x32-10 as packages/tensor/src/philox.ts says it, bit by bit: a vector of counters at a time.
#pragma once
#include "kernel.h"
#include "shuffle.h"

typedef struct Philox {
  uint32_t seedLow, seedHigh, stream, offset;
} Philox;

// From the scalars of a run, each an unsigned 32-bit number.
static inline Philox philoxOpen(double seedLow, double seedHigh, double stream, double offset) {
  return (Philox){(uint32_t)seedLow, (uint32_t)seedHigh, (uint32_t)stream, (uint32_t)offset};
}

typedef uint64_t LongWords __attribute__((vector_size(VECTOR_BYTES)));

// The words of DOUBLE_LANES successive counters, each in the lower half of a lane. Even lanes hold the first half of the counters and odd
// lanes the second, so that words of one counter become neighbours without leaving their 16 bytes.
typedef struct PhiloxWords {
  LongWords words[4];
} PhiloxWords;

#define COUNTER_OF_LANE(i) ((i) / 2 + (i) % 2 * (DOUBLE_LANES / 2))

// Of the lower halves.
INLINE LongWords productOfHalves(LongWords a, uint32_t b) {
#if defined(__AVX512F__)
  return (LongWords)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(b));
#elif defined(__AVX2__)
  return (LongWords)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
#else
  return (a & UINT32_MAX) * (uint64_t)b;
#endif
}

static inline PhiloxWords philoxWords(const Philox *philox, uint64_t block) {
  LongWords a, c = (LongWords){0} + philox->offset, d = (LongWords){0} + philox->stream;
  for (int i = 0; i < DOUBLE_LANES; i++) a[i] = (uint64_t)COUNTER_OF_LANE(i);
  a += block;
  LongWords b = a >> 32;
  uint32_t low = philox->seedLow, high = philox->seedHigh;
  for (int round = 0; round < 10; round++) {
    const LongWords first = productOfHalves(a, 0xd2511f53), second = productOfHalves(c, 0xcd9e8d57);
    // Upper halves stay dirty: nobody reads them.
    a = (second >> 32) ^ b ^ low;
    b = second;
    c = (first >> 32) ^ d ^ high;
    d = first;
    low += 0x9e3779b9;
    high += 0xbb67ae85;
  }
  return (PhiloxWords){{a, b, c, d}};
}

// Numbers of one counter for each dtype, and of one vector of counters.
enum {
  FLOATS_OF_COUNTER = 4,
  DOUBLES_OF_COUNTER = 2,
  FLOAT_DRAWS = FLOATS_OF_COUNTER * DOUBLE_LANES,
  DOUBLE_DRAWS = DOUBLES_OF_COUNTER * DOUBLE_LANES
};

// Uniform numbers [4 block, 4 block + FLOAT_DRAWS), of 24 random bits.
INLINE void drawFloats(const Philox *philox, uint64_t block, float *out) {
  const PhiloxWords it = philoxWords(philox, block);
  const LongWords *const w = it.words;
  const Longs front = (Longs)((w[0] & UINT32_MAX) | (w[1] << 32)), back = (Longs)((w[2] & UINT32_MAX) | (w[3] << 32));
  const Words first = (Words)INTERLEAVE(Longs, front, back, LOW_LONGS), second = (Words)INTERLEAVE(Longs, front, back, HIGH_LONGS);
  storeFloats(out, __builtin_convertvector((Ints)(first >> 8), Floats) * 0x1p-24f);
  storeFloats(out + FLOAT_LANES, __builtin_convertvector((Ints)(second >> 8), Floats) * 0x1p-24f);
}

// Uniform numbers [2 block, 2 block + DOUBLE_DRAWS), of 53 random bits.
INLINE void drawDoubles(const Philox *philox, uint64_t block, double *out) {
  const PhiloxWords it = philoxWords(philox, block);
  for (int i = 0; i < DOUBLE_LANES; i++)
    for (int j = 0; j < 2; j++) {
      const uint32_t high = (uint32_t)it.words[2 * j][i], low = (uint32_t)it.words[2 * j + 1][i];
      out[2 * COUNTER_OF_LANE(i) + j] = ((high >> 5) * 0x1p26 + (low >> 6)) * 0x1p-53;
    }
}

// Uniform numbers [start, start + count) of a tensor's elements into `out`.
#define UNIFORM(T, uniform, draw, draws, ofCounter)                                                                    \
  static inline void uniform(const Philox *philox, int64_t start, int64_t count, T *out) {                             \
    int64_t skipped = start % ofCounter;                                                                               \
    uint64_t block = (uint64_t)(start / ofCounter);                                                                    \
    for (; count > 0; block += DOUBLE_LANES) {                                                                         \
      const int64_t taken = minimum64(draws - skipped, count);                                                         \
      if (taken == draws) draw(philox, block, out);                                                                    \
      else {                                                                                                           \
        T some[draws];                                                                                                 \
        draw(philox, block, some);                                                                                     \
        memcpy(out, some + skipped, (size_t)taken * sizeof(T));                                                        \
      }                                                                                                                \
      out += taken;                                                                                                    \
      count -= taken;                                                                                                  \
      skipped = 0;                                                                                                     \
    }                                                                                                                  \
  }
UNIFORM(float, uniformFloats, drawFloats, FLOAT_DRAWS, FLOATS_OF_COUNTER)
UNIFORM(double, uniformDoubles, drawDoubles, DOUBLE_DRAWS, DOUBLES_OF_COUNTER)
#undef UNIFORM
