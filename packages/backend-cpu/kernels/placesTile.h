// Tiles of convolutions with places in the lanes of vectors: elements of a source that are neighbours are loaded as they lie.
#pragma once
#include "kernel.h"
#include "vector.h"

// Places that are neighbours both in the source and in the target, at most as many as a vector has lanes.
typedef struct PlaceVector {
  // Offsets from the first element of the source's box, and from the target's first place.
  int32_t source, target;
  int32_t count;
} PlaceVector;

// c[i][target + lane] = Σ_k a[i][k] · b[source + steps[k] + lane] for i < rows, k < depth, for each vector; added if `accumulate`.
// Loads whole vectors of b.
typedef struct PlacesFloats {
  const float *a, *b;
  float *c;
  int64_t aStride, cStride;
  const PlaceVector *vectors;
  const int32_t *steps;
  int64_t vectorCount, rows, depth;
  bool accumulate;
} PlacesFloats;

typedef struct PlacesDoubles {
  const double *a, *b;
  double *c;
  int64_t aStride, cStride;
  const PlaceVector *vectors;
  const int32_t *steps;
  int64_t vectorCount, rows, depth;
  bool accumulate;
} PlacesDoubles;

void multiplyPlacesFloats(const PlacesFloats *places);
void multiplyPlacesDoubles(const PlacesDoubles *places);

// c[i][k] += a[i][target + lane] · b[source + steps[k] + lane] in each lane, over all vectors; rows of c are `depth` vectors.
void addPlaceProductsFloats(const PlacesFloats *places);
void addPlaceProductsDoubles(const PlacesDoubles *places);
