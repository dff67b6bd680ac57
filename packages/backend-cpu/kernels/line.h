// What kernels do to neighbouring elements, for the element type that real.h has chosen: exponentials, extremes and sums.
// Sums of float32 lose nothing worth mentioning: a lane adds up at most 64 numbers before they go into a double.
#include "kernel.h"
#include "realMath.h"

#if REAL_BITS == 32
INLINE Floats exponentialsFloats(Floats x) { return expFloats(x); }
INLINE double addLanesFloats(Floats v) { return sumLanes(v); }
INLINE Floats logarithmsFloats(Floats x) { return logFloats(x); }
// The first `count` lanes, and in the others `rest`.
INLINE Floats firstLanesFloats(Floats v, int64_t count, float rest) {
  Ints lane;
  for (int i = 0; i < FLOAT_LANES; i++) lane[i] = i;
  return selectFloats(lane < (int32_t)count, v, allFloats(rest));
}
#else
INLINE Doubles exponentialsDoubles(Doubles x) {
  for (int i = 0; i < DOUBLE_LANES; i++) x[i] = exp(x[i]);
  return x;
}
INLINE double addLanesDoubles(Doubles v) {
  double sum = 0;
  for (int i = 0; i < DOUBLE_LANES; i++) sum += v[i];
  return sum;
}
INLINE Doubles logarithmsDoubles(Doubles x) {
  for (int i = 0; i < DOUBLE_LANES; i++) x[i] = log(x[i]);
  return x;
}
INLINE Doubles firstLanesDoubles(Doubles v, int64_t count, double rest) {
  for (int64_t i = count; i < DOUBLE_LANES; i++) v[i] = rest;
  return v;
}
#endif

// `count` lanes from memory and to it, zeros behind them.
INLINE Reals OF_REAL(loadLanes)(const Real *p, int64_t count) {
  return count == REAL_LANES ? OF_REAL(load)(p) : OF_REAL(loadSome)(p, count);
}
INLINE void OF_REAL(storeLanes)(Real *p, Reals v, int64_t count) {
  if (count == REAL_LANES) OF_REAL(store)(p, v);
  else OF_REAL(storeSome)(p, v, count);
}

// Does something for each vector of `count` elements: at `i`, with `lanes` elements, of which the compiler knows that they mostly are all.
#undef EACH_VECTOR
#define EACH_VECTOR(i, lanes, count, ...)                                                                              \
  do {                                                                                                                 \
    int64_t i = 0;                                                                                                     \
    for (; i + REAL_LANES <= (count); i += REAL_LANES) {                                                               \
      const int64_t lanes = REAL_LANES;                                                                                \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
    if (i < (count)) {                                                                                                 \
      const int64_t lanes = (count) - i;                                                                               \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  } while (0)

// The greatest of some elements; a NaN may be left out.
static inline Real OF_REAL(greatestIn)(const Real *x, int64_t count) {
  Reals most = OF_REAL(all)(-(Real)__builtin_inf());
  int64_t i = 0;
  for (; i + REAL_LANES <= count; i += REAL_LANES) most = OF_REAL(greater)(OF_REAL(load)(x + i), most);
  if (i < count) {
    const Reals last = OF_REAL(firstLanes)(OF_REAL(loadSome)(x + i, count - i), count - i, -(Real)__builtin_inf());
    most = OF_REAL(greater)(last, most);
  }
  return OF_REAL(greatestLane)(most);
}

// Elements after which a sum goes into a double; with four lines of vectors, one after each other.
#undef SUM_SPAN
#define SUM_SPAN (64 * REAL_LANES)

INLINE Reals OF_REAL(sumOfSpans)(const Real *x, int64_t count) {
  Reals a = {0}, b = {0}, c = {0}, d = {0};
  int64_t i = 0;
  for (; i + 4 * REAL_LANES <= count; i += 4 * REAL_LANES) {
    a += OF_REAL(load)(x + i);
    b += OF_REAL(load)(x + i + REAL_LANES);
    c += OF_REAL(load)(x + i + 2 * REAL_LANES);
    d += OF_REAL(load)(x + i + 3 * REAL_LANES);
  }
  for (; i + REAL_LANES <= count; i += REAL_LANES) a += OF_REAL(load)(x + i);
  if (i < count) b += OF_REAL(loadSome)(x + i, count - i);
  return (a + b) + (c + d);
}

static inline double OF_REAL(sumOf)(const Real *x, int64_t count) {
  double total = 0;
  for (int64_t i = 0; i < count; i += 4 * SUM_SPAN)
    total += OF_REAL(addLanes)(OF_REAL(sumOfSpans)(x + i, minimum64(4 * SUM_SPAN, count - i)));
  return total;
}

static inline double OF_REAL(sumOfProducts)(const Real *x, const Real *y, int64_t count) {
  double total = 0;
  for (int64_t start = 0; start < count; start += 2 * SUM_SPAN) {
    const int64_t end = minimum64(start + 2 * SUM_SPAN, count);
    Reals a = {0}, b = {0};
    int64_t i = start;
    for (; i + 2 * REAL_LANES <= end; i += 2 * REAL_LANES) {
      a = multiplyAddReals(OF_REAL(load)(x + i), OF_REAL(load)(y + i), a);
      b = multiplyAddReals(OF_REAL(load)(x + i + REAL_LANES), OF_REAL(load)(y + i + REAL_LANES), b);
    }
    for (; i < end; i += REAL_LANES) {
      const int64_t lanes = minimum64(REAL_LANES, end - i);
      a = multiplyAddReals(OF_REAL(loadLanes)(x + i, lanes), OF_REAL(loadLanes)(y + i, lanes), a);
    }
    total += OF_REAL(addLanes)(a + b);
  }
  return total;
}

// Σ exp(x - most), each of which goes to `out` unless that is NULL.
INLINE double OF_REAL(sumOfPowers)(Real *out, const Real *x, int64_t count, Real most) {
  double total = 0;
  for (int64_t start = 0; start < count; start += SUM_SPAN) {
    const int64_t end = minimum64(start + SUM_SPAN, count);
    Reals sum = {0};
    int64_t i = start;
    for (; i + REAL_LANES <= end; i += REAL_LANES) {
      const Reals power = OF_REAL(exponentials)(OF_REAL(load)(x + i) - most);
      if (out != NULL) OF_REAL(store)(out + i, power);
      sum += power;
    }
    if (i < end) {
      const Reals power = OF_REAL(exponentials)(OF_REAL(loadSome)(x + i, end - i) - most);
      if (out != NULL) OF_REAL(storeSome)(out + i, power, end - i);
      sum += OF_REAL(firstLanes)(power, end - i, 0);
    }
    total += OF_REAL(addLanes)(sum);
  }
  return total;
}
