// The code of recurrentGradient.c for one element type: one step after the other, the last one first, for some rows of the batch.
#include "real.h"

#include "realParts.h"

typedef struct OF_REAL(Back) {
  const RecurrentParams *p;
  void *const *data;
  // The weight in panels: [panel of hidden states][gate][hidden state].
  const Real *panels;
  // What the steps behind this one say of this one's states: [B, H].
  Real *carried, *carriedCell;
  // Gradients of the gates that nobody reads.
  Real *spare;
  // This step, and the one before it in time: -1 if there is none.
  int64_t step, before;
} OF_REAL(Back);

// The gradients of the gates of some rows; where the state reaches the next one not only through the gates, `carried` is what it adds.
typedef void OF_REAL(Slope)(const OF_REAL(Back) * b, const Block *block);

typedef struct OF_REAL(Gradient) {
  int64_t gates;
  // Operands; `toGates` is what the weight multiplies.
  int32_t weight, toGates, toHidden, toCell;
  // Whether `carried` is added to, not replaced.
  bool accumulates;
  OF_REAL(Slope) * slope;
} OF_REAL(Gradient);

// The slopes of tanh and sigmoid where they are y.
INLINE Reals OF_REAL(tanhSlope)(Reals y) { return multiplyAddReals(-y, y, OF_REAL(all)(1)); }
INLINE Reals OF_REAL(sigmoidSlope)(Reals y) { return multiplyAddReals(-y, y, y); }
INLINE Reals OF_REAL(stepSlope)(Reals y) {
  const __typeof__(y > y) isOn = y > (Real)0;
  return (Reals)((__typeof__(isOn))OF_REAL(all)(1) & isOn);
}

// One step of [T, B, count · H].
static Real *OF_REAL(stepOf)(const OF_REAL(Back) * b, int32_t operand, int64_t count) {
  Real *all = b->data[operand];
  return all ? all + b->step * b->p->batch * count * b->p->width : NULL;
}

// The states that this step started from: those of the step before, or the first ones.
static const Real *OF_REAL(statesBefore)(const OF_REAL(Back) * b, int32_t states, int32_t first) {
  const int64_t size = (int64_t)b->p->batch * b->p->width;
  return b->before < 0 ? b->data[first] : (const Real *)b->data[states] + b->before * size;
}

static Real *OF_REAL(gatesOf)(const OF_REAL(Back) * b, int32_t operand, int64_t gates) {
  Real *step = OF_REAL(stepOf)(b, operand, gates);
  return step ? step : b->spare;
}

static void OF_REAL(packStates)(const Call *call, const RecurrentParams *p, const OF_REAL(Gradient) * gradient, Real *panels) {
  const int64_t width = p->width, depth = gradient->gates * width;
  const Real *weight = call->data[gradient->weight];
  FOR_PIECES(gate, gradient->gates, call) {
    for (int64_t column = 0, columns; column < width; column += columns) {
      columns = OF_REAL(panelColumns)(width - column);
      const int64_t panelWidth = OF_REAL(panelWidth)(columns);
      OF_REAL(packColumns)(panels + column * depth + gate * width * panelWidth, weight + gate * width * width + column, width, width, columns);
    }
  }
}

// carried (+)= toGates @ weight, in parts that the first cache holds.
static void OF_REAL(carryBack)(const OF_REAL(Back) * b, const OF_REAL(Gradient) * gradient, const Block *block) {
  const int64_t width = b->p->width, depth = gradient->gates * width;
  const Real *toGates = OF_REAL(gatesOf)(b, gradient->toGates, gradient->gates) + block->row * depth;
  for (int64_t column = 0, columns; column < width; column += columns) {
    columns = OF_REAL(panelColumns)(width - column);
    const int64_t panelWidth = OF_REAL(panelWidth)(columns);
    for (int64_t k = 0, count; k < depth; k += count) {
      count = minimum64(DEPTH_IN_CACHE, depth - k);
      OF_REAL(multiplyPanel)(&(OF_REAL(Product)){.a = toGates + k,
                                                 .aStride = depth,
                                                 .b = b->panels + column * depth + k * panelWidth,
                                                 .bStride = panelWidth,
                                                 .c = b->carried + block->row * width + column,
                                                 .cStride = width,
                                                 .rows = block->rows,
                                                 .columns = columns,
                                                 .depth = count,
                                                 .accumulate = k > 0 || gradient->accumulates});
    }
  }
}

static void OF_REAL(runBack)(OF_REAL(Back) * b, const OF_REAL(Gradient) * gradient, const Block *block) {
  const RecurrentParams *p = b->p;
  const int64_t start = block->row * p->width;
  const size_t bytes = (size_t)(block->rows * p->width) * sizeof(Real);
  memset(b->carried + start, 0, bytes);
  memset(b->carriedCell + start, 0, bytes);
  for (int64_t i = p->steps - 1; i >= 0; i--) {
    b->step = stepAt(p, i);
    b->before = i > 0 ? stepAt(p, i - 1) : -1;
    gradient->slope(b, block);
    OF_REAL(carryBack)(b, gradient, block);
  }
  Real *toHidden = b->data[gradient->toHidden], *toCell = gradient->toCell ? b->data[gradient->toCell] : NULL;
  if (toHidden) memcpy(toHidden + start, b->carried + start, bytes);
  if (toCell) memcpy(toCell + start, b->carriedCell + start, bytes);
}

static void OF_REAL(runGradient)(const Call *call, const OF_REAL(Gradient) * gradient) {
  const RecurrentParams *p = (const RecurrentParams *)call->params;
  const int64_t size = (int64_t)p->batch * p->width;
  Real *panels = (Real *)call->workspace;
  OF_REAL(packStates)(call, p, gradient, panels);
  endPhase(call);
  FOR_PIECES(piece, recurrentPieces(p, gradient->gates), call) {
    Real *carried = panels + gradient->gates * OF_REAL(panelWidth)(p->width) * p->width;
    OF_REAL(Back) back = {p, call->data, panels, carried, carried + size, carried + 2 * size, 0, 0};
    const Block block = recurrentPiece(p, gradient->gates, piece);
    OF_REAL(runBack)(&back, gradient, &block);
  }
}

// For each row of a block, and in it for each vector of units: `place` counts [B, H], and `count` are left.
#define FOR_UNITS(block, width)                                                                                        \
  for (int64_t row = (block)->row, end = row + (block)->rows; row < end; row++)                                        \
    for (int64_t place = row * (width), count = (width); count > 0; place += REAL_LANES, count -= REAL_LANES)

static void OF_REAL(slopeRnn)(const OF_REAL(Back) * b, const Block *block) {
  const int64_t width = b->p->width;
  const Real *gradient = OF_REAL(stepOf)(b, 0, 1), *output = OF_REAL(stepOf)(b, 1, 1);
  Real *toGates = OF_REAL(gatesOf)(b, 3, 1);
  FOR_UNITS(block, width) {
    const Reals y = OF_REAL(loadPart)(output + place, count);
    const Reals dh = OF_REAL(loadPart)(gradient + place, count) + OF_REAL(loadPart)(b->carried + place, count);
    OF_REAL(storePart)(toGates + place, dh * (b->p->option ? OF_REAL(stepSlope)(y) : OF_REAL(tanhSlope)(y)), count);
  }
}

static void OF_REAL(slopeLstm)(const OF_REAL(Back) * b, const Block *block) {
  const int64_t width = b->p->width;
  const Real *gradient = OF_REAL(stepOf)(b, 0, 1), *cells = OF_REAL(stepOf)(b, 3, 1), *activations = OF_REAL(stepOf)(b, 4, 4);
  const Real *cellBefore = OF_REAL(statesBefore)(b, 3, 2), *cellsGradient = b->p->option ? NULL : OF_REAL(stepOf)(b, 1, 1);
  const Reals everywhere = OF_REAL(all)(b->p->option ? *(const Real *)b->data[1] : 0);
  Real *toGates = OF_REAL(gatesOf)(b, 6, 4);
  FOR_UNITS(block, width) {
    const int64_t first = place + 3 * row * width;
    Reals x[4];
    for (int g = 0; g < 4; g++) x[g] = OF_REAL(loadPart)(activations + first + g * width, count);
    const Reals squashed = OF_REAL(quickTanh)(OF_REAL(loadPart)(cells + place, count));
    const Reals dh = OF_REAL(loadPart)(gradient + place, count) + OF_REAL(loadPart)(b->carried + place, count);
    const Reals given = cellsGradient ? OF_REAL(loadPart)(cellsGradient + place, count) : everywhere;
    const Reals dc = multiplyAddReals(dh * x[3], OF_REAL(tanhSlope)(squashed), given + OF_REAL(loadPart)(b->carriedCell + place, count));
    const Reals to[] = {dc * x[2] * OF_REAL(sigmoidSlope)(x[0]), dc * OF_REAL(loadPart)(cellBefore + place, count) * OF_REAL(sigmoidSlope)(x[1]),
                        dc * x[0] * OF_REAL(tanhSlope)(x[2]), dh * squashed * OF_REAL(sigmoidSlope)(x[3])};
    for (int g = 0; g < 4; g++) OF_REAL(storePart)(toGates + first + g * width, to[g], count);
    OF_REAL(storePart)(b->carriedCell + place, dc * x[1], count);
  }
}

static void OF_REAL(slopeGru)(const OF_REAL(Back) * b, const Block *block) {
  const int64_t width = b->p->width;
  const Real *gradient = OF_REAL(stepOf)(b, 0, 1), *activations = OF_REAL(stepOf)(b, 3, 4);
  const Real *hiddenBefore = OF_REAL(statesBefore)(b, 2, 1);
  Real *toGates = OF_REAL(stepOf)(b, 5, 3), *toHiddenGates = OF_REAL(gatesOf)(b, 6, 3);
  FOR_UNITS(block, width) {
    const int64_t first = place + 2 * row * width;
    Reals x[4];
    for (int g = 0; g < 4; g++) x[g] = OF_REAL(loadPart)(activations + first + (row + g) * width, count);
    const Reals dh = OF_REAL(loadPart)(gradient + place, count) + OF_REAL(loadPart)(b->carried + place, count);
    const Reals dn = dh * (1 - x[1]) * OF_REAL(tanhSlope)(x[2]);
    const Reals dr = dn * x[3] * OF_REAL(sigmoidSlope)(x[0]);
    const Reals dz = dh * (OF_REAL(loadPart)(hiddenBefore + place, count) - x[2]) * OF_REAL(sigmoidSlope)(x[1]);
    const Reals to[] = {dr, dz, dn * x[0], dn};
    for (int g = 0; g < 3; g++) OF_REAL(storePart)(toHiddenGates + first + g * width, to[g], count);
    for (int g = 0; toGates && g < 3; g++) OF_REAL(storePart)(toGates + first + g * width, to[g == 2 ? 3 : g], count);
    OF_REAL(storePart)(b->carried + place, dh * x[1], count);
  }
}

#undef FOR_UNITS

static const OF_REAL(Gradient) OF_REAL(rnnBack) = {.gates = 1, .weight = 2, .toGates = 3, .toHidden = 4, .slope = OF_REAL(slopeRnn)};
static const OF_REAL(Gradient) OF_REAL(lstmBack) = {
    .gates = 4, .weight = 5, .toGates = 6, .toHidden = 7, .toCell = 8, .slope = OF_REAL(slopeLstm)};
static const OF_REAL(Gradient) OF_REAL(gruBack) = {
    .gates = 3, .weight = 4, .toGates = 6, .toHidden = 7, .accumulates = true, .slope = OF_REAL(slopeGru)};
