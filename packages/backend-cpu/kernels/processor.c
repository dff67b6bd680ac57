#include "processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdint.h>

enum { FMA_XSAVE_AVX_F16C = 1 << 12 | 1 << 27 | 1 << 28 | 1 << 29, BMI1_AVX2_BMI2 = 1 << 3 | 1 << 5 | 1 << 8, LZCNT = 1 << 5 };
static const uint32_t avx512FDqCdBwVl = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;

static bool contains(uint32_t set, uint32_t bits) { return (set & bits) == bits; }

// The register files that the operating system saves: bits 1, 2 for AVX, 5, 6, 7 too for AVX-512.
static uint32_t savedRegisters(void) {
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool processorSupported(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !contains(c, FMA_XSAVE_AVX_F16C)) return false;
  if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !contains(c, LZCNT)) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !contains(b, BMI1_AVX2_BMI2)) return false;
#if defined(DL_AVX512)
  return contains(b, avx512FDqCdBwVl) && contains(savedRegisters(), 0xe6);
#else
  (void)avx512FDqCdBwVl;
  return contains(savedRegisters(), 0x06);
#endif
}
#else
bool processorSupported(void) { return true; }
#endif
