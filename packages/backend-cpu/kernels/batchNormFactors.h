// What batchNorm.c and batchNormGradient.c share, written once for both element types.

// The factors of number `number` of some channels, for each of their columns.
static void OF_REAL(putFactors)(const Layout *layout, int64_t number, int64_t channel, int64_t count, const Real *values) {
  const int64_t repeats = layout->isColumns ? layout->inner : 1;
  Real *factors = (Real *)layout->factors + number * factorCount(layout) + channel * repeats;
  for (int64_t i = 0; i < count; i++)
    for (int64_t j = 0; j < repeats; j++) factors[i * repeats + j] = values[i];
}
