#include "convolution.h"

_Thread_local ConvolutionMemory convolutionMemory;

static const AxisPhase *axisPhases(const ConvolutionParams *p) { return (const AxisPhase *)p->rest; }

int32_t phaseCount(const ConvolutionParams *p) { return p->axes[0].phases * p->axes[1].phases * p->axes[2].phases; }

Phase phaseAt(const ConvolutionParams *p, int32_t number) {
  Phase phase = {.places = 1, .taps = 1};
  for (int axis = AXES - 1; axis >= 0; axis--) {
    phase.index[axis] = number % p->axes[axis].phases;
    number /= p->axes[axis].phases;
    phase.axes[axis] = axisPhases(p) + p->axes[axis].firstPhase + phase.index[axis];
    phase.places *= phase.axes[axis]->places;
    phase.taps *= phase.axes[axis]->taps;
  }
  return phase;
}

int64_t kernelTaps(const ConvolutionParams *p) { return (int64_t)p->kernel[0] * p->kernel[1] * p->kernel[2]; }
int64_t sourcePlane(const ConvolutionParams *p) { return (int64_t)p->axes[0].source * p->axes[1].source * p->axes[2].source; }
int64_t targetPlane(const ConvolutionParams *p) { return (int64_t)p->axes[0].target * p->axes[1].target * p->axes[2].target; }

Places placesOf(const ConvolutionParams *p, const Phase *phase, int32_t range) {
  return (Places){phase->places * range / p->ranges, phase->places * (range + 1) / p->ranges};
}

static void coordinatesOf(const Phase *phase, int64_t place, int32_t *at) {
  for (int axis = AXES - 1; axis >= 0; axis--) {
    at[axis] = (int32_t)(place % phase->axes[axis]->places);
    place /= phase->axes[axis]->places;
  }
}

// The least offset of a tap.
static int32_t lowestTap(const AxisPhase *axis) { return axis->tapStep < 0 ? (axis->taps - 1) * axis->tapStep : 0; }

Box boxOf(const ConvolutionParams *p, const Phase *phase, Places places) {
  Box box;
  int32_t last[AXES];
  coordinatesOf(phase, places.start, box.place);
  coordinatesOf(phase, places.end - 1, last);
  bool isWhole = false;
  for (int axis = 0; axis < AXES; axis++) {
    const AxisPhase *a = phase->axes[axis];
    const int32_t step = p->axes[axis].step;
    if (isWhole) box.place[axis] = 0, last[axis] = a->places - 1;
    isWhole = isWhole || last[axis] > box.place[axis];
    box.origin[axis] = a->origin + lowestTap(a) + box.place[axis] * step;
    box.size[axis] = (last[axis] - box.place[axis]) * step + (a->taps - 1) * (a->tapStep < 0 ? -a->tapStep : a->tapStep) + 1;
  }
  return box;
}

// From the box's first element to place 0 of the row of `at`.
static int32_t rowOffset(const ConvolutionParams *p, const Box *box, const int32_t *at) {
  return (at[0] - box->place[0]) * p->axes[0].step * p->planeStride + (at[1] - box->place[1]) * p->axes[1].step * p->rowStride -
         box->place[2] * (p->axes[2].step / p->split);
}

static void nextRow(const Phase *phase, int32_t *at) {
  at[2] = 0;
  if (++at[1] == phase->axes[1]->places) at[1] = 0, at[0]++;
}

void placeOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, Places places, const Box *box) {
  int32_t at[AXES];
  coordinatesOf(phase, places.start, at);
  const int32_t width = phase->axes[2]->places, step = p->axes[2].step / p->split;
  for (int64_t place = places.start; place < places.end; nextRow(phase, at)) {
    const int32_t row = rowOffset(p, box, at);
    for (; at[2] < width && place < places.end; at[2]++, place++) *offsets++ = row + at[2] * step;
  }
}

int32_t placeVectors(PlaceVector *vectors, const ConvolutionParams *p, const Phase *phase, Places places, const Box *box, int32_t lanes) {
  int32_t at[AXES], count = 0;
  coordinatesOf(phase, places.start, at);
  const int32_t width = phase->axes[2]->places;
  for (int64_t place = places.start; place < places.end; nextRow(phase, at)) {
    const int32_t row = rowOffset(p, box, at);
    while (at[2] < width && place < places.end) {
      const int32_t length = (int32_t)minimum64(minimum64(lanes, width - at[2]), places.end - place);
      vectors[count++] = (PlaceVector){row + at[2], (int32_t)(place - places.start), length};
      at[2] += length;
      place += length;
    }
  }
  return count;
}

static int32_t splitOffset(const ConvolutionParams *p, int32_t element) {
  return element % p->split * (p->rowStride / p->split) + element / p->split;
}

void tapOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, int32_t channels) {
  const AxisPhase *z = phase->axes[0], *y = phase->axes[1], *x = phase->axes[2];
  for (int32_t channel = 0; channel < channels; channel++)
    for (int32_t i = 0; i < z->taps; i++)
      for (int32_t j = 0; j < y->taps; j++)
        for (int32_t k = 0; k < x->taps; k++)
          *offsets++ = channel * p->channelStride + (i * z->tapStep - lowestTap(z)) * p->planeStride +
                       (j * y->tapStep - lowestTap(y)) * p->rowStride + splitOffset(p, k * x->tapStep - lowestTap(x));
}

void targetOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, Places places) {
  // A phase without places has no coordinates.
  if (places.end == places.start) return;
  int32_t at[AXES];
  coordinatesOf(phase, places.start, at);
  const ConvolutionAxis *z = &p->axes[0], *y = &p->axes[1], *x = &p->axes[2];
  const int32_t width = phase->axes[2]->places;
  for (int64_t place = places.start; place < places.end; nextRow(phase, at)) {
    const int32_t plane = at[0] * z->phases + phase->index[0], row = at[1] * y->phases + phase->index[1];
    const int32_t start = (plane * y->target + row) * x->target + phase->index[2];
    for (; at[2] < width && place < places.end; at[2]++, place++) *offsets++ = start + at[2] * x->phases;
  }
}

void allTapOffsets(int32_t *offsets, const ConvolutionParams *p) {
  for (int32_t number = 0; number < phaseCount(p); number++) {
    const Phase phase = phaseAt(p, number);
    tapOffsets(offsets, p, &phase, p->block);
    offsets += p->block * phase.taps;
  }
}

int32_t weightOffset(const ConvolutionParams *p, const Phase *phase, int64_t tap) {
  int64_t offset = 0, taps = phase->taps;
  for (int axis = 0; axis < AXES; axis++) {
    const AxisPhase *a = phase->axes[axis];
    taps /= a->taps;
    offset = offset * p->kernel[axis] + a->firstTap + tap / taps % a->taps * a->kernelStep;
  }
  return (int32_t)offset;
}

int64_t boxStart(const ConvolutionParams *p, const Box *box, int64_t image, int64_t channel) {
  const int64_t channels = (int64_t)p->groups * p->sources;
  return (image * channels + channel) * p->channelStride + (int64_t)(box->origin[0] - p->viewOrigin[0]) * p->planeStride +
         (int64_t)(box->origin[1] - p->viewOrigin[1]) * p->rowStride + (box->origin[2] - p->viewOrigin[2]) / p->split;
}

static int64_t wholeLines(int64_t bytes) { return (bytes + 63) / 64 * 64; }

int64_t tapBytes(const ConvolutionParams *p) { return wholeLines(p->block * kernelTaps(p) * (int64_t)sizeof(int32_t)); }

// A line more, because the last vector of the last row may reach beyond it.
int64_t viewBytes(const ConvolutionParams *p) {
  const int64_t elements = (int64_t)p->images * p->groups * p->sources * p->channelStride;
  return p->view == VIEW_WHOLE ? wholeLines(elements * (p->isDouble ? 8 : 4)) + 64 : 0;
}

// NULL if there is none.
static const int32_t *chainParams(const ConvolutionParams *p) {
  const int32_t phases = p->axes[0].phases + p->axes[1].phases + p->axes[2].phases;
  const int32_t *flag = (const int32_t *)(axisPhases(p) + phases);
  return *flag ? flag + 1 : NULL;
}

enum { CHAIN_PIECE = 16384, CONVOLUTION_OPERANDS = 3 };

static void openChain(const Call *call, const ConvolutionParams *p, Chain *chain) {
  chainOpen(chain, chainParams(p), call->data + CONVOLUTION_OPERANDS, call->scalars);
}

bool openPieceChain(const Call *call, const ConvolutionParams *p, Chain *chain) {
  const bool isChained = chainParams(p) && isDense(p);
  if (isChained) openChain(call, p, chain);
  return isChained;
}

void chainChannels(Chain *chain, const ConvolutionParams *p, int64_t image, int64_t channel, int64_t channels, int32_t range) {
  const Phase phase = phaseAt(p, 0);
  const Places places = placesOf(p, &phase, range);
  const int64_t start = (image * p->groups * p->targets + channel) * phase.places;
  if (p->ranges == 1) {
    chainRun(chain, start, channels * phase.places);
    return;
  }
  for (int64_t i = 0; i < channels; i++) chainRun(chain, start + i * phase.places + places.start, places.end - places.start);
}

void chainTarget(const Call *call, const ConvolutionParams *p) {
  if (!chainParams(p) || isDense(p)) return;
  endPhase(call);
  Chain chain;
  openChain(call, p, &chain);
  const int64_t elements = p->images * p->groups * p->targets * targetPlane(p);
  FOR_PIECES(piece, ceilDivide(elements, CHAIN_PIECE), call) {
    const int64_t start = (int64_t)piece * CHAIN_PIECE;
    chainRun(&chain, start, minimum64(CHAIN_PIECE, elements - start));
  }
}
