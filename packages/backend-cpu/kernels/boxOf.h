// Copies of parts of a source with zeros around it, for one element type.
#include "real.h"

// Elements [origin, origin + width) of rows of `size` elements, column after column of vectors.
INLINE void OF_REAL(copyRows)(Real *to, int64_t stride, int64_t width, const Real *from, int64_t size, int64_t origin, int64_t rows) {
  int64_t i = 0;
  for (; i + REAL_LANES <= width; i += REAL_LANES)
    for (int64_t y = 0; y < rows; y++) OF_REAL(store)(to + y * stride + i, OF_REAL(loadWindow)(from + y * size, origin + i, size));
  if (i < width)
    for (int64_t y = 0; y < rows; y++) OF_REAL(storeSome)(to + y * stride + i, OF_REAL(loadWindow)(from + y * size, origin + i, size), width - i);
}

// The same with one of each `split` elements after the other.
static void OF_REAL(splitRows)(Real *to, const ConvolutionParams *p, int64_t width, const Real *from, int64_t size, int64_t origin, int64_t rows) {
  const int64_t split = p->split, stride = p->rowStride / split;
  for (int64_t y = 0; y < rows; y++, to += p->rowStride, from += size)
    for (int64_t i = 0; i < split; i++)
      for (int64_t j = 0, x = origin + i; x < origin + width; j++, x += split) to[i * stride + j] = x >= 0 && x < size ? from[x] : 0;
}

// A plane of a box.
static void OF_REAL(copyPlane)(Real *to, const ConvolutionParams *p, const Box *box, const Real *plane) {
  const int64_t size = p->axes[2].source, rows = p->axes[1].source, origin = box->origin[1], count = box->size[1];
  const int64_t start = minimum64(count, maximum64(0, -origin)), end = maximum64(start, minimum64(count, rows - origin));
  const Real *from = plane + (origin + start) * size;
  Real *const first = to + start * p->rowStride;
  memset(to, 0, sizeof(Real) * (size_t)(start * p->rowStride));
  if (p->split == 1)
    OF_REAL(copyRows)(first, p->rowStride, box->size[2], from, size, box->origin[2], end - start);
  else
    OF_REAL(splitRows)(first, p, box->size[2], from, size, box->origin[2], end - start);
  memset(to + end * p->rowStride, 0, sizeof(Real) * (size_t)((count - end) * p->rowStride));
}

// The box of some channels.
static void OF_REAL(copyBox)(Real *to, const ConvolutionParams *p, const Box *box, const Real *source, int64_t channels) {
  const int64_t plane = (int64_t)p->axes[1].source * p->axes[2].source;
  for (int64_t channel = 0; channel < channels; channel++, to += p->channelStride, source += sourcePlane(p))
    for (int32_t i = 0; i < box->size[0]; i++) {
      const int64_t z = box->origin[0] + i;
      if (z >= 0 && z < p->axes[0].source)
        OF_REAL(copyPlane)(to + i * p->planeStride, p, box, source + z * plane);
      else
        memset(to + i * p->planeStride, 0, sizeof(Real) * (size_t)p->planeStride);
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
