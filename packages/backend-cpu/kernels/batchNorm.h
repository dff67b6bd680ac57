// How batchNorm and its gradient go over [N, C, inner]: in parts, each of which leaves two sums per channel in the workspace. A part
// is a run of one channel's plane, or, where planes are short, a block of rows of [N, C · inner], whose columns are summed side by side.
#pragma once
#include "kernel.h"

// Elements of a piece, columns of a part, and channels that are finished together.
enum { PIECE = 16384, TILE = 256, CHANNELS = 64 };

typedef struct Layout {
  bool isDouble, isColumns;
  int64_t batch, channels, inner;
  // Elements of a run, or rows of a block.
  int64_t span;
  // How many parts a plane, or [N, C · inner], is cut into: along it, and then across.
  int64_t cuts, tiles;
  // In the workspace: two sums of each part, or of each column of it, and four numbers for each channel or column.
  double *first, *second;
  void *factors;
} Layout;

// A part: elements that begin at `first`, of a channel or of neighbouring columns.
typedef struct Part {
  int64_t first;
  // The channel, or the first column.
  int64_t column;
  // Of a run.
  int64_t count;
  // Of a block.
  int64_t rows, width;
  // Where its sums lie.
  int64_t entry;
} Part;

// params: whether elements are float64, whether parts are columns, N, C, inner, span, and how many sums of each kind there are.
static inline Layout layoutOf(const Call *call) {
  const int32_t *p = call->params;
  Layout layout = {.isDouble = p[0], .isColumns = p[1], .batch = p[2], .channels = p[3], .inner = p[4], .span = p[5]};
  layout.cuts = ceilDivide(layout.isColumns ? layout.batch : layout.inner, layout.span);
  layout.tiles = layout.isColumns ? ceilDivide(layout.channels * layout.inner, TILE) : 1;
  layout.first = (double *)call->workspace;
  layout.second = layout.first + p[6];
  layout.factors = layout.second + p[6];
  return layout;
}

// Channels, or columns.
static inline int64_t factorCount(const Layout *layout) { return layout->isColumns ? layout->channels * layout->inner : layout->channels; }

static inline int64_t partCount(const Layout *layout) {
  return layout->isColumns ? layout->cuts * layout->tiles : layout->batch * layout->channels * layout->cuts;
}

// Parts of a piece.
static inline int64_t partsTogether(const Layout *layout) {
  const int64_t elements = layout->isColumns ? minimum64(layout->span, layout->batch) * minimum64(TILE, factorCount(layout))
                                             : minimum64(layout->span, layout->inner);
  return maximum64(1, PIECE / maximum64(1, elements));
}

static inline Part partAt(const Layout *layout, int64_t number) {
  if (layout->isColumns) {
    const int64_t columns = factorCount(layout), block = number / layout->tiles, column = number % layout->tiles * TILE;
    const int64_t row = block * layout->span;
    return (Part){.first = row * columns + column,
                  .column = column,
                  .rows = minimum64(layout->span, layout->batch - row),
                  .width = minimum64(TILE, columns - column),
                  .entry = block * columns + column};
  }
  const int64_t plane = number / layout->cuts, cut = number % layout->cuts, channel = plane % layout->channels;
  const int64_t runsBefore = channel * layout->batch + plane / layout->channels;
  return (Part){.first = plane * layout->inner + cut * layout->span,
                .column = channel,
                .count = minimum64(layout->span, layout->inner - cut * layout->span),
                .entry = runsBefore * layout->cuts + cut};
}

// How many elements a sum is of: of a row of parts, or of a cut of a plane.
static inline double elementsOfCut(const Layout *layout, int64_t cut) {
  return (double)minimum64(layout->span, (layout->isColumns ? layout->batch : layout->inner) - cut * layout->span);
}

// What a sum contributes to its channel, of which `about` is something already known.
typedef double Term(const Layout *layout, int64_t entry, double elements, double about);

// Adds up what all parts contribute to some neighbouring channels, in the order of the parts.
static inline __attribute__((always_inline)) void addParts(const Layout *layout, int64_t channel, int64_t count, double *totals, Term *term,
                                                           const double *about) {
  for (int64_t i = 0; i < count; i++) totals[i] = 0;
  if (!layout->isColumns) {
    for (int64_t i = 0; i < count; i++)
      for (int64_t plane = (channel + i) * layout->batch, end = plane + layout->batch; plane < end; plane++)
        for (int64_t cut = 0; cut < layout->cuts; cut++)
          totals[i] += term(layout, plane * layout->cuts + cut, elementsOfCut(layout, cut), about[i]);
    return;
  }
  for (int64_t cut = 0; cut < layout->cuts; cut++) {
    const int64_t entry = (cut * layout->channels + channel) * layout->inner;
    const double elements = elementsOfCut(layout, cut);
    if (layout->inner == 1) {
      for (int64_t i = 0; i < count; i++) totals[i] += term(layout, entry + i, elements, about[i]);
    } else {
      for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j < layout->inner; j++) totals[i] += term(layout, entry + i * layout->inner + j, elements, about[i]);
    }
  }
}

// Does something to each part, in pieces.
static inline void eachPart(const Call *call, const Layout *layout, void (*visit)(const Call *call, const Layout *layout, Part part)) {
  const int64_t count = partCount(layout), together = partsTogether(layout);
  FOR_PIECES(piece, ceilDivide(count, together), call) {
    const int64_t end = minimum64((piece + 1) * together, count);
    for (int64_t number = piece * together; number < end; number++) visit(call, layout, partAt(layout, number));
  }
}

// Does something to all channels, at most CHANNELS at a time, in pieces.
static inline void eachChannels(const Call *call, const Layout *layout,
                                void (*visit)(const Call *call, const Layout *layout, int64_t channel, int64_t count)) {
  FOR_PIECES(piece, ceilDivide(layout->channels, CHANNELS), call) {
    const int64_t channel = piece * (int64_t)CHANNELS;
    visit(call, layout, channel, minimum64(CHANNELS, layout->channels - channel));
  }
}
