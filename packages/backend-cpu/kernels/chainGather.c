#include "chainGather.h"

// More dims than any loop of fewer than 2^31 elements has.
enum { MOST_OUTER_DIMS = 32 };

// A row of the loop: its place in the outer dims, and where it begins.
typedef struct Cursor {
  int32_t index[MOST_OUTER_DIMS];
  int64_t offset;
} Cursor;

static void cursorTo(const Gather *gather, Cursor *cursor, uint32_t row) {
  cursor->offset = 0;
  for (int32_t d = gather->outer - 1; d >= 0; d--) {
    const uint32_t size = (uint32_t)gather->outerSizes[d];
    cursor->index[d] = (int32_t)(row % size);
    cursor->offset += (int64_t)cursor->index[d] * gather->outerStrides[d];
    row /= size;
  }
}

// `rows` rows on, no further than where the last of the outer dims begins anew. Behind the last row comes the first.
static void cursorOn(const Gather *gather, Cursor *cursor, int32_t rows) {
  for (int32_t d = gather->outer - 1; d >= 0; d--, rows = 1) {
    cursor->index[d] += rows;
    cursor->offset += (int64_t)rows * gather->outerStrides[d];
    if (cursor->index[d] < gather->outerSizes[d]) return;
    cursor->offset -= (int64_t)gather->outerSizes[d] * gather->outerStrides[d];
    cursor->index[d] = 0;
  }
}

int64_t gatherOffset(const Gather *gather, int64_t position) {
  const uint32_t inner = (uint32_t)gather->inner, row = (uint32_t)position / inner;
  Cursor cursor;
  cursorTo(gather, &cursor, row);
  return cursor.offset + ((uint32_t)position - row * inner) * gather->stride;
}

// Rows of fewer elements are gathered column by column.
enum { NARROW = 8 };

// `rows` rows of `width` elements.
#define GATHER_ROWS(T, gatherRows)                                                                                     \
  static void gatherRows(T *target, const T *source, int64_t rows, int64_t rowStride, int64_t width, int64_t stride) { \
    if (width < NARROW) {                                                                                              \
      for (int64_t c = 0; c < width; c++)                                                                              \
        for (int64_t r = 0; r < rows; r++) target[r * width + c] = source[r * rowStride + c * stride];                 \
      return;                                                                                                          \
    }                                                                                                                  \
    for (int64_t r = 0; r < rows; r++, target += width, source += rowStride) {                                         \
      if (stride == 0) {                                                                                               \
        const T same = *source;                                                                                        \
        for (int64_t i = 0; i < width; i++) target[i] = same;                                                          \
      } else if (stride == 1) {                                                                                        \
        for (int64_t i = 0; i < width; i++) target[i] = source[i];                                                     \
      } else {                                                                                                         \
        for (int64_t i = 0; i < width; i++) target[i] = source[i * stride];                                            \
      }                                                                                                                \
    }                                                                                                                  \
  }
GATHER_ROWS(uint8_t, gatherRows1)
GATHER_ROWS(uint32_t, gatherRows4)
GATHER_ROWS(uint64_t, gatherRows8)

static void gatherPlane(const Gather *gather, void *target, const void *source, int64_t offset, int64_t rows, int64_t width) {
  const int64_t rowStride = gather->outer > 0 ? gather->outerStrides[gather->outer - 1] : 0;
  switch (gather->bytes) {
    case 1: gatherRows1(target, (const uint8_t *)source + offset, rows, rowStride, width, gather->stride); break;
    case 4: gatherRows4(target, (const uint32_t *)source + offset, rows, rowStride, width, gather->stride); break;
    default: gatherRows8(target, (const uint64_t *)source + offset, rows, rowStride, width, gather->stride);
  }
}

void gatherElements(const Gather *gather, const void *source, void *target, int64_t position, int64_t n) {
  const int32_t inner = gather->inner, last = gather->outer - 1;
  const uint32_t row = (uint32_t)position / (uint32_t)inner;
  int64_t column = (uint32_t)position - row * (uint32_t)inner;
  char *out = target;
  Cursor cursor;
  cursorTo(gather, &cursor, row);
  while (n > 0) {
    const bool isWhole = column == 0 && n >= inner && last >= 0;
    const int64_t rows = isWhole ? minimum64(n / inner, gather->outerSizes[last] - cursor.index[last]) : 1;
    const int64_t width = isWhole ? inner : minimum64(n, inner - column);
    gatherPlane(gather, out, source, cursor.offset + column * gather->stride, rows, width);
    out += rows * width * gather->bytes;
    n -= rows * width;
    column = 0;
    cursorOn(gather, &cursor, (int32_t)rows);
  }
}
