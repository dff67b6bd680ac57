// What the kernels of matrix products share: their params, and what each piece of the work is.
#pragma once
#include "chain.h"
#include "kernel.h"

// Written by src/encode/matrix.ts, in this order; sizes and strides of the batch follow, then whether there is a chain, then its params.
// c = a @ b + bias: operands a, b, the bias if there is one, c, those of the chain.
typedef struct MatrixParams {
  // Of c, of c, and of what is summed.
  int32_t rows, columns, depth;
  // Whether a is stored [depth][rows], b [columns][depth].
  int32_t transposeA, transposeB;
  // Whether operand 0 is b and operand 1 a.
  int32_t swapped;
  // How many there are: 0, or one for each column, or 1 for all.
  int32_t biases;
  // How the work is cut. With more than one split of the depth the workspace holds the sums of each.
  int32_t rowBlocks, columnBlocks, splits;
  // Products in the batch, and how many of them are one piece.
  int32_t batch, group;
  int32_t rank;
  // rank sizes, strides of a and strides of b, the chain.
  int32_t rest[];
} MatrixParams;

typedef struct Range {
  int64_t start, end;
} Range;

static inline int64_t lengthOf(Range range) { return range.end - range.start; }

// Part `part` of `parts` of [0, total), cut at multiples of `unit`.
static inline Range partOf(int64_t total, int64_t parts, int64_t part, int64_t unit) {
  const int64_t units = ceilDivide(total, unit);
  return (Range){minimum64(total, units * part / parts * unit), minimum64(total, units * (part + 1) / parts * unit)};
}

// Some products of the batch, some of their rows and columns, and of the depth.
typedef struct MatrixPiece {
  int64_t split;
  Range matrices, rows, columns, depth;
} MatrixPiece;

enum { ROW_UNIT = 8, COLUMN_UNIT = 16, DEPTH_UNIT = 16 };

static inline const MatrixParams *matrixParams(const Call *call) { return (const MatrixParams *)call->params; }

static inline const void *operandA(const Call *call) { return call->data[matrixParams(call)->swapped]; }
static inline const void *operandB(const Call *call) { return call->data[1 - matrixParams(call)->swapped]; }
static inline const void *operandBias(const Call *call) { return matrixParams(call)->biases ? call->data[2] : NULL; }
static inline int32_t operandC(const MatrixParams *p) { return p->biases ? 3 : 2; }

// Where product `matrix` of the batch begins in a and b.
typedef struct MatrixStarts {
  int64_t a, b;
} MatrixStarts;

MatrixStarts matrixStarts(const MatrixParams *p, int64_t matrix);

// Computes the products of a piece without their chain, into c or, where the depth is split, into the split's part of the workspace
// (and then without bias): both hold all of [batch][rows][columns].
typedef void MultiplyMatrices(const Call *call, const MatrixPiece *piece, void *c);

// A whole kernel: all pieces, the sums of splits, the chain. Splits are of float or double.
void runMatrixCall(const Call *call, MultiplyMatrices *multiply, int64_t elementBytes);
