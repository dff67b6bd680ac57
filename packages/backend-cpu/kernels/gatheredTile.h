// Products of elements that lie anywhere with packed columns: convolutions read their patches where they are, without copies.
#pragma once
#include "kernel.h"
#include "vector.h"

// c[i][j] = Σ_k a[rows[i] + steps[k]] · b[k][j] for i < rowCount, j < width, k < depth; added to c[i][j] if `accumulate`.
// Rows of b and c lie side by side; the width is a whole number of vectors, at most PANEL_VECTORS of tile.h.
typedef struct GatherFloats {
  const float *a, *b;
  float *c;
  const int32_t *rows, *steps;
  int64_t rowCount, depth, width;
  bool accumulate;
} GatherFloats;

typedef struct GatherDoubles {
  const double *a, *b;
  double *c;
  const int32_t *rows, *steps;
  int64_t rowCount, depth, width;
  bool accumulate;
} GatherDoubles;

void gatherPanelFloats(const GatherFloats *gather);
void gatherPanelDoubles(const GatherDoubles *gather);
