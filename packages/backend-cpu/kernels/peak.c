// What the machine can do at best: the yardstick of profiles and benchmarks.
#include "kernel.h"
#include "vector.h"

// Multiply-adds that don't wait for each other, as many as there are registers for.
#if defined(__AVX512F__) || defined(__aarch64__)
enum { CHAINS = 24 };
#else
enum { CHAINS = 12 };
#endif

// params: [pieces, operations of a piece]. data: [one float a piece]
void peakMultiplyAdd(const Call *call) {
  float *sums = call->data[0];
  const int32_t rounds = call->params[1] / (2 * CHAINS * FLOAT_LANES);
  FOR_PIECES(piece, call->params[0], call) {
    Floats chains[CHAINS];
    const Floats factor = allFloats(0.999f), summand = allFloats(0.001f);
#pragma GCC unroll 24
    for (int i = 0; i < CHAINS; i++) chains[i] = allFloats((float)i);
    for (int32_t round = 0; round < rounds; round++) {
#pragma GCC unroll 24
      for (int i = 0; i < CHAINS; i++) chains[i] = multiplyAdd(chains[i], factor, summand);
    }
    float sum = 0;
#pragma GCC unroll 24
    for (int i = 0; i < CHAINS; i++) sum += sumLanes(chains[i]);
    sums[piece] = sum;
  }
}

// params: [pieces, floats of a piece]. data: [from, to]
void peakCopy(const Call *call) {
  const int64_t length = call->params[1];
  FOR_PIECES(piece, call->params[0], call) {
    const float *from = (const float *)call->data[0] + piece * length;
    float *to = (float *)call->data[1] + piece * length;
    for (int64_t i = 0; i < length; i += FLOAT_LANES) storeFloats(to + i, loadFloats(from + i));
  }
}
