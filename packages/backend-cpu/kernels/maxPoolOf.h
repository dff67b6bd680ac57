// maxPool of planes of `Element`: define Element, OF_ELEMENT(name) and IS_NAN(x) first.

static inline bool OF_ELEMENT(wins)(Element value, Element best) { return value > best || IS_NAN(value); }

// A window of which nothing is known but that it has a tap.
static void OF_ELEMENT(maxWindow)(const Pooling *pooling, const Element *x, int32_t d, int32_t h, int32_t w, Element *out, int32_t *index) {
  Element best = 0;
  int32_t at = -1;
  FOR_TAPS(position, pooling, d, h, w) {
    if (at >= 0 && !OF_ELEMENT(wins)(x[position], best)) continue;
    best = x[position];
    at = position;
  }
  *out = best;
  *index = at;
}

static void OF_ELEMENT(maxPlane)(const Pooling *pooling, const Element *x, Element *out, int32_t *indices) {
  FOR_WINDOWS(window, pooling, d, h, w) {
    Element value;
    int32_t index;
    OF_ELEMENT(maxWindow)(pooling, x, d, h, w, out ? out + window : &value, indices ? indices + window : &index);
  }
}

static void OF_ELEMENT(maxPlanes)(const Call *call, const Pooling *pooling) {
  const Element *x = call->data[0];
  // Nobody may read one of the two results.
  Element *out = call->data[1];
  int32_t *indices = call->data[2];
  const int64_t elements = planeElements(pooling), windows = planeWindows(pooling);
  FOR_PIECES(piece, poolPieces(pooling), call)
    for (int64_t plane = (int64_t)piece * pooling->planesPerPiece; plane < poolEnd(pooling, piece); plane++)
      OF_ELEMENT(maxPlane)(pooling, x + plane * elements, out ? out + plane * windows : NULL, indices ? indices + plane * windows : NULL);
}

#undef Element
#undef OF_ELEMENT
#undef IS_NAN
