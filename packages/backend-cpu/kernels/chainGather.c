#include "chainGather.h"

#include "transpose.h"

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

// A part of a plane: rows of elements, and the steps from row to row and along rows.
typedef struct Plane {
  int64_t rows, width;
  int64_t pitch;
  int64_t rowStride, stride;
} Plane;

#define GATHER_PLANE(T, gatherPlane)                                                                                   \
  static void gatherPlane(T *target, const T *source, const Plane *plane) {                                            \
    const int64_t width = plane->width, stride = plane->stride;                                                        \
    if (width < NARROW) {                                                                                              \
      for (int64_t c = 0; c < width; c++)                                                                              \
        for (int64_t r = 0; r < plane->rows; r++)                                                                      \
          target[r * plane->pitch + c] = source[r * plane->rowStride + c * stride];                                    \
      return;                                                                                                          \
    }                                                                                                                  \
    for (int64_t r = 0; r < plane->rows; r++, target += plane->pitch, source += plane->rowStride) {                    \
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
GATHER_PLANE(uint8_t, gatherPlane1)
GATHER_PLANE(uint32_t, gatherFewRows4)
GATHER_PLANE(uint64_t, gatherPlane8)

// Columns that lie as rows are transposed in squares; the last ones overlap those before.
static void gatherPlane4(uint32_t *target, const uint32_t *source, const Plane *plane) {
  if (plane->rowStride != 1 || plane->stride <= 1 || plane->rows < SQUARE || plane->width < SQUARE) {
    gatherFewRows4(target, source, plane);
    return;
  }
  for (int64_t row = 0; row < plane->rows; row += SQUARE) {
    const int64_t r = minimum64(row, plane->rows - SQUARE);
    for (int64_t column = 0; column < plane->width; column += SQUARE) {
      const int64_t c = minimum64(column, plane->width - SQUARE);
      transposeSquare(target + r * plane->pitch + c, source + r + c * plane->stride, plane->pitch, plane->stride);
    }
  }
}

static void gatherPlane(int32_t bytes, void *target, const void *source, int64_t offset, const Plane *plane) {
  switch (bytes) {
    case 1: gatherPlane1(target, (const uint8_t *)source + offset, plane); break;
    case 4: gatherPlane4(target, (const uint32_t *)source + offset, plane); break;
    default: gatherPlane8(target, (const uint64_t *)source + offset, plane);
  }
}

static int64_t rowStrideOf(const Gather *gather) { return gather->outer > 0 ? gather->outerStrides[gather->outer - 1] : 0; }

void gatherPanel(const Gather *gather, const void *source, void *target, int64_t position, int64_t rows, int64_t n, int64_t pitch) {
  const Plane plane = {rows, n, pitch, rowStrideOf(gather), gather->stride};
  gatherPlane(gather->bytes, target, source, gatherOffset(gather, position), &plane);
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
    const Plane plane = {rows, width, width, rowStrideOf(gather), gather->stride};
    gatherPlane(gather->bytes, out, source, cursor.offset + column * gather->stride, &plane);
    out += rows * width * gather->bytes;
    n -= rows * width;
    column = 0;
    cursorOn(gather, &cursor, (int32_t)rows);
  }
}
