// Rows that are needed soon, for one element type.
#include "real.h"

// Brings rows of channels, `plane` elements apart, into the cache while something else is computed: their lines are too far apart
// for the processor to guess.
static void OF_REAL(prefetchRows)(const Real *from, int64_t plane, int64_t columns, int64_t count, bool toStore) {
  for (int64_t i = 0; i < columns; i++, from += plane)
    for (int64_t j = 0; j < count; j += CACHE_LINE / (int64_t)sizeof(Real)) {
      if (toStore)
        __builtin_prefetch(from + j, 1);
      else
        __builtin_prefetch(from + j);
    }
}
