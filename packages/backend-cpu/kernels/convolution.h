// What the kernels of convolutions share: their params, and where elements are. All of them move windows over planes of a source:
// the input for a convolution and for the gradient of its weight, the output's gradient for the gradient of its input.
#pragma once
#include "chain.h"
#include "kernel.h"
#include "pages.h"
#include "placesTile.h"

enum { AXES = 3 };

// How windows move along one spatial dim. The places of target elements `phases` apart follow each other; each of the `phases` has
// taps of its own (more than one: the gradient of the input of a convolution with a stride).
typedef struct ConvolutionAxis {
  // Elements of the source, and of the target.
  int32_t source, target;
  // Source elements from place to place.
  int32_t step;
  int32_t phases;
  // Which of the list of phases is the first.
  int32_t firstPhase;
} ConvolutionAxis;

// Place i meets source element origin + i step + t tapStep with the kernel's element firstTap + t kernelStep, for t < taps.
typedef struct AxisPhase {
  int32_t places, taps, firstTap, kernelStep, origin, tapStep;
} AxisPhase;

// How kernels find the source's elements: copied with zeros around them, part by part or all before, or where they are.
enum { VIEW_PARTS = 0, VIEW_WHOLE = 1, VIEW_IN_PLACE = 2 };

// Written by src/encode/convolution.ts, in this order.
typedef struct ConvolutionParams {
  int32_t isDouble;
  int32_t images, groups;
  // Channels of a group.
  int32_t targets, sources;
  int32_t kernel[AXES];
  ConvolutionAxis axes[AXES];
  // From target channel to target channel, source channel to source channel, group to group, in the weight.
  int32_t weightTarget, weightSource, weightGroup;
  // How the work is cut: places of an image, and groups, or images for the gradient of the weight.
  int32_t ranges, share;
  // Source channels at a time.
  int32_t block;
  int32_t view;
  // Elements of a row are in order as 0, split, 2 split, …, 1, split + 1, …
  int32_t split;
  // Strides of what kernels see of the source: rows, planes, channels; and which element is its first.
  int32_t rowStride, planeStride, channelStride;
  int32_t viewOrigin[AXES];
  // Phases of the axes, whether a chain follows, its params.
  int32_t rest[];
} ConvolutionParams;

static inline const ConvolutionParams *convolutionParams(const Call *call) { return (const ConvolutionParams *)call->params; }

// One phase of each axis.
typedef struct Phase {
  const AxisPhase *axes[AXES];
  int32_t index[AXES];
  int64_t places, taps;
} Phase;

// Places [start, end) of a phase.
typedef struct Places {
  int64_t start, end;
} Places;

// The part of the source that some places see.
typedef struct Box {
  // Its first element, and the coordinates of its first place.
  int32_t origin[AXES], place[AXES];
  int32_t size[AXES];
} Box;

int32_t phaseCount(const ConvolutionParams *p);
Phase phaseAt(const ConvolutionParams *p, int32_t number);
// All taps of a kernel, in all phases.
int64_t kernelTaps(const ConvolutionParams *p);
int64_t sourcePlane(const ConvolutionParams *p);
int64_t targetPlane(const ConvolutionParams *p);

// Range `range` of the places of a phase.
Places placesOf(const ConvolutionParams *p, const Phase *phase, int32_t range);
Box boxOf(const ConvolutionParams *p, const Phase *phase, Places places);

// Offsets from the box's first element: of each place's first element, and of each tap of each of `channels` source channels.
void placeOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, Places places, const Box *box);
void tapOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, int32_t channels);
// The places that are neighbours in their row, as many at a time as there are lanes; returns how many vectors.
int32_t placeVectors(PlaceVector *vectors, const ConvolutionParams *p, const Phase *phase, Places places, const Box *box, int32_t lanes);
// Where the target has each place, in its plane.
void targetOffsets(int32_t *offsets, const ConvolutionParams *p, const Phase *phase, Places places);
// The tap offsets of all phases, one after the other, for a block of channels.
void allTapOffsets(int32_t *offsets, const ConvolutionParams *p);
// Where the weight has a tap.
int32_t weightOffset(const ConvolutionParams *p, const Phase *phase, int64_t tap);
// Where the view of a source has the box's first element in an image's channel.
int64_t boxStart(const ConvolutionParams *p, const Box *box, int64_t image, int64_t channel);

// Whether the target's places are in its memory's order.
static inline bool isDense(const ConvolutionParams *p) { return phaseCount(p) == 1; }

// The workspace begins with the tap offsets of a block, then the view if it is of the whole source: how many bytes of each.
int64_t tapBytes(const ConvolutionParams *p);
int64_t viewBytes(const ConvolutionParams *p);

// Opens the chain behind the convolution, if there is one and pieces can run it: then after each piece `chainChannels`, else after
// all of them `chainTarget`.
bool openPieceChain(const Call *call, const ConvolutionParams *p, Chain *chain);
void chainChannels(Chain *chain, const ConvolutionParams *p, int64_t image, int64_t channel, int64_t channels, int32_t range);
// In a phase of its own, if there is a chain and pieces have not run it.
void chainTarget(const Call *call, const ConvolutionParams *p);

// What src/encode/convolution.ts cuts the work to fit: the places of a range, and the bytes of a box.
enum { MOST_PLACES = 1024, BOX_BYTES = 192 << 10, SUM_BYTES = 128 << 10 };

// Each thread's own.
typedef struct ConvolutionMemory {
  // With room for what vectors read behind it.
  _Alignas(64) char box[BOX_BYTES + 64];
  _Alignas(64) char sums[SUM_BYTES];
  int32_t places[MOST_PLACES];
  PlaceVector vectors[MOST_PLACES];
} ConvolutionMemory;
extern _Thread_local ConvolutionMemory convolutionMemory;
