// Folding elements into one: the sum, the product or an extreme of them.
#pragma once
#include "kernel.h"

enum { FOLD_SUM, FOLD_PROD, FOLD_AMAX, FOLD_AMIN };
enum { DTYPE_FLOAT32, DTYPE_FLOAT64, DTYPE_INT32, DTYPE_UINT8, DTYPE_COUNT };

// What some elements have been folded into: `number` for floats, `whole` for integers, where it wraps around.
typedef union Partial {
  double number;
  uint64_t whole;
} Partial;

// One operation on elements of one dtype.
typedef struct Fold {
  int64_t bytes;
  Partial initial;
  // Neighbours into one total.
  void (*line)(Partial *total, const void *x, int64_t count);
  // Lines of so few neighbours that vectors would be wasted, one behind the other, each into a total of its own.
  void (*shortLines)(Partial *totals, const void *x, int64_t lines, int64_t count);
  // Rows of `width` neighbours into as many totals; `stride` elements lie between the beginnings of two rows.
  void (*rows)(Partial *totals, const void *x, int64_t rows, int64_t stride, int64_t width);
  void (*merge)(Partial *totals, const Partial *others, int64_t count);
  // Writes outputs [first, first + count).
  void (*finish)(void *out, int64_t first, const Partial *totals, int64_t count);
} Fold;

const Fold *foldOf(int32_t operation, int32_t dtype);
