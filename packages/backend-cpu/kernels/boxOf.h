// Copies of parts of a source with zeros around it, for one element type.
#include "real.h"

// Elements [origin, origin + width) of a row of `size` elements. A box is written from its first row to its last: only `isExact` rows
// may not write whole vectors, a bit of the row behind.
INLINE void OF_REAL(copyRow)(Real *to, int64_t width, const Real *row, int64_t origin, int64_t size, bool isExact) {
  int64_t i = 0;
  for (; i + REAL_LANES <= width; i += REAL_LANES) OF_REAL(store)(to + i, OF_REAL(loadWindow)(row, origin + i, size));
  if (i == width) return;
  const Reals last = OF_REAL(loadWindow)(row, origin + i, size);
  if (isExact)
    OF_REAL(storeSome)(to + i, last, width - i);
  else
    OF_REAL(store)(to + i, last);
}

// The same, one of each `split` elements after the other.
static void OF_REAL(splitRow)(Real *to, int64_t width, int64_t split, int64_t stride, const Real *row, int64_t origin, int64_t size) {
  for (int64_t i = 0; i < split; i++)
    for (int64_t j = 0, x = origin + i; x < origin + width; j++, x += split) to[i * stride + j] = x >= 0 && x < size ? row[x] : 0;
}

// The box of some channels, as `p` strides it.
static void OF_REAL(copyBox)(Real *to, const ConvolutionParams *p, const Box *box, const Real *source, int64_t channels) {
  const ConvolutionAxis *axes = p->axes;
  for (int64_t channel = 0; channel < channels; channel++, to += p->channelStride, source += sourcePlane(p))
    for (int32_t i = 0; i < box->size[0]; i++)
      for (int32_t j = 0; j < box->size[1]; j++) {
        const int64_t z = box->origin[0] + i, y = box->origin[1] + j;
        Real *row = to + i * p->planeStride + j * p->rowStride;
        const Real *from = source + (z * axes[1].source + y) * axes[2].source;
        if (z < 0 || z >= axes[0].source || y < 0 || y >= axes[1].source)
          memset(row, 0, sizeof(Real) * (size_t)p->rowStride);
        else if (p->split == 1)
          OF_REAL(copyRow)(row, box->size[2], from, box->origin[2], axes[2].source, p->view == VIEW_WHOLE);
        else
          OF_REAL(splitRow)(row, box->size[2], p->split, p->rowStride / p->split, from, box->origin[2], axes[2].source);
      }
}

// The whole view of every channel of every image.
static void OF_REAL(copyWhole)(const Call *call, const ConvolutionParams *p, const Real *source, Real *to) {
  const Box box = {.origin = {p->viewOrigin[0], p->viewOrigin[1], p->viewOrigin[2]},
                   .size = {p->channelStride / p->planeStride, p->planeStride / p->rowStride, p->rowStride}};
  FOR_PIECES(piece, (int64_t)p->images * p->groups * p->sources, call) {
    OF_REAL(copyBox)(to + (int64_t)piece * p->channelStride, p, &box, source + piece * sourcePlane(p), 1);
  }
  endPhase(call);
}

// The box's first element, of `count` channels from `channel` on of an image.
static const Real *OF_REAL(viewOf)(const ConvolutionParams *p, const Box *box, const Real *source, const Real *whole, int64_t image, int64_t channel, int64_t count) {
  if (p->view == VIEW_IN_PLACE) return source + boxStart(p, box, image, channel);
  if (p->view == VIEW_WHOLE) return whole + boxStart(p, box, image, channel);
  Real *const parts = (Real *)convolutionMemory.box;
  OF_REAL(copyBox)(parts, p, box, source + (image * p->groups * p->sources + channel) * sourcePlane(p), count);
  return parts;
}
