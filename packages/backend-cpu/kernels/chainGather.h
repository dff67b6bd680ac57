// Elements of an input that a loop does not read in order, one after the other.
#pragma once
#include "kernel.h"

// The loop is rows of `inner` elements over outer dims; strides count elements.
typedef struct Gather {
  int32_t bytes;
  int32_t inner;
  int32_t outer;
  const int32_t *outerSizes;
  int64_t stride;
  const int32_t *outerStrides;
} Gather;

// Rows of a panel.
enum { PANEL_ROWS = 16 };

// Where the element of a place in the loop lies.
int64_t gatherOffset(const Gather *gather, int64_t position);

// Those of places [position, position + n).
void gatherElements(const Gather *gather, const void *source, void *target, int64_t position, int64_t n);

// Those of places [position, position + n) of a row, and of the rows after it in the last outer dim, `rows` in all: each row of the target
// begins `pitch` elements after the last.
void gatherPanel(const Gather *gather, const void *source, void *target, int64_t position, int64_t rows, int64_t n, int64_t pitch);
