#include "fold.h"

#include "sums.h"
#define REAL_BITS 32
#include "real.h"
#include "line.h"

#define PLUS(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
// NaN wins.
#define GREATER(a, b) ((b) > (a) || (b) != (b) ? (b) : (a))
#define LESSER(a, b) ((b) < (a) || (b) != (b) ? (b) : (a))

enum { LANES = 16 };

#define DEFINE_LINE(name, T, A, member, start, STEP)                                                                   \
  static void name(Partial *total, const void *data, int64_t count) {                                                  \
    const T *x = data;                                                                                                 \
    A lanes[LANES];                                                                                                    \
    for (int j = 0; j < LANES; j++) lanes[j] = start;                                                                  \
    int64_t i = 0;                                                                                                     \
    for (; i + LANES <= count; i += LANES)                                                                             \
      for (int j = 0; j < LANES; j++) lanes[j] = STEP(lanes[j], (A)x[i + j]);                                          \
    for (int j = 0; i < count; i++, j++) lanes[j] = STEP(lanes[j], (A)x[i]);                                           \
    for (int width = LANES / 2; width > 0; width /= 2)                                                                 \
      for (int j = 0; j < width; j++) lanes[j] = STEP(lanes[j], lanes[j + width]);                                     \
    A *result = (A *)&total->member;                                                                                   \
    *result = STEP(*result, lanes[0]);                                                                                 \
  }

#define DEFINE_SHORT(name, T, A, member, STEP)                                                                         \
  static void name(Partial *totals, const void *data, int64_t lines, int64_t count) {                                  \
    const T *x = data;                                                                                                 \
    for (int64_t line = 0; line < lines; line++, x += count) {                                                         \
      A total = (A)totals[line].member;                                                                                \
      for (int64_t i = 0; i < count; i++) total = STEP(total, (A)x[i]);                                                \
      *(A *)&totals[line].member = total;                                                                              \
    }                                                                                                                  \
  }

#define DEFINE_ROWS(name, T, A, member, STEP)                                                                          \
  static void name(Partial *totals, const void *data, int64_t rows, int64_t stride, int64_t width) {                   \
    A *t = (A *)&totals->member;                                                                                       \
    for (const T *x = data; rows > 0; rows--, x += stride)                                                             \
      for (int64_t c = 0; c < width; c++) t[c] = STEP(t[c], (A)x[c]);                                                  \
  }

#define DEFINE_MERGE(name, A, member, STEP)                                                                            \
  static void name(Partial *totals, const Partial *others, int64_t count) {                                            \
    A *t = (A *)&totals->member;                                                                                       \
    const A *o = (const A *)&others->member;                                                                           \
    for (int64_t i = 0; i < count; i++) t[i] = STEP(t[i], o[i]);                                                       \
  }

#define DEFINE_FINISH(name, T, member, CONVERT)                                                                        \
  static void name(void *data, int64_t first, const Partial *totals, int64_t count) {                                  \
    T *out = (T *)data + first;                                                                                        \
    for (int64_t i = 0; i < count; i++) out[i] = CONVERT(totals[i].member);                                            \
  }

#define TO_FLOAT(x) (float)(x)
#define TO_DOUBLE(x) (x)
#define TO_INT(x) (int32_t)(uint32_t)(x)
#define TO_BYTE(x) (uint8_t)(x)
DEFINE_FINISH(finishFloats, float, number, TO_FLOAT)
DEFINE_FINISH(finishDoubles, double, number, TO_DOUBLE)
DEFINE_FINISH(finishInts, int32_t, whole, TO_INT)
DEFINE_FINISH(finishBytes, uint8_t, whole, TO_BYTE)

// One operation on all dtypes, `of` it: totals of floats are double, of integers A, an int64 with or without a sign.
#define DEFINE_FOLDS(of, A, floatStart, wholeStart, STEP)                                                              \
  DEFINE_LINE(of##DoubleLine, double, double, number, floatStart, STEP)                                                \
  DEFINE_LINE(of##IntLine, int32_t, A, whole, wholeStart, STEP)                                                        \
  DEFINE_LINE(of##ByteLine, uint8_t, A, whole, wholeStart, STEP)                                                       \
  DEFINE_SHORT(of##FloatShort, float, double, number, STEP)                                                            \
  DEFINE_SHORT(of##DoubleShort, double, double, number, STEP)                                                          \
  DEFINE_SHORT(of##IntShort, int32_t, A, whole, STEP)                                                                  \
  DEFINE_SHORT(of##ByteShort, uint8_t, A, whole, STEP)                                                                 \
  DEFINE_ROWS(of##DoubleRows, double, double, number, STEP)                                                            \
  DEFINE_ROWS(of##IntRows, int32_t, A, whole, STEP)                                                                    \
  DEFINE_ROWS(of##ByteRows, uint8_t, A, whole, STEP)                                                                   \
  DEFINE_MERGE(of##MergeNumbers, double, number, STEP)                                                                 \
  DEFINE_MERGE(of##MergeWholes, A, whole, STEP)

DEFINE_FOLDS(sum, uint64_t, 0.0, 0, PLUS)
DEFINE_FOLDS(prod, uint64_t, 1.0, 1, TIMES)
DEFINE_FOLDS(amax, int64_t, -__builtin_inf(), INT64_MIN, GREATER)
DEFINE_FOLDS(amin, int64_t, __builtin_inf(), INT64_MAX, LESSER)

static void sumFloatLine(Partial *total, const void *x, int64_t count) { total->number += sumOfFloats(x, count); }
static void sumFloatRows(Partial *totals, const void *x, int64_t rows, int64_t stride, int64_t width) {
  addRowsOfFloats(&totals->number, x, rows, stride, width);
}

// In double: whether a product overflows on its way must not depend on the order.
DEFINE_LINE(prodFloatLine, float, double, number, 1.0, TIMES)
DEFINE_ROWS(prodFloatRows, float, double, number, TIMES)

// The greatest of each lane, without NaN, and which lanes have met one. What is least is the greatest with the other sign.
typedef struct Extremes {
  Floats most;
  Ints nan;
} Extremes;

INLINE Extremes noExtremes(void) { return (Extremes){.most = allFloats(-__builtin_inff())}; }
INLINE Extremes extremesWith(Extremes known, Floats x) {
  return (Extremes){greaterFloats(x, known.most), known.nan | (x != x)};
}
INLINE Extremes mergedExtremes(Extremes a, Extremes b) { return (Extremes){greaterFloats(a.most, b.most), a.nan | b.nan}; }
INLINE Floats valuesOf(Extremes known) { return selectFloats(known.nan, allFloats(__builtin_nanf("")), known.most); }
INLINE Floats signedBy(Floats x, Ints sign) { return (Floats)((Ints)x ^ sign); }

// The greatest of x with the signs that `sign` flips.
INLINE float greatestOf(const float *x, int64_t count, Ints sign) {
  Extremes a = noExtremes(), b = noExtremes(), c = noExtremes(), d = noExtremes();
  int64_t i = 0;
  for (; i + 4 * FLOAT_LANES <= count; i += 4 * FLOAT_LANES) {
    a = extremesWith(a, signedBy(loadFloats(x + i), sign));
    b = extremesWith(b, signedBy(loadFloats(x + i + FLOAT_LANES), sign));
    c = extremesWith(c, signedBy(loadFloats(x + i + 2 * FLOAT_LANES), sign));
    d = extremesWith(d, signedBy(loadFloats(x + i + 3 * FLOAT_LANES), sign));
  }
  for (; i + FLOAT_LANES <= count; i += FLOAT_LANES) a = extremesWith(a, signedBy(loadFloats(x + i), sign));
  if (i < count) {
    const Floats last = signedBy(loadSomeFloats(x + i, count - i), sign);
    b = extremesWith(b, firstLanesFloats(last, count - i, -__builtin_inff()));
  }
  const Extremes all = mergedExtremes(mergedExtremes(a, b), mergedExtremes(c, d));
  return anyLane(all.nan) ? __builtin_nanf("") : greatestLaneFloats(all.most);
}

static void amaxFloatLine(Partial *total, const void *x, int64_t count) {
  const double most = greatestOf(x, count, allInts(0));
  total->number = GREATER(total->number, most);
}
static void aminFloatLine(Partial *total, const void *x, int64_t count) {
  const double least = -(double)greatestOf(x, count, allInts(INT32_MIN));
  total->number = LESSER(total->number, least);
}

// The greatest of x, with flipped signs, down some lanes of a column.
INLINE Floats greatestDown(const float *x, int64_t rows, int64_t stride, int64_t lanes, Ints sign) {
  Extremes a = noExtremes(), b = noExtremes();
  int64_t row = 0;
  for (; row + 2 <= rows; row += 2) {
    a = extremesWith(a, signedBy(loadLanesFloats(x + row * stride, lanes), sign));
    b = extremesWith(b, signedBy(loadLanesFloats(x + (row + 1) * stride, lanes), sign));
  }
  if (row < rows) a = extremesWith(a, signedBy(loadLanesFloats(x + row * stride, lanes), sign));
  return signedBy(valuesOf(mergedExtremes(a, b)), sign);
}

#define DEFINE_EXTREME_ROWS(name, sign, STEP)                                                                          \
  static void name(Partial *totals, const void *data, int64_t rows, int64_t stride, int64_t width) {                   \
    enum { TOGETHER = 16 };                                                                                            \
    const float *x = data;                                                                                             \
    for (; rows > 0; rows -= TOGETHER, x += TOGETHER * stride)                                                         \
      EACH_VECTOR(c, lanes, width, {                                                                                   \
        float found[FLOAT_LANES];                                                                                      \
        storeFloats(found, greatestDown(x + c, minimum64(TOGETHER, rows), stride, lanes, allInts(sign)));              \
        for (int64_t i = 0; i < lanes; i++) totals[c + i].number = STEP(totals[c + i].number, (double)found[i]);       \
      });                                                                                                              \
  }
DEFINE_EXTREME_ROWS(amaxFloatRows, 0, GREATER)
DEFINE_EXTREME_ROWS(aminFloatRows, INT32_MIN, LESSER)

#define FOLDS(of, floatStart, wholeStart, finishWholes, finishSmall)                                                   \
  {                                                                                                                    \
    {4, {.number = floatStart}, of##FloatLine, of##FloatShort, of##FloatRows, of##MergeNumbers, finishFloats},                         \
    {8, {.number = floatStart}, of##DoubleLine, of##DoubleShort, of##DoubleRows, of##MergeNumbers, finishDoubles},                      \
    {4, {.whole = wholeStart}, of##IntLine, of##IntShort, of##IntRows, of##MergeWholes, finishWholes},                               \
    {1, {.whole = wholeStart}, of##ByteLine, of##ByteShort, of##ByteRows, of##MergeWholes, finishSmall},                              \
  }

static const Fold folds[][DTYPE_COUNT] = {
  FOLDS(sum, 0.0, 0, finishInts, finishInts),
  FOLDS(prod, 1.0, 1, finishInts, finishInts),
  FOLDS(amax, -__builtin_inf(), (uint64_t)INT64_MIN, finishInts, finishBytes),
  FOLDS(amin, __builtin_inf(), (uint64_t)INT64_MAX, finishInts, finishBytes),
};

const Fold *foldOf(int32_t operation, int32_t dtype) { return &folds[operation][dtype]; }
