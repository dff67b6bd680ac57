// cat: parts of rows side by side.
#include "walk.h"

// Rows with at most so many bytes are filled input by input, some rows at a time that stay in the cache; others one after the other.
enum { NARROW_BYTES = 512, FILLED_BYTES = 16384 };

// Elements [from, to) of the result; `ends` says where in a row each input's part ends.
static void catPiece(const Call *call, const int32_t *ends, int32_t inputs, int64_t from, int64_t to) {
  const int64_t bytes = call->params[0], width = ends[inputs - 1];
  char *const target = call->data[inputs];
  int64_t row = from / width, column = from % width;
  int32_t i = 0;
  while (from < to) {
    while (ends[i] <= column) i++;
    const int64_t begin = i == 0 ? 0 : ends[i - 1], count = minimum64(ends[i] - column, to - from);
    const char *source = (const char *)call->data[i] + (row * (ends[i] - begin) + column - begin) * bytes;
    copyBytes(target + from * bytes, source, count * bytes);
    from += count;
    column += count;
    if (column == width) {
      row++;
      column = i = 0;
    }
  }
}

// Parts of `bytes` each into rows that are `stride` bytes long.
static void copyParts(char *target, const char *source, int64_t rows, int64_t bytes, int64_t stride) {
#define COPY_PARTS(size)                                                                                               \
  for (int64_t row = 0; row < rows; row++) memcpy(target + row * stride, source + row * (size), (size_t)(size))
  switch (bytes) {
    case 4: COPY_PARTS(4); break;
    case 8: COPY_PARTS(8); break;
    case 16: COPY_PARTS(16); break;
    case 32: COPY_PARTS(32); break;
    default:
      for (int64_t row = 0; row < rows; row++) copyBytes(target + row * stride, source + row * bytes, bytes);
  }
#undef COPY_PARTS
}

// Rows [first, end) of the result.
static void catRows(const Call *call, const int32_t *ends, int32_t inputs, int64_t first, int64_t end) {
  const int64_t bytes = call->params[0], stride = ends[inputs - 1] * bytes;
  for (int32_t i = 0; i < inputs; i++) {
    const int64_t begin = i == 0 ? 0 : ends[i - 1], part = (ends[i] - begin) * bytes;
    copyParts((char *)call->data[inputs] + first * stride + begin * bytes, (const char *)call->data[i] + first * part, end - first, part,
              stride);
  }
}

static void catNarrow(const Call *call, const int32_t *ends, int32_t inputs, int64_t rows) {
  const int64_t together = FILLED_BYTES / (ends[inputs - 1] * (int64_t)call->params[0]), step = PIECE_BYTES / FILLED_BYTES * together;
  FOR_PIECES(piece, ceilDivide(rows, step), call) {
    const int64_t last = minimum64(rows, (piece + 1) * step);
    for (int64_t row = piece * step; row < last; row += together) catRows(call, ends, inputs, row, minimum64(last, row + together));
  }
}

// Each row of the result is a part of every input. params: bytes of an element, rows, inputs, ends of the parts.
void cat(const Call *call) {
  const int32_t *ends = call->params + 3, inputs = call->params[2];
  const int64_t total = (int64_t)call->params[1] * ends[inputs - 1];
  if (total > 0 && ends[inputs - 1] * (int64_t)call->params[0] <= NARROW_BYTES) {
    catNarrow(call, ends, inputs, call->params[1]);
    return;
  }
  FOR_PIECES(piece, ceilDivide(total, PIECE_ELEMENTS), call) {
    const int64_t from = (int64_t)piece * PIECE_ELEMENTS;
    catPiece(call, ends, inputs, from, minimum64(total, from + PIECE_ELEMENTS));
  }
}
