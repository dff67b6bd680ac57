// The code of convolveTaps.c for one element type.
#include "real.h"
#include "boxOf.h"

// The workspace: where each tap is, the view if it is of the whole source, and for each share of the images the weight's sums.
typedef struct OF_REAL(Sums) {
  int32_t *taps;
  Real *view, *sums;
  // Of a share.
  int64_t size;
} OF_REAL(Sums);

static OF_REAL(Sums) OF_REAL(prepareSums)(const Call *call, const ConvolutionParams *p) {
  char *const view = call->workspace + tapBytes(p);
  if (p->view == VIEW_WHOLE) OF_REAL(copyWhole)(call, p, call->data[1], (Real *)view);
  FOR_PIECES(piece, 1, call) { allTapOffsets((int32_t *)call->workspace, p); }
  endPhase(call);
  const int64_t size = (int64_t)p->groups * p->targets * p->sources * kernelTaps(p);
  return (OF_REAL(Sums)){(int32_t *)call->workspace, (Real *)view, (Real *)(view + viewBytes(p)), size};
}

// Some taps of some source channels of a group, summed over a share of the images.
typedef struct OF_REAL(TapPiece) {
  const Call *call;
  const ConvolutionParams *p;
  const OF_REAL(Sums) * sums;
  int64_t share, group, channel, channels;
  // Taps of the block.
  int64_t first, count;
} OF_REAL(TapPiece);

static Real OF_REAL(laneSum)(const Real *lanes) {
  Real sum = 0;
  for (int64_t i = 0; i < REAL_LANES; i++) sum += lanes[i];
  return sum;
}

// One range of the share's images into totals[target channel][tap][lane].
static void OF_REAL(addRange)(const OF_REAL(TapPiece) * piece, const Phase *phase, Places places, Real *totals) {
  const ConvolutionParams *p = piece->p;
  const int64_t plane = targetPlane(p), start = piece->share * p->share, end = minimum64(p->images, start + p->share);
  const Box box = boxOf(p, phase, places);
  OF_REAL(Places) products = {.c = totals,
                              .aStride = plane,
                              .vectors = convolutionMemory.vectors,
                              .steps = piece->sums->taps + piece->first,
                              .rows = p->targets,
                              .depth = piece->count};
  products.vectorCount = placeVectors(convolutionMemory.vectors, p, phase, places, &box, REAL_LANES);
  for (int64_t image = start; image < end; image++) {
    products.a = (const Real *)piece->call->data[0] + (image * p->groups + piece->group) * p->targets * plane + places.start;
    products.b = OF_REAL(viewOf)(p, &box, piece->call->data[1], piece->sums->view, image, piece->group * p->sources + piece->channel, piece->channels);
    OF_REAL(addPlaceProducts)(&products);
  }
}

static void OF_REAL(sumTaps)(const OF_REAL(TapPiece) * piece) {
  const ConvolutionParams *p = piece->p;
  const Phase phase = phaseAt(p, 0);
  Real *const totals = (Real *)convolutionMemory.sums;
  memset(totals, 0, sizeof(Reals) * (size_t)(p->targets * piece->count));
  for (int32_t range = 0; range < p->ranges; range++) {
    const Places places = placesOf(p, &phase, range);
    if (places.end > places.start) OF_REAL(addRange)(piece, &phase, places, totals);
  }
  const int64_t rows = p->sources * phase.taps;
  Real *to = piece->sums->sums + piece->share * piece->sums->size + piece->group * p->targets * rows + piece->channel * phase.taps + piece->first;
  for (int64_t target = 0; target < p->targets; target++)
    for (int64_t k = 0; k < piece->count; k++) to[target * rows + k] = OF_REAL(laneSum)(totals + (target * piece->count + k) * REAL_LANES);
}

// As many taps at a time as the thread's memory has room for.
static void OF_REAL(sumGroup)(const Call *call, const ConvolutionParams *p, const OF_REAL(Sums) * sums, int64_t share, int64_t group) {
  if (sums->size == 0) return;
  OF_REAL(TapPiece) piece = {call, p, sums, .share = share, .group = group};
  for (piece.channel = 0; piece.channel < p->sources; piece.channel += piece.channels) {
    piece.channels = minimum64(p->block, p->sources - piece.channel);
    const int64_t taps = piece.channels * kernelTaps(p);
    for (piece.first = 0; piece.first < taps; piece.first += piece.count) {
      piece.count = minimum64(SUM_BYTES / VECTOR_BYTES / p->targets, taps - piece.first);
      OF_REAL(sumTaps)(&piece);
    }
  }
}

static void OF_REAL(addShares)(const Call *call, const OF_REAL(Sums) * sums, int64_t shares) {
  Real *const to = call->data[2];
  FOR_PIECES(piece, ceilDivide(sums->size, ADDED_AT_ONCE), call) {
    const int64_t start = piece * ADDED_AT_ONCE, end = minimum64(sums->size, start + ADDED_AT_ONCE);
    for (int64_t i = start; i < end; i++) {
      Real sum = sums->sums[i];
      for (int64_t share = 1; share < shares; share++) sum += sums->sums[share * sums->size + i];
      to[i] = sum;
    }
  }
}

static void OF_REAL(convolveTaps)(const Call *call, const ConvolutionParams *p) {
  const OF_REAL(Sums) sums = OF_REAL(prepareSums)(call, p);
  const int64_t shares = maximum64(1, ceilDivide(p->images, p->share));
  FOR_PIECES(number, shares * p->groups, call) { OF_REAL(sumGroup)(call, p, &sums, number / p->groups, number % p->groups); }
  endPhase(call);
  OF_REAL(addShares)(call, &sums, shares);
}
