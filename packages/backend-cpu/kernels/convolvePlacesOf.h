// The code of convolvePlaces.c for one element type.
#include "real.h"
#include "boxOf.h"

// The workspace: where each tap is, the view if it is of the whole source, and the weights, unless they have the order already:
// [group][phase][target channel][source channel][tap].
typedef struct OF_REAL(Prepared) {
  int32_t *taps;
  Real *view;
  const Real *weights;
} OF_REAL(Prepared);

// The weights of one target channel.
static void OF_REAL(packTarget)(Real *to, const ConvolutionParams *p, const Real *weight, int64_t target) {
  weight += target * p->weightTarget;
  for (int32_t number = 0; number < phaseCount(p); number++) {
    const Phase phase = phaseAt(p, number);
    Real *const row = to + target * p->sources * phase.taps;
    for (int64_t tap = 0; tap < phase.taps; tap++) {
      const Real *from = weight + weightOffset(p, &phase, tap);
      for (int64_t source = 0; source < p->sources; source++) row[source * phase.taps + tap] = from[source * p->weightSource];
    }
    to += p->targets * p->sources * phase.taps;
  }
}

static OF_REAL(Prepared) OF_REAL(preparePlaces)(const Call *call, const ConvolutionParams *p) {
  char *const view = call->workspace + tapBytes(p);
  Real *const packed = (Real *)(view + viewBytes(p));
  const bool isPacked = !(isDense(p) && p->weightSource == kernelTaps(p));
  if (p->view == VIEW_WHOLE) OF_REAL(copyWhole)(call, p, call->data[0], (Real *)view);
  FOR_PIECES(piece, 1 + (isPacked ? p->groups * p->targets : 0), call) {
    const int64_t group = (piece - 1) / maximum64(p->targets, 1), target = (piece - 1) % maximum64(p->targets, 1);
    if (piece == 0)
      allTapOffsets((int32_t *)call->workspace, p);
    else
      OF_REAL(packTarget)(packed + group * groupWeights(p), p, (const Real *)call->data[1] + group * p->weightGroup, target);
  }
  endPhase(call);
  return (OF_REAL(Prepared)){(int32_t *)call->workspace, (Real *)view, isPacked ? packed : call->data[1]};
}

// Some places of a phase.
typedef struct OF_REAL(PlacePiece) {
  const Call *call;
  const ConvolutionParams *p;
  const OF_REAL(Prepared) * prepared;
  int64_t image;
  Phase phase;
  Places places;
  Box box;
  int32_t vectorCount;
} OF_REAL(PlacePiece);

INLINE void OF_REAL(storeApart)(Real *c, int64_t step, const Real *sums, int64_t count, bool accumulate) {
  if (accumulate)
    for (int64_t i = 0; i < count; i++) c[i * step] += sums[i];
  else
    for (int64_t i = 0; i < count; i++) c[i * step] = sums[i];
}

// Products of places that are no neighbours in the target go through a buffer: as many rows and vectors at a time as it holds.
static void OF_REAL(multiplyScattered)(OF_REAL(Places) product, const OF_REAL(PlacePiece) * piece, Real *to) {
  enum { VECTORS = 8 };
  const int64_t plane = targetPlane(piece->p), most = SUM_BYTES / VECTOR_BYTES / VECTORS;
  const bool accumulate = product.accumulate;
  const PlaceVector *const vectors = product.vectors;
  const Real *const a = product.a;
  PlaceVector inBuffer[VECTORS];
  product.accumulate = false;
  product.c = (Real *)convolutionMemory.sums;
  product.cStride = VECTORS * REAL_LANES;
  product.vectors = inBuffer;
  for (int64_t first = 0; first < piece->vectorCount; first += VECTORS) {
    product.vectorCount = minimum64(VECTORS, piece->vectorCount - first);
    for (int64_t i = 0; i < product.vectorCount; i++) {
      inBuffer[i] = vectors[first + i];
      inBuffer[i].target = (int32_t)(i * REAL_LANES);
    }
    for (int64_t row = 0; row < piece->p->targets; row += product.rows) {
      product.rows = minimum64(most, piece->p->targets - row);
      product.a = a + row * product.aStride;
      OF_REAL(multiplyPlaces)(&product);
      for (int64_t i = 0; i < product.rows; i++)
        for (int64_t j = 0; j < product.vectorCount; j++)
          OF_REAL(storeApart)(to + (row + i) * plane + convolutionMemory.places[vectors[first + j].target], piece->p->axes[2].phases,
                              product.c + i * product.cStride + j * REAL_LANES, inBuffer[j].count, accumulate);
    }
  }
}

// The channels of one group, block after block of source channels.
static void OF_REAL(addGroup)(const OF_REAL(PlacePiece) * piece, int64_t group, const Real *weights, const int32_t *taps) {
  const ConvolutionParams *p = piece->p;
  const int64_t channels = piece->phase.taps > 0 ? p->sources : 0, plane = targetPlane(p);
  Real *const to = (Real *)piece->call->data[2] + (piece->image * p->groups + group) * p->targets * plane;
  OF_REAL(Places) product = {.c = to + piece->places.start,
                             .aStride = channels * piece->phase.taps,
                             .cStride = plane,
                             .vectors = convolutionMemory.vectors,
                             .vectorCount = piece->vectorCount,
                             .steps = taps,
                             .rows = p->targets};
  int64_t channel = 0;
  do {
    const int64_t count = minimum64(p->block, channels - channel);
    if (count > 0) product.b = OF_REAL(viewOf)(p, &piece->box, piece->call->data[0], piece->prepared->view, piece->image, group * p->sources + channel, count);
    product.a = weights + channel * piece->phase.taps;
    product.depth = count * piece->phase.taps;
    product.accumulate = channel > 0;
    if (isDense(p))
      OF_REAL(multiplyPlaces)(&product);
    else
      OF_REAL(multiplyScattered)(product, piece, to);
    channel += count;
  } while (channel < channels);
}

// All phases of some groups.
static void OF_REAL(addGroups)(OF_REAL(PlacePiece) * piece, int64_t first, int64_t end, int32_t range) {
  const ConvolutionParams *p = piece->p;
  const Real *weights = piece->prepared->weights;
  const int32_t *taps = piece->prepared->taps;
  for (int32_t number = 0; number < phaseCount(p); number++) {
    const Phase phase = phaseAt(p, number);
    piece->phase = phase;
    piece->places = placesOf(p, &phase, range);
    if (piece->places.end > piece->places.start) {
      piece->box = boxOf(p, &phase, piece->places);
      piece->vectorCount = placeVectors(convolutionMemory.vectors, p, &phase, piece->places, &piece->box, REAL_LANES);
      if (!isDense(p)) targetOffsets(convolutionMemory.places, p, &phase, piece->places);
      for (int64_t group = first; group < end; group++) OF_REAL(addGroup)(piece, group, weights + group * groupWeights(p), taps);
    }
    weights += p->targets * p->sources * phase.taps;
    taps += p->block * phase.taps;
  }
}

static void OF_REAL(convolvePlaces)(const Call *call, const ConvolutionParams *p) {
  const OF_REAL(Prepared) prepared = OF_REAL(preparePlaces)(call, p);
  const int64_t shares = ceilDivide(p->groups, p->share);
  Chain chain;
  const bool isChained = openPieceChain(call, p, &chain);
  FOR_PIECES(number, p->images * shares * p->ranges, call) {
    const int64_t others = number / p->ranges, first = others % shares * p->share, end = minimum64(p->groups, first + p->share);
    const int32_t range = number % p->ranges;
    OF_REAL(PlacePiece) piece = {.call = call, .p = p, .prepared = &prepared, .image = others / shares};
    OF_REAL(addGroups)(&piece, first, end, range);
    if (isChained) chainChannels(&chain, p, piece.image, first * p->targets, (end - first) * p->targets, range);
  }
  chainTarget(call, p);
}
