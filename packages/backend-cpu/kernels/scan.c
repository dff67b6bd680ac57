// cumsum along one dim. Floats add up in double precision and are rounded once; integers wrap around.
#include "fold.h"

// Columns of a tile, elements of a piece, and of a part of a long line, whose sum all that follows waits for.
enum { TILE = 256, PIECE = 32768, PART = 16384 };

#define DEFINE_SCAN(name, T, R, A, member)                                                                             \
  static Partial name##Sum(const void *from, int64_t count) {                                                          \
    const T *x = from;                                                                                                 \
    A lanes[8] = {0};                                                                                                  \
    for (int64_t i = 0; i + 8 <= count; i += 8)                                                                        \
      for (int j = 0; j < 8; j++) lanes[j] += (A)x[i + j];                                                             \
    Partial sum = {0};                                                                                                 \
    for (int j = 0; j < 8; j++) sum.member += lanes[j];                                                                \
    for (int64_t i = count & ~7; i < count; i++) sum.member += (A)x[i];                                                \
    return sum;                                                                                                        \
  }                                                                                                                    \
  static void name##Add(Partial *sum, const Partial *other) { sum->member += other->member; }                          \
  static void name##Line(void *to, const void *from, int64_t count, Partial start) {                                   \
    R *out = to;                                                                                                       \
    const T *x = from;                                                                                                 \
    A sum = start.member;                                                                                              \
    for (int64_t i = 0; i < count; i++) out[i] = (R)(sum += (A)x[i]);                                                  \
  }                                                                                                                    \
  static void name##Columns(void *to, const void *from, int64_t count, int64_t stride, int64_t columns) {              \
    R *out = to;                                                                                                       \
    const T *x = from;                                                                                                 \
    A sums[TILE] = {0};                                                                                                \
    for (int64_t i = 0; i < count; i++, x += stride, out += stride)                                                    \
      for (int64_t c = 0; c < columns; c++) out[c] = (R)(sums[c] += (A)x[c]);                                          \
  }

DEFINE_SCAN(scanFloats, float, float, double, number)
DEFINE_SCAN(scanDoubles, double, double, double, number)
DEFINE_SCAN(scanInts, int32_t, int32_t, uint32_t, whole)
DEFINE_SCAN(scanBytes, uint8_t, int32_t, uint32_t, whole)

typedef struct Scan {
  int64_t bytes, outBytes;
  Partial (*sum)(const void *from, int64_t count);
  void (*add)(Partial *sum, const Partial *other);
  void (*line)(void *to, const void *from, int64_t count, Partial start);
  void (*columns)(void *to, const void *from, int64_t count, int64_t stride, int64_t columns);
} Scan;

static const Scan scans[DTYPE_COUNT] = {
  {4, 4, scanFloatsSum, scanFloatsAdd, scanFloatsLine, scanFloatsColumns},
  {8, 8, scanDoublesSum, scanDoublesAdd, scanDoublesLine, scanDoublesColumns},
  {4, 4, scanIntsSum, scanIntsAdd, scanIntsLine, scanIntsColumns},
  {1, 4, scanBytesSum, scanBytesAdd, scanBytesLine, scanBytesColumns},
};

static void scanLines(const Call *call, const Scan *scan, int64_t outer, int64_t count) {
  const int64_t together = maximum64(1, PIECE / maximum64(1, count));
  FOR_PIECES(piece, ceilDivide(outer, together), call) {
    const int64_t end = minimum64((piece + 1) * together, outer);
    for (int64_t line = piece * together; line < end; line++)
      scan->line((char *)call->data[1] + line * count * scan->outBytes, (const char *)call->data[0] + line * count * scan->bytes, count,
                 (Partial){0});
  }
}

static void scanColumns(const Call *call, const Scan *scan, int64_t outer, int64_t count, int64_t inner) {
  const int64_t tiles = ceilDivide(inner, TILE);
  FOR_PIECES(piece, outer * tiles, call) {
    const int64_t column = piece % tiles * TILE, at = piece / tiles * count * inner + column;
    scan->columns((char *)call->data[1] + at * scan->outBytes, (const char *)call->data[0] + at * scan->bytes, count, inner,
                  minimum64(TILE, inner - column));
  }
}

// The sums of all parts; then what comes before each; then the elements.
static void scanLongLines(const Call *call, const Scan *scan, int64_t outer, int64_t count) {
  const int64_t parts = ceilDivide(count, PART);
  Partial *starts = (Partial *)call->workspace;
  const char *x = call->data[0];
  FOR_PIECES(piece, outer * parts, call) {
    const int64_t first = piece % parts * PART;
    starts[piece] = scan->sum(x + (piece / parts * count + first) * scan->bytes, minimum64(PART, count - first));
  }
  endPhase(call);
  FOR_PIECES(line, outer, call) {
    Partial before = {0};
    for (int64_t part = line * parts; part < (line + 1) * parts; part++) {
      const Partial own = starts[part];
      starts[part] = before;
      scan->add(&before, &own);
    }
  }
  endPhase(call);
  FOR_PIECES(piece, outer * parts, call) {
    const int64_t first = piece % parts * PART, at = piece / parts * count + first;
    scan->line((char *)call->data[1] + at * scan->outBytes, x + at * scan->bytes, minimum64(PART, count - first), starts[piece]);
  }
}

void cumsum(const Call *call) {
  const int32_t *p = call->params;
  const Scan *scan = &scans[p[0]];
  if (p[3] != 1) scanColumns(call, scan, p[1], p[2], p[3]);
  else if (p[2] > PIECE) scanLongLines(call, scan, p[1], p[2]);
  else scanLines(call, scan, p[1], p[2]);
}
