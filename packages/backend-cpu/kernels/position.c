// argmax and argmin along one dim: the first position whose element no other one beats; the first NaN beats all.
#include "fold.h"

#define REAL_BITS 32
#include "real.h"
#include "line.h"

typedef struct Lines {
  int32_t dtype;
  int64_t outer, count, inner;
} Lines;

// Columns of a tile, and elements of a piece.
enum { TILE = 256, PIECE = 32768 };

#define GREATER(a, b) ((a) > (b))
#define LESSER(a, b) ((a) < (b))

// Positions within `columns` lines that begin beside each other, whose elements lie `stride` apart.
#define DEFINE_POSITIONS(name, T, BEATS)                                                                               \
  static void name(int32_t *out, const void *data, int64_t count, int64_t stride, int64_t columns) {                   \
    const T *x = data;                                                                                                 \
    T best[TILE];                                                                                                      \
    memcpy(best, x, (size_t)columns * sizeof *x);                                                                      \
    memset(out, 0, (size_t)columns * sizeof *out);                                                                     \
    for (int64_t i = 1; i < count; i++) {                                                                              \
      x += stride;                                                                                                     \
      for (int64_t c = 0; c < columns; c++) {                                                                          \
        const bool beats = BEATS(x[c], best[c]) || (x[c] != x[c] && best[c] == best[c]);                               \
        best[c] = beats ? x[c] : best[c];                                                                              \
        out[c] = beats ? (int32_t)i : out[c];                                                                          \
      }                                                                                                                \
    }                                                                                                                  \
  }

DEFINE_POSITIONS(greatestFloats, float, GREATER)
DEFINE_POSITIONS(greatestDoubles, double, GREATER)
DEFINE_POSITIONS(greatestInts, int32_t, GREATER)
DEFINE_POSITIONS(greatestBytes, uint8_t, GREATER)
DEFINE_POSITIONS(leastFloats, float, LESSER)
DEFINE_POSITIONS(leastDoubles, double, LESSER)
DEFINE_POSITIONS(leastInts, int32_t, LESSER)
DEFINE_POSITIONS(leastBytes, uint8_t, LESSER)

typedef void Positions(int32_t *out, const void *data, int64_t count, int64_t stride, int64_t columns);
static Positions *const greatest[DTYPE_COUNT] = {greatestFloats, greatestDoubles, greatestInts, greatestBytes};
static Positions *const least[DTYPE_COUNT] = {leastFloats, leastDoubles, leastInts, leastBytes};
static const int64_t bytes[DTYPE_COUNT] = {4, 8, 4, 1};

// Each lane's best so far, and where it was.
typedef struct Leaders {
  Floats best;
  Ints position;
} Leaders;

INLINE Ints isNaN(Floats x) { return x != x; }

INLINE Leaders led(Leaders leaders, Floats value, Ints position) {
  const Ints beats = (value > leaders.best) | (isNaN(value) & ~isNaN(leaders.best));
  return (Leaders){selectFloats(beats, value, leaders.best), selectInts(beats, position, leaders.position)};
}

// The first position of the best of all lanes.
INLINE int32_t winnerOf(Leaders leaders) {
  const Ints nan = isNaN(leaders.best);
  const Ints wins = anyLane(nan) ? nan : leaders.best == greatestLaneFloats(leaders.best);
  int32_t positions[FLOAT_LANES], first = INT32_MAX;
  const Ints candidates = selectInts(wins, leaders.position, allInts(INT32_MAX));
  memcpy(positions, &candidates, sizeof positions);
  for (int i = 0; i < FLOAT_LANES; i++) first = positions[i] < first ? positions[i] : first;
  return first;
}

// The position of the greatest of x with the signs that `sign` flips.
static int32_t greatestInLine(const float *x, int64_t count, Ints sign) {
  Ints lane;
  for (int i = 0; i < FLOAT_LANES; i++) lane[i] = i;
  Leaders leaders = {allFloats(-__builtin_inff()), lane};
  EACH_VECTOR(i, lanes, count, {
    const Floats value = (Floats)((Ints)loadLanesFloats(x + i, lanes) ^ sign);
    leaders = led(leaders, lanes == FLOAT_LANES ? value : firstLanesFloats(value, lanes, -__builtin_inff()), lane + (int32_t)i);
  });
  return winnerOf(leaders);
}

static void findInLines(const Lines *lines, int32_t *out, const char *x, int64_t first, int64_t end, bool negated) {
  const Ints sign = allInts(negated ? INT32_MIN : 0);
  Positions *positions = (negated ? least : greatest)[lines->dtype];
  for (int64_t line = first; line < end; line++) {
    const char *start = x + line * lines->count * bytes[lines->dtype];
    if (lines->dtype == DTYPE_FLOAT32) out[line] = greatestInLine((const float *)start, lines->count, sign);
    else positions(out + line, start, lines->count, 1, 1);
  }
}

static void findInColumns(const Lines *lines, int32_t *out, const char *x, int64_t piece, bool negated) {
  const int64_t tiles = ceilDivide(lines->inner, TILE), outer = piece / tiles, column = piece % tiles * TILE;
  const char *start = x + (outer * lines->count * lines->inner + column) * bytes[lines->dtype];
  Positions *positions = (negated ? least : greatest)[lines->dtype];
  positions(out + outer * lines->inner + column, start, lines->count, lines->inner, minimum64(TILE, lines->inner - column));
}

static void findPositions(const Call *call, bool negated) {
  const Lines lines = {call->params[0], call->params[1], call->params[2], call->params[3]};
  if (lines.inner == 1) {
    const int64_t together = maximum64(1, PIECE / maximum64(1, lines.count));
    FOR_PIECES(piece, ceilDivide(lines.outer, together), call)
      findInLines(&lines, call->data[1], call->data[0], piece * together, minimum64((piece + 1) * together, lines.outer), negated);
  } else {
    FOR_PIECES(piece, lines.outer * ceilDivide(lines.inner, TILE), call)
      findInColumns(&lines, call->data[1], call->data[0], piece, negated);
  }
}

void argmax(const Call *call) { findPositions(call, false); }
void argmin(const Call *call) { findPositions(call, true); }
