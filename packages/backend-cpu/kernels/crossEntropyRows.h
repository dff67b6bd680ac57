// crossEntropy.c, written once for both element types.
#include "line.h"

static void OF_REAL(lossOfRow)(Real *out, const Real *logits, int64_t classes, int64_t label) {
  const Real most = OF_REAL(greatestIn)(logits, classes);
  const Real sum = (Real)OF_REAL(sumOfPowers)(NULL, logits, classes, most);
  *out = OF_REAL(logarithms)(OF_REAL(all)(sum))[0] + (most - logits[label]);
}

static void OF_REAL(gradientOfRow)(Real *out, Real gradient, const Real *logits, int64_t classes, int64_t label) {
  const double sum = OF_REAL(sumOfPowers)(out, logits, classes, OF_REAL(greatestIn)(logits, classes));
  const Real scale = (Real)(1 / sum), own = out[label] * scale;
  const Real factor = scale * gradient;
  for (int64_t i = 0; i < classes; i++) out[i] *= factor;
  out[label] = (own - 1) * gradient;
}
