// The gradients of batchNorm over [N, C, inner]: one pass for the sums of each channel, one for the elements.
#include "batchNorm.h"

#include "vectorMath.h"

// The first sum of a part is that of the gradient, the second that of its products with the deviations from the mean.
static double firstSum(const Layout *layout, int64_t entry, double elements, double about) {
  (void)elements, (void)about;
  return layout->first[entry];
}
static double secondSum(const Layout *layout, int64_t entry, double elements, double about) {
  (void)elements, (void)about;
  return layout->second[entry];
}

#define REAL_BITS 32
#include "real.h"
#include "batchNormGradientParts.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "batchNormGradientParts.h"

void batchNormGradient(const Call *call) {
  const Layout layout = layoutOf(call);
  (layout.isDouble ? batchNormGradientDoubles : batchNormGradientFloats)(call, &layout);
}
