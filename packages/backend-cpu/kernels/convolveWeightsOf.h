// The code of convolveWeights.c for one element type.
#include "real.h"
#include "boxOf.h"
#include "channelPanelOf.h"
#include "prefetchRowsOf.h"

// The workspace: where each tap is, the view if it is of the whole source, and for each share of the images the sums
// [group][panel][source channel][tap][target channel].
typedef struct OF_REAL(Sums) {
  int32_t *taps;
  Real *view, *sums;
  // Of a share, and of a panel's lane.
  int64_t size, rows;
} OF_REAL(Sums);

static OF_REAL(Sums) OF_REAL(prepareSums)(const Call *call, const ConvolutionParams *p) {
  char *const view = call->workspace + tapBytes(p);
  if (p->view == VIEW_WHOLE) OF_REAL(copyWhole)(call, p, call->data[1], (Real *)view);
  FOR_PIECES(piece, 1, call) { allTapOffsets((int32_t *)call->workspace, p); }
  endPhase(call);
  const int64_t rows = p->sources * kernelTaps(p), size = p->groups * rows * OF_REAL(panelWidth)(p->targets);
  return (OF_REAL(Sums)){(int32_t *)call->workspace, (Real *)view, (Real *)(view + viewBytes(p)), size, rows};
}

static Real *OF_REAL(panelSums)(const OF_REAL(Sums) * sums, const ConvolutionParams *p, int64_t share, int64_t group, const OF_REAL(Panel) * panel) {
  return sums->sums + share * sums->size + sums->rows * (group * OF_REAL(panelWidth)(p->targets) + panel->start);
}

// What one piece sums up: a block of source channels by the channels of a panel, over a share of the images.
typedef struct OF_REAL(WeightPiece) {
  const Call *call;
  const ConvolutionParams *p;
  const OF_REAL(Sums) * sums;
  OF_REAL(Panel) panel;
  int64_t share, group, channel, channels;
} OF_REAL(WeightPiece);

static OF_REAL(WeightPiece) OF_REAL(weightPiece)(const Call *call, const ConvolutionParams *p, const OF_REAL(Sums) * sums, int64_t number) {
  const int64_t blocks = ceilDivide(p->sources, p->block), panels = OF_REAL(panelCount)(p->targets);
  OF_REAL(WeightPiece) piece = {.call = call, .p = p, .sums = sums};
  piece.channel = number % blocks * p->block;
  piece.channels = minimum64(p->block, p->sources - piece.channel);
  piece.panel = OF_REAL(panelAt)(p->targets, number / blocks % panels);
  piece.group = number / blocks / panels % p->groups;
  piece.share = number / blocks / panels / p->groups;
  return piece;
}

// One range of one image, before the next: the gradient's channels side by side for each place.
static void OF_REAL(addImage)(const OF_REAL(WeightPiece) * piece, const Phase *phase, int64_t image, int64_t next, int32_t range, OF_REAL(Gather) * gather) {
  const ConvolutionParams *p = piece->p;
  const Places places = placesOf(p, phase, range);
  if (places.end == places.start) return;
  const Box box = boxOf(p, phase, places);
  const int64_t plane = targetPlane(p), first = (image * p->groups + piece->group) * p->targets + piece->panel.start;
  Real *const gradient = (Real *)convolutionMemory.sums;
  gather->depth = places.end - places.start;
  const Real *const rows = (const Real *)piece->call->data[0] + first * plane + places.start;
  OF_REAL(transpose)(gradient, piece->panel.width, rows, plane, piece->panel.columns, gather->depth);
  OF_REAL(prefetchRows)(rows + (next - image) * p->groups * p->targets * plane, plane, piece->panel.columns, gather->depth, false);
  placeOffsets(convolutionMemory.places, p, phase, places, &box);
  gather->a = OF_REAL(viewOf)(p, &box, piece->call->data[1], piece->sums->view, image, piece->group * p->sources + piece->channel, piece->channels);
  gather->b = gradient;
  OF_REAL(gatherPanel)(gather);
  gather->accumulate = true;
}

static void OF_REAL(sumPiece)(const OF_REAL(WeightPiece) * piece) {
  const ConvolutionParams *p = piece->p;
  const Phase phase = phaseAt(p, 0);
  OF_REAL(Gather) gather = {.c = OF_REAL(panelSums)(piece->sums, p, piece->share, piece->group, &piece->panel) +
                                 piece->channel * phase.taps * piece->panel.width,
                            .rows = piece->sums->taps,
                            .steps = convolutionMemory.places,
                            .rowCount = piece->channels * phase.taps,
                            .width = piece->panel.width};
  const int64_t start = piece->share * p->share, end = minimum64(p->images, start + p->share);
  for (int64_t image = start; image < end; image++)
    for (int32_t range = 0; range < p->ranges; range++) OF_REAL(addImage)(piece, &phase, image, minimum64(image + 1, end - 1), range, &gather);
  if (!gather.accumulate) OF_REAL(gatherPanel)(&gather);
}

// Adds up the shares of some rows and turns them into the weight's order.
static void OF_REAL(finishRows)(const Call *call, const ConvolutionParams *p, const OF_REAL(Sums) * sums, int64_t shares, int64_t number) {
  const int64_t parts = ceilDivide(sums->rows, ROWS_AT_ONCE), panels = OF_REAL(panelCount)(p->targets);
  const OF_REAL(Panel) panel = OF_REAL(panelAt)(p->targets, number / parts % panels);
  const int64_t group = number / parts / panels, row = number % parts * ROWS_AT_ONCE, rows = minimum64(ROWS_AT_ONCE, sums->rows - row);
  Real *const total = OF_REAL(panelSums)(sums, p, 0, group, &panel) + row * panel.width;
  for (int64_t share = 1; share < shares; share++)
    for (int64_t i = 0; i < rows * panel.width; i += REAL_LANES)
      OF_REAL(store)(total + i, OF_REAL(load)(total + i) + OF_REAL(load)(total + share * sums->size + i));
  Real *to = (Real *)call->data[2] + (group * p->targets + panel.start) * sums->rows + row;
  OF_REAL(storeDense)(to, sums->rows, total, rows, &panel);
}

static void OF_REAL(convolveWeights)(const Call *call, const ConvolutionParams *p) {
  const OF_REAL(Sums) sums = OF_REAL(prepareSums)(call, p);
  const int64_t shares = maximum64(1, ceilDivide(p->images, p->share)), panels = p->groups * OF_REAL(panelCount)(p->targets);
  FOR_PIECES(number, shares * panels * ceilDivide(p->sources, p->block), call) {
    const OF_REAL(WeightPiece) piece = OF_REAL(weightPiece)(call, p, &sums, number);
    OF_REAL(sumPiece)(&piece);
  }
  endPhase(call);
  FOR_PIECES(number, panels * ceilDivide(sums.rows, ROWS_AT_ONCE), call) { OF_REAL(finishRows)(call, p, &sums, shares, number); }
}
