// The code of recurrent.c for one element type: one step after the other, for some rows of the batch.
#include "real.h"

#include "realParts.h"

typedef struct OF_REAL(Frame) {
  const RecurrentParams *p;
  void *const *data;
  // The weight in panels: [gate][panel of hidden units][hidden state][unit].
  const Real *panels;
  // Two steps of each output that nobody reads.
  Real *spare;
  // The states of the step before; NULL where a layer has no such state.
  const Real *hidden, *cell;
  int64_t step;
} OF_REAL(Frame);

// From the products of the hidden state with the weight, [row][gate][panelWidth], to the outputs of a block.
typedef void OF_REAL(Cell)(const OF_REAL(Frame) * f, const Block *block, const Real *products);

typedef struct OF_REAL(Layer) {
  int64_t gates;
  // Operands.
  int32_t weight, output, cell, cells;
  OF_REAL(Cell) * apply;
} OF_REAL(Layer);

// x where it is greater than 0, or NaN; else 0.
INLINE Reals OF_REAL(rectified)(Reals x) {
  const __typeof__(x <= x) isCut = x <= (Real)0;
  return (Reals)((__typeof__(isCut))x & ~isCut);
}

// The states of one step in [T, B, H].
static Real *OF_REAL(statesOf)(const OF_REAL(Frame) * f, int32_t operand, int64_t spare, int64_t step) {
  const int64_t size = (int64_t)f->p->batch * f->p->width;
  Real *all = f->data[operand];
  return all ? all + step * size : f->spare + (2 * spare + (step & 1)) * size;
}

// Product of some rows with a panel, in parts that the first cache holds.
static void OF_REAL(multiplyDeep)(OF_REAL(Product) product) {
  const int64_t depth = product.depth;
  for (int64_t k = 0; k < depth; k += product.depth) {
    product.depth = minimum64(DEPTH_IN_CACHE, depth - k);
    OF_REAL(multiplyPanel)(&product);
    product.accumulate = true;
    product.a += product.depth;
    product.b += product.depth * product.bStride;
  }
}

static void OF_REAL(packGates)(const Call *call, const RecurrentParams *p, const OF_REAL(Layer) * layer, Real *panels) {
  const int64_t width = p->width, padded = OF_REAL(panelWidth)(width);
  const Real *weight = call->data[layer->weight];
  FOR_PIECES(gate, layer->gates, call) {
    for (int64_t unit = 0, units; unit < width; unit += units) {
      units = OF_REAL(panelColumns)(width - unit);
      Real *panel = panels + (gate * padded + unit) * width;
      OF_REAL(transpose)(panel, OF_REAL(panelWidth)(units), weight + (gate * width + unit) * width, width, units, width);
    }
  }
}

// Asks for what the nonlinearities will need of a gate, while there is something else to do.
static void OF_REAL(fetchGate)(const OF_REAL(Frame) * f, const OF_REAL(Layer) * layer, const Block *block, int64_t gate) {
  const int64_t stride = layer->gates * f->p->width;
  const Real *first = (const Real *)f->data[0] + (f->step * f->p->batch + block->row) * stride + gate * f->p->width + block->unit;
  for (int64_t r = 0; r < block->rows; r++)
    for (int64_t j = 0; j < block->units; j += CACHE_LINE / (int64_t)sizeof(Real)) __builtin_prefetch(first + r * stride + j);
}

static void OF_REAL(runStep)(const OF_REAL(Frame) * f, const OF_REAL(Layer) * layer, Block block) {
  const int64_t width = f->p->width, padded = OF_REAL(panelWidth)(width);
  Real products[MANY_PIECE_ROWS * MOST_GATES * PANEL_VECTORS * REAL_LANES];
  for (block.unit = 0; block.unit < width; block.unit += block.units) {
    block.units = OF_REAL(panelColumns)(width - block.unit);
    const int64_t panelWidth = OF_REAL(panelWidth)(block.units);
    for (int64_t gate = 0; gate < layer->gates; gate++) {
      OF_REAL(fetchGate)(f, layer, &block, gate);
      OF_REAL(multiplyDeep)((OF_REAL(Product)){.a = f->hidden + block.row * width,
                                               .aStride = width,
                                               .b = f->panels + (gate * padded + block.unit) * width,
                                               .bStride = panelWidth,
                                               .c = products + gate * panelWidth,
                                               .cStride = layer->gates * panelWidth,
                                               .rows = block.rows,
                                               .columns = panelWidth,
                                               .depth = width});
    }
    layer->apply(f, &block, products);
  }
}

static void OF_REAL(runLayer)(const Call *call, const OF_REAL(Layer) * layer) {
  const RecurrentParams *p = (const RecurrentParams *)call->params;
  Real *panels = (Real *)call->workspace;
  OF_REAL(packGates)(call, p, layer, panels);
  endPhase(call);
  FOR_PIECES(piece, recurrentPieces(p, layer->gates), call) {
    OF_REAL(Frame) frame = {.p = p, .data = call->data, .panels = panels};
    frame.spare = panels + layer->gates * OF_REAL(panelWidth)(p->width) * p->width;
    frame.hidden = call->data[1];
    if (layer->cells) frame.cell = call->data[layer->cell];
    for (int64_t i = 0; i < p->steps; i++) {
      frame.step = stepAt(p, i);
      OF_REAL(runStep)(&frame, layer, recurrentPiece(p, layer->gates, piece));
      frame.hidden = OF_REAL(statesOf)(&frame, layer->output, 0, frame.step);
      if (layer->cells) frame.cell = OF_REAL(statesOf)(&frame, layer->cells, 1, frame.step);
    }
  }
}

// For each row of a block, and in it for each vector of units, `at` counted from the block's first and `count` left.
#define FOR_UNITS(block)                                                                                               \
  for (int64_t r = 0, panelWidth = OF_REAL(panelWidth)((block)->units); r < (block)->rows; r++)                        \
    for (int64_t at = 0, row = (block)->row + r, count = (block)->units; count > 0; at += REAL_LANES, count -= REAL_LANES)

static void OF_REAL(applyRnn)(const OF_REAL(Frame) * f, const Block *block, const Real *products) {
  const int64_t width = f->p->width;
  const Real *gates = (const Real *)f->data[0] + f->step * f->p->batch * width;
  Real *output = OF_REAL(statesOf)(f, 3, 0, f->step);
  FOR_UNITS(block) {
    const int64_t place = row * width + block->unit + at;
    const Reals x = OF_REAL(loadPart)(gates + place, count) + OF_REAL(load)(products + r * panelWidth + at);
    const Reals h = f->p->option ? OF_REAL(rectified)(x) : OF_REAL(quickTanh)(x);
    OF_REAL(storePart)(output + place, h, count);
  }
}

static void OF_REAL(applyLstm)(const OF_REAL(Frame) * f, const Block *block, const Real *products) {
  const int64_t width = f->p->width, start = f->step * f->p->batch * 4 * width;
  const Real *gates = (const Real *)f->data[0] + start;
  Real *activations = f->data[6] ? (Real *)f->data[6] + start : NULL;
  Real *output = OF_REAL(statesOf)(f, 4, 0, f->step), *cells = OF_REAL(statesOf)(f, 5, 1, f->step);
  FOR_UNITS(block) {
    const int64_t place = row * width + block->unit + at, first = place + 3 * row * width;
    const Real *own = products + 4 * r * panelWidth + at;
    Reals x[4];
    for (int g = 0; g < 4; g++) x[g] = OF_REAL(loadPart)(gates + first + g * width, count) + OF_REAL(load)(own + g * panelWidth);
    for (int g = 0; g < 4; g++) x[g] = g == 2 ? OF_REAL(quickTanh)(x[g]) : OF_REAL(quickSigmoid)(x[g]);
    const Reals c = multiplyAddReals(x[1], OF_REAL(loadPart)(f->cell + place, count), x[0] * x[2]);
    OF_REAL(storePart)(cells + place, c, count);
    OF_REAL(storePart)(output + place, x[3] * OF_REAL(quickTanh)(c), count);
    for (int g = 0; activations && g < 4; g++) OF_REAL(storePart)(activations + first + g * width, x[g], count);
  }
}

static void OF_REAL(applyGru)(const OF_REAL(Frame) * f, const Block *block, const Real *products) {
  const int64_t width = f->p->width, rows = f->step * f->p->batch;
  const Real *gates = (const Real *)f->data[0] + 3 * rows * width, *bias = (const Real *)f->data[3] + block->unit;
  Real *activations = f->data[5] ? (Real *)f->data[5] + 4 * rows * width : NULL, *output = OF_REAL(statesOf)(f, 4, 0, f->step);
  FOR_UNITS(block) {
    const int64_t place = row * width + block->unit + at, first = place + 2 * row * width;
    const Real *own = products + 3 * r * panelWidth + at;
    const Reals share = OF_REAL(load)(own + 2 * panelWidth) + OF_REAL(loadPart)(bias + at, count);
    const Reals reset = OF_REAL(quickSigmoid)(OF_REAL(loadPart)(gates + first, count) + OF_REAL(load)(own));
    const Reals keep = OF_REAL(quickSigmoid)(OF_REAL(loadPart)(gates + first + width, count) + OF_REAL(load)(own + panelWidth));
    const Reals fresh = OF_REAL(quickTanh)(multiplyAddReals(reset, share, OF_REAL(loadPart)(gates + first + 2 * width, count)));
    const Reals before = OF_REAL(loadPart)(f->hidden + place, count);
    OF_REAL(storePart)(output + place, multiplyAddReals(keep, before - fresh, fresh), count);
    const Reals all[] = {reset, keep, fresh, share};
    for (int g = 0; activations && g < 4; g++) OF_REAL(storePart)(activations + first + (row + g) * width, all[g], count);
  }
}

#undef FOR_UNITS

static const OF_REAL(Layer) OF_REAL(rnnLayer) = {.gates = 1, .weight = 2, .output = 3, .apply = OF_REAL(applyRnn)};
static const OF_REAL(Layer) OF_REAL(lstmLayer) = {.gates = 4, .weight = 3, .output = 4, .cell = 2, .cells = 5, .apply = OF_REAL(applyLstm)};
static const OF_REAL(Layer) OF_REAL(gruLayer) = {.gates = 3, .weight = 2, .output = 4, .apply = OF_REAL(applyGru)};
