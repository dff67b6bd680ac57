// batchNorm over [N, C, inner] with the batch's own statistics: one pass for them, one for the elements.
#include "batchNorm.h"

#include "vectorMath.h"

// The first sum of a part is its mean, the second that of the squares of deviations from it; they are merged as Chan, Golub and
// LeVeque do (1979).
static double weightedMean(const Layout *layout, int64_t entry, double elements, double about) {
  (void)about;
  return elements * layout->first[entry];
}
static double squaresAbout(const Layout *layout, int64_t entry, double elements, double mean) {
  const double deviation = layout->first[entry] - mean;
  return layout->second[entry] + elements * deviation * deviation;
}

#define REAL_BITS 32
#include "real.h"
#include "batchNormParts.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "batchNormParts.h"

void batchNorm(const Call *call) {
  const Layout layout = layoutOf(call);
  (layout.isDouble ? batchNormDoubles : batchNormFloats)(call, &layout);
}
