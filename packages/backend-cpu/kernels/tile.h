// Products of a few rows and columns at a time, their sums in registers: what matrix products, convolutions and the like are made of.
// For each block of at most blockDepth products and each panel of columns: pack the panel once (packColumns, or transpose if it is
// stored by columns), then multiplyPanel with all rows.
#pragma once
#include "kernel.h"
#include "vector.h"

// Vectors in the widest panel.
#if VECTOR_BYTES == 64 || defined(__aarch64__)
#define PANEL_VECTORS 4
#else
#define PANEL_VECTORS 3
#endif

// Of a row of the deepest block.
enum { DEPTH_BYTES = 1536 };
// The largest panel, to reserve room on the stack or in a workspace: 96 kB at most.
enum { PANEL_BYTES = DEPTH_BYTES / 4 * PANEL_VECTORS * VECTOR_BYTES, FLOAT_PANEL = PANEL_BYTES / 4, DOUBLE_PANEL = PANEL_BYTES / 8 };

// c[i][j] = start + Σ_k a[i][k] · b[k][j] for i < rows, j < columns, k < depth. The start is c[i][j] itself if `accumulate`, else
// bias[j], or 0 where `bias` is NULL. Strides count elements from row to row; columns lie side by side.
typedef struct ProductFloats {
  const float *a, *b, *bias;
  float *c;
  int64_t aStride, bStride, cStride;
  int64_t rows, columns, depth;
  bool accumulate;
} ProductFloats;

typedef struct ProductDoubles {
  const double *a, *b, *bias;
  double *c;
  int64_t aStride, bStride, cStride;
  int64_t rows, columns, depth;
  bool accumulate;
} ProductDoubles;

// The product where the columns are one panel. Reads whole vectors of each row of b: it must be packed, or the columns a multiple of
// the lanes.
void multiplyPanelFloats(const ProductFloats *product);
void multiplyPanelDoubles(const ProductDoubles *product);

// Columns of the next panel where so many are left: panels are as wide as tiles are fast.
int64_t panelColumnsFloats(int64_t columnsLeft);
int64_t panelColumnsDoubles(int64_t columnsLeft);

// The depth of the next block where so many products are left to add: about the same for all blocks.
int64_t blockDepthFloats(int64_t depthLeft);
int64_t blockDepthDoubles(int64_t depthLeft);

// Elements of a row of a packed panel: whole vectors. What lies behind the columns only makes sums that nobody stores.
static inline int64_t panelWidthFloats(int64_t columns) { return ceilDivide(columns, FLOAT_LANES) * FLOAT_LANES; }
static inline int64_t panelWidthDoubles(int64_t columns) { return ceilDivide(columns, DOUBLE_LANES) * DOUBLE_LANES; }

// panel[k][j] = source[k][j] for k < depth, j < columns: panel is [depth][panelWidth(columns)], at most four vectors wide.
void packColumnsFloats(float *panel, const float *source, int64_t sourceStride, int64_t depth, int64_t columns);
void packColumnsDoubles(double *panel, const double *source, int64_t sourceStride, int64_t depth, int64_t columns);

// target[j][i] = source[i][j] for i < rows, j < columns. Rows of the target have room for panelWidth(rows) elements, and are filled.
void transposeFloats(float *target, int64_t targetStride, const float *source, int64_t sourceStride, int64_t rows, int64_t columns);
void transposeDoubles(double *target, int64_t targetStride, const double *source, int64_t sourceStride, int64_t rows, int64_t columns);
