// The code of convolveChannels.c for one element type.
#include "real.h"
#include "boxOf.h"
#include "channelPanelOf.h"
#include "prefetchRowsOf.h"

// The workspace: where each tap is, the view if it is of the whole source, and the weights as panels need them.
typedef struct OF_REAL(Prepared) {
  int32_t *taps;
  Real *view, *weights;
} OF_REAL(Prepared);

static OF_REAL(Prepared) OF_REAL(preparedIn)(const Call *call, const ConvolutionParams *p) {
  char *const view = call->workspace + tapBytes(p);
  return (OF_REAL(Prepared)){(int32_t *)call->workspace, (Real *)view, (Real *)(view + viewBytes(p))};
}

// [source channel][tap][target channel of the panel], phase after phase.
static Real *OF_REAL(panelWeights)(const OF_REAL(Prepared) * prepared, const ConvolutionParams *p, int64_t group, const OF_REAL(Panel) * panel) {
  return prepared->weights + p->sources * kernelTaps(p) * (group * OF_REAL(panelWidth)(p->targets) + panel->start);
}

static void OF_REAL(packPhase)(Real *to, const ConvolutionParams *p, const Phase *phase, const Real *weight, const OF_REAL(Panel) * panel) {
  for (int64_t tap = 0; tap < phase->taps; tap++) {
    const Real *from = weight + weightOffset(p, phase, tap);
    for (int64_t source = 0; source < p->sources; source++, from += p->weightSource)
      for (int64_t i = 0; i < panel->columns; i++) to[(source * phase->taps + tap) * panel->width + i] = from[i * p->weightTarget];
  }
}

// All taps in one phase: they are in the weight's own order.
static void OF_REAL(packDense)(Real *to, const ConvolutionParams *p, const Real *weight, const OF_REAL(Panel) * panel) {
  if (p->weightTarget == 1) {
    OF_REAL(packColumns)(to, weight, p->weightSource, p->sources, panel->columns);
    return;
  }
  const int64_t taps = kernelTaps(p), runs = p->weightSource == taps ? 1 : p->sources, run = p->sources * taps / maximum64(runs, 1);
  for (int64_t i = 0; i < runs; i++)
    OF_REAL(transpose)(to + i * run * panel->width, panel->width, weight + i * p->weightSource, p->weightTarget, panel->columns, run);
}

static void OF_REAL(packWeights)(const Call *call, const ConvolutionParams *p, const OF_REAL(Prepared) * prepared, int64_t piece) {
  const int64_t panels = OF_REAL(panelCount)(p->targets), group = piece / panels;
  const OF_REAL(Panel) panel = OF_REAL(panelAt)(p->targets, piece % panels);
  const Real *weight = (const Real *)call->data[1] + group * p->weightGroup + panel.start * p->weightTarget;
  Real *to = OF_REAL(panelWeights)(prepared, p, group, &panel);
  if (phaseCount(p) == 1) {
    OF_REAL(packDense)(to, p, weight, &panel);
    return;
  }
  for (int32_t number = 0; number < phaseCount(p); number++) {
    const Phase phase = phaseAt(p, number);
    OF_REAL(packPhase)(to, p, &phase, weight, &panel);
    to += p->sources * phase.taps * panel.width;
  }
}

// Tap tables and packed weights, and the view if it is of the whole source.
static OF_REAL(Prepared) OF_REAL(prepareChannels)(const Call *call, const ConvolutionParams *p) {
  const OF_REAL(Prepared) prepared = OF_REAL(preparedIn)(call, p);
  if (p->view == VIEW_WHOLE) OF_REAL(copyWhole)(call, p, call->data[0], prepared.view);
  FOR_PIECES(piece, 1 + p->groups * OF_REAL(panelCount)(p->targets), call) {
    if (piece == 0)
      allTapOffsets(prepared.taps, p);
    else
      OF_REAL(packWeights)(call, p, &prepared, piece - 1);
  }
  endPhase(call);
  return prepared;
}

// What one piece computes: some places of an image, in all phases, for the channels of a panel.
typedef struct OF_REAL(ChannelPiece) {
  const Call *call;
  const ConvolutionParams *p;
  const OF_REAL(Prepared) * prepared;
  OF_REAL(Panel) panel;
  int64_t image, group;
  int32_t range;
} OF_REAL(ChannelPiece);

// sums[place][channel], block after block of source channels.
static void OF_REAL(sumChannels)(const OF_REAL(ChannelPiece) * piece, const Phase *phase, Places places, const Real *weights, const int32_t *taps) {
  const ConvolutionParams *p = piece->p;
  const Real *source = piece->call->data[0];
  const Box box = boxOf(p, phase, places);
  placeOffsets(convolutionMemory.places, p, phase, places, &box);
  OF_REAL(Gather) gather = {.c = (Real *)convolutionMemory.sums,
                            .rows = convolutionMemory.places,
                            .steps = taps,
                            .rowCount = places.end - places.start,
                            .width = piece->panel.width};
  const int64_t channels = phase->taps > 0 ? p->sources : 0;
  int64_t channel = 0;
  do {
    const int64_t count = minimum64(p->block, channels - channel);
    if (count > 0) gather.a = OF_REAL(viewOf)(p, &box, source, piece->prepared->view, piece->image, piece->group * p->sources + channel, count);
    gather.b = weights + channel * phase->taps * piece->panel.width;
    gather.depth = count * phase->taps;
    gather.accumulate = channel > 0;
    OF_REAL(gatherPanel)(&gather);
    channel += count;
  } while (channel < channels);
}

static void OF_REAL(storeScattered)(Real *to, int64_t plane, const Real *sums, const int32_t *at, int64_t places, const OF_REAL(Panel) * panel) {
  Real chunk[PANEL_VECTORS * REAL_LANES * REAL_LANES];
  for (int64_t place = 0; place < places; place += REAL_LANES) {
    const int64_t count = minimum64(REAL_LANES, places - place);
    OF_REAL(transpose)(chunk, REAL_LANES, sums + place * panel->width, panel->width, count, panel->columns);
    for (int64_t i = 0; i < panel->columns; i++)
      for (int64_t j = 0; j < count; j++) to[i * plane + at[place + j]] = chunk[i * REAL_LANES + j];
  }
}

static void OF_REAL(channelPhases)(const OF_REAL(ChannelPiece) * piece) {
  const ConvolutionParams *p = piece->p;
  const Real *weights = OF_REAL(panelWeights)(piece->prepared, p, piece->group, &piece->panel);
  const int32_t *taps = piece->prepared->taps;
  const int64_t channel = (piece->image * p->groups + piece->group) * p->targets + piece->panel.start, plane = targetPlane(p);
  Real *to = (Real *)piece->call->data[2] + channel * plane;
  for (int32_t number = 0; number < phaseCount(p); number++) {
    const Phase phase = phaseAt(p, number);
    const Places places = placesOf(p, &phase, piece->range);
    const int64_t count = places.end - places.start;
    if (isDense(p)) OF_REAL(prefetchRows)(to + places.start, plane, piece->panel.columns, count, true);
    if (count > 0) OF_REAL(sumChannels)(piece, &phase, places, weights, taps);
    if (isDense(p))
      OF_REAL(storeDense)(to + places.start, plane, (const Real *)convolutionMemory.sums, count, &piece->panel);
    else {
      targetOffsets(convolutionMemory.places, p, &phase, places);
      OF_REAL(storeScattered)(to, plane, (const Real *)convolutionMemory.sums, convolutionMemory.places, count, &piece->panel);
    }
    weights += p->sources * phase.taps * piece->panel.width;
    taps += p->block * phase.taps;
  }
}

static void OF_REAL(convolveChannels)(const Call *call, const ConvolutionParams *p) {
  const OF_REAL(Prepared) prepared = OF_REAL(prepareChannels)(call, p);
  const int64_t panels = OF_REAL(panelCount)(p->targets);
  Chain chain;
  const bool isChained = openPieceChain(call, p, &chain);
  FOR_PIECES(number, p->images * p->groups * panels * p->ranges, call) {
    OF_REAL(ChannelPiece) piece = {call, p, &prepared, .range = number % p->ranges};
    const int64_t others = number / p->ranges;
    piece.panel = OF_REAL(panelAt)(p->targets, others % panels);
    piece.group = others / panels % p->groups;
    piece.image = others / panels / p->groups;
    OF_REAL(channelPhases)(&piece);
    if (isChained) chainChannels(&chain, p, piece.image, piece.group * p->targets + piece.panel.start, piece.panel.columns, piece.range);
  }
  chainTarget(call, p);
}
