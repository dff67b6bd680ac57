// sort: stable, NaN counts as the greatest. Lines are sorted as items: 32 bits of key, then the place in the line, which settles ties.
#include "kernel.h"

enum { KIND_FLOAT32, KIND_FLOAT64, KIND_INT32, KIND_UINT8 };

enum { RUN = 8, MERGED_SIZE = 500 };
// Of a line that one thread sorts by digits, and of one that all sort, in chunks, together.
enum { DIGIT_BITS = 8, WIDE_DIGIT_BITS = 11, CHUNK_ITEMS = 32768, MOST_CHUNKS = 32 };

typedef struct Sort {
  const Call *call;
  int32_t kind;
  int64_t lines, size, inner;
  // All ones turns the order round.
  uint32_t flip;
} Sort;

// Keys order as the numbers do; both zeros are one number, and so are all NaNs.
static uint32_t keyOfFloat32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x == 0) bits = 0;
  return x != x ? UINT32_MAX : bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000u);
}
static uint64_t keyOfFloat64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x == 0) bits = 0;
  return x != x ? UINT64_MAX : bits ^ ((uint64_t)((int64_t)bits >> 63) | 0x8000000000000000u);
}
static uint32_t keyOfInt32(int32_t x) { return (uint32_t)x ^ 0x80000000u; }
static uint32_t keyOfUint8(uint8_t x) { return x; }

// The number that a key was made of, or, of zeros and NaNs, the element itself.
static float float32Of(uint32_t key, const float *x) {
  const uint32_t bits = key >> 31 ? key ^ 0x80000000u : ~key;
  float number;
  memcpy(&number, &bits, sizeof bits);
  return key == UINT32_MAX || bits == 0 ? *x : number;
}
static int32_t int32Of(uint32_t key, const int32_t *x) {
  (void)x;
  return (int32_t)(key ^ 0x80000000u);
}
static uint8_t uint8Of(uint32_t key, const uint8_t *x) {
  (void)x;
  return (uint8_t)key;
}
static double float64Of(uint32_t key, const double *x) {
  (void)key;
  return *x;
}

// Items [from, to) of a line whose elements lie `stride` apart.
#define LOAD_ITEMS(T, KEY, loadItems)                                                                                  \
  static void loadItems(uint64_t *items, const T *line, int64_t stride, uint32_t flip, int64_t from, int64_t to) {     \
    for (int64_t i = from; i < to; i++) items[i] = (uint64_t)((uint32_t)KEY(line[i * stride]) ^ flip) << 32 | (uint64_t)i; \
  }
LOAD_ITEMS(float, keyOfFloat32, loadFloat32)
LOAD_ITEMS(double, keyOfFloat64, loadFloat64)
LOAD_ITEMS(int32_t, keyOfInt32, loadInt32)
LOAD_ITEMS(uint8_t, keyOfUint8, loadUint8)

// The same of the high words of keys, for places in an order that the low words gave.
static void loadFloat64High(uint64_t *items, const int32_t *order, const double *line, int64_t stride, uint32_t flip, int64_t from,
                            int64_t to) {
  for (int64_t i = from; i < to; i++)
    items[i] = (uint64_t)((uint32_t)(keyOfFloat64(line[order[i] * stride]) >> 32) ^ flip) << 32 | (uint64_t)i;
}

// Items [from, to) of the sorted line to its elements and their places.
#define STORE_ITEMS(T, NUMBER, storeItems)                                                                             \
  static void storeItems(T *values, int32_t *indices, const uint64_t *items, const int32_t *order, const T *line, int64_t stride, \
                         uint32_t flip, int64_t from, int64_t to) {                                                    \
    for (int64_t i = from; i < to; i++) {                                                                              \
      const uint32_t place = (uint32_t)items[i];                                                                       \
      const int32_t index = order ? order[place] : (int32_t)place;                                                     \
      if (indices) indices[i * stride] = index;                                                                        \
      if (values) values[i * stride] = NUMBER((uint32_t)(items[i] >> 32) ^ flip, &line[index * stride]);               \
    }                                                                                                                  \
  }
STORE_ITEMS(float, float32Of, storeFloat32)
STORE_ITEMS(double, float64Of, storeFloat64)
STORE_ITEMS(int32_t, int32Of, storeInt32)
STORE_ITEMS(uint8_t, uint8Of, storeUint8)

// A line's memory: items, as many others, and an order for keys of two words.
typedef struct Scratch {
  uint64_t *items, *spare;
  int32_t *order;
} Scratch;

static int32_t wordsOf(const Sort *it) { return it->kind == KIND_FLOAT64 ? 2 : 1; }
// Whole runs: those that are too many sort to the end.
static int64_t itemsOf(const Sort *it) { return (it->size + RUN - 1) / RUN * RUN; }
static int64_t scratchBytes(const Sort *it) { return (itemsOf(it) * (wordsOf(it) == 2 ? 20 : 16) + 63) & ~(int64_t)63; }

static Scratch scratchAt(const Sort *it, char *memory) {
  uint64_t *items = (uint64_t *)memory;
  return (Scratch){items, items + itemsOf(it), (int32_t *)(items + 2 * itemsOf(it))};
}

static int64_t lineStart(const Sort *it, int64_t line) { return line / it->inner * it->size * it->inner + line % it->inner; }

static void loadSome(const Sort *it, int64_t line, int32_t word, const Scratch *scratch, int64_t from, int64_t to) {
  const int64_t start = lineStart(it, line);
  void *const x = it->call->data[0];
  switch (it->kind) {
    case KIND_FLOAT32: loadFloat32(scratch->items, (const float *)x + start, it->inner, it->flip, from, to); break;
    case KIND_FLOAT64:
      if (word == 0) loadFloat64(scratch->items, (const double *)x + start, it->inner, it->flip, from, to);
      else loadFloat64High(scratch->items, scratch->order, (const double *)x + start, it->inner, it->flip, from, to);
      break;
    case KIND_INT32: loadInt32(scratch->items, (const int32_t *)x + start, it->inner, it->flip, from, to); break;
    default: loadUint8(scratch->items, (const uint8_t *)x + start, it->inner, it->flip, from, to);
  }
}

#define STORE(T, storeItems, order)                                                                                    \
  storeItems(values ? (T *)values + start : NULL, indices ? indices + start : NULL, items, order, (const T *)it->call->data[0] + start, \
             it->inner, it->flip, from, to)

static void storeSome(const Sort *it, int64_t line, const uint64_t *items, const Scratch *scratch, int64_t from, int64_t to) {
  const int64_t start = lineStart(it, line);
  void *const values = it->call->data[1];
  int32_t *const indices = it->call->data[2];
  switch (it->kind) {
    case KIND_FLOAT32: STORE(float, storeFloat32, NULL); break;
    case KIND_FLOAT64: STORE(double, storeFloat64, scratch->order); break;
    case KIND_INT32: STORE(int32_t, storeInt32, NULL); break;
    default: STORE(uint8_t, storeUint8, NULL);
  }
}

// A network: no branch depends on the items.
static void sortRun(uint64_t *v) {
  static const uint8_t pairs[][2] = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {1, 2}, {5, 6},
                                     {0, 4}, {1, 5}, {2, 6}, {3, 7}, {2, 4}, {3, 5}, {1, 2}, {3, 4}, {5, 6}};
#pragma GCC unroll 19
  for (int i = 0; i < 19; i++) {
    const uint64_t a = v[pairs[i][0]], b = v[pairs[i][1]];
    v[pairs[i][0]] = a < b ? a : b;
    v[pairs[i][1]] = a < b ? b : a;
  }
}

// Two runs of the same width, one behind the other, from both ends: neither can run out. Written so that nothing needs a branch.
static void mergePair(uint64_t *to, const uint64_t *runs, int64_t width) {
  int64_t a = 0, aLast = width - 1;
  for (int64_t i = 0; i < width; i++) {
    const uint64_t x = runs[a], y = runs[width + i - a], xLast = runs[aLast], yLast = runs[3 * width - 2 - i - aLast];
    to[i] = x < y ? x : y;
    a += x < y;
    to[2 * width - 1 - i] = xLast > yLast ? xLast : yLast;
    aLast -= xLast > yLast;
  }
}

// A run and the shorter one behind it.
static void mergeRuns(uint64_t *to, const uint64_t *runs, int64_t width, int64_t count) {
  int64_t a = 0, i = 0;
  for (; a < width && i - a < count - width; i++) {
    const uint64_t x = runs[a], y = runs[width + i - a];
    to[i] = x < y ? x : y;
    a += x < y;
  }
  const uint64_t *rest = runs + (a < width ? a : width + i - a);
  memcpy(to + i, rest, (size_t)(count - i) * sizeof *to);
}

// These return where the sorted items are: in `items` or in `spare`.
static uint64_t *mergeSort(uint64_t *items, uint64_t *spare, int64_t size) {
  const int64_t count = (size + RUN - 1) / RUN * RUN;
  for (int64_t i = size; i < count; i++) items[i] = UINT64_MAX;
  for (int64_t i = 0; i < count; i += RUN) sortRun(items + i);
  for (int64_t width = RUN; width < count; width *= 2) {
    int64_t i = 0;
    for (; i + 2 * width <= count; i += 2 * width) mergePair(spare + i, items + i, width);
    if (i < count) mergeRuns(spare + i, items + i, minimum64(width, count - i), count - i);
    uint64_t *const sorted = spare;
    spare = items;
    items = sorted;
  }
  return items;
}

// Which bits of a key a pass over the items sorts by.
typedef struct Digit {
  int32_t shift;
  uint32_t values;
} Digit;

static uint32_t digitOf(uint64_t item, Digit digit) { return (uint32_t)(item >> digit.shift) & (digit.values - 1); }

// `places` says where the next item of each digit goes.
static void moveItems(uint64_t *to, const uint64_t *items, int64_t count, Digit digit, uint32_t *places) {
  for (int64_t i = 0; i < count; i++) to[places[digitOf(items[i], digit)]++] = items[i];
}

// Turns the counts of each digit in each chunk into places. False if all items have the same digit, and so can stay.
static bool placesOf(uint32_t *counts, int64_t chunks, Digit digit, int64_t items) {
  uint32_t place = 0;
  for (int64_t d = 0; d < digit.values; d++) {
    const uint32_t before = place;
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
      const uint32_t count = counts[chunk * digit.values + d];
      counts[chunk * digit.values + d] = place;
      place += count;
    }
    if (place - before == items) return false;
  }
  return true;
}

static uint64_t *radixSort(uint64_t *items, uint64_t *spare, int64_t count) {
  enum { VALUES = 1 << DIGIT_BITS, PASSES = 32 / DIGIT_BITS };
  uint32_t counts[PASSES][VALUES] = {{0}};
  for (int64_t i = 0; i < count; i++)
    for (int32_t pass = 0; pass < PASSES; pass++) counts[pass][digitOf(items[i], (Digit){32 + pass * DIGIT_BITS, VALUES})]++;
  for (int32_t pass = 0; pass < PASSES; pass++) {
    const Digit digit = {32 + pass * DIGIT_BITS, VALUES};
    if (!placesOf(counts[pass], 1, digit, count)) continue;
    moveItems(spare, items, count, digit, counts[pass]);
    uint64_t *const sorted = spare;
    spare = items;
    items = sorted;
  }
  return items;
}

static void sortLine(const Sort *it, int64_t line, char *memory) {
  const Scratch scratch = scratchAt(it, memory);
  for (int32_t word = 0; word < wordsOf(it); word++) {
    loadSome(it, line, word, &scratch, 0, it->size);
    const uint64_t *sorted = (it->size < MERGED_SIZE ? mergeSort : radixSort)(scratch.items, scratch.spare, it->size);
    if (word == wordsOf(it) - 1) storeSome(it, line, sorted, &scratch, 0, it->size);
    else
      for (int64_t i = 0; i < it->size; i++) scratch.order[i] = (int32_t)sorted[i];
  }
}

// What the threads know of a line that they sort together: counts for each chunk, and whether the items stay in a pass.
typedef struct Shared {
  int64_t chunk;
  int32_t chunks;
  uint32_t *counts;
  int32_t *stay;
} Shared;

enum { WIDE_VALUES = 1 << WIDE_DIGIT_BITS, WIDE_PASSES = 3 };

static Shared sharedAt(const Sort *it, char *memory) {
  const int64_t chunk = maximum64(CHUNK_ITEMS, ceilDivide(it->size, MOST_CHUNKS));
  int32_t *stay = (int32_t *)memory;
  return (Shared){chunk, (int32_t)ceilDivide(it->size, chunk), (uint32_t *)(stay + 16), stay};
}

// One pass over all chunks; says whether the items have moved to `to`.
static bool passTogether(const Call *call, const Shared *shared, uint64_t *to, const uint64_t *items, int64_t size, int32_t pass) {
  const Digit digit = {32 + pass * WIDE_DIGIT_BITS, WIDE_VALUES};
  FOR_PIECES(chunk, shared->chunks, call) {
    uint32_t *counts = shared->counts + chunk * WIDE_VALUES;
    memset(counts, 0, WIDE_VALUES * sizeof *counts);
    for (int64_t i = chunk * shared->chunk; i < minimum64(size, (chunk + 1) * shared->chunk); i++) counts[digitOf(items[i], digit)]++;
  }
  endPhase(call);
  FOR_PIECES(piece, 1, call) shared->stay[pass] = !placesOf(shared->counts, shared->chunks, digit, size);
  endPhase(call);
  if (shared->stay[pass]) return false;
  FOR_PIECES(chunk, shared->chunks, call) {
    const int64_t from = chunk * shared->chunk;
    moveItems(to, items + from, minimum64(shared->chunk, size - from), digit, shared->counts + chunk * WIDE_VALUES);
  }
  endPhase(call);
  return true;
}

static void sortTogether(const Sort *it, int64_t line, int32_t word, char *memory) {
  const Call *call = it->call;
  const Scratch scratch = scratchAt(it, memory);
  const Shared shared = sharedAt(it, memory + scratchBytes(it));
  FOR_PIECES(chunk, shared.chunks, call)
    loadSome(it, line, word, &scratch, chunk * shared.chunk, minimum64(it->size, (chunk + 1) * shared.chunk));
  endPhase(call);
  uint64_t *items = scratch.items, *spare = scratch.spare;
  for (int32_t pass = 0; pass < WIDE_PASSES; pass++)
    if (passTogether(call, &shared, spare, items, it->size, pass)) {
      uint64_t *const sorted = spare;
      spare = items;
      items = sorted;
    }
  FOR_PIECES(chunk, shared.chunks, call) {
    const int64_t from = chunk * shared.chunk, to = minimum64(it->size, from + shared.chunk);
    if (word == wordsOf(it) - 1) storeSome(it, line, items, &scratch, from, to);
    else
      for (int64_t i = from; i < to; i++) scratch.order[i] = (int32_t)items[i];
  }
  endPhase(call);
}

// params: kind, lines, size, inner, descending, lines of a piece (0: all threads sort each line together).
void sort(const Call *call) {
  const int32_t *params = call->params;
  const Sort it = {call, params[0], params[1], params[2], params[3], params[4] ? UINT32_MAX : 0};
  const int64_t step = params[5];
  if (step == 0) {
    for (int64_t line = 0; line < it.lines; line++)
      for (int32_t word = 0; word < wordsOf(&it); word++) sortTogether(&it, line, word, call->workspace);
    return;
  }
  FOR_PIECES(piece, ceilDivide(it.lines, step), call)
    for (int64_t line = piece * step; line < minimum64(it.lines, (piece + 1) * step); line++)
      sortLine(&it, line, call->workspace + piece * scratchBytes(&it));
}
