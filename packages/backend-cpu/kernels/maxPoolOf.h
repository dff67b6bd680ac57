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

// Windows of 2 × 2 beside one another; `first` is the position of the upper row.
static void OF_ELEMENT(maxHalvedRow)(const Element *restrict upper, const Element *restrict lower, int32_t first, int32_t width, int32_t windows,
                                     Element *restrict out, int32_t *restrict indices) {
  for (int32_t w = 0; w < windows; w++) {
    const Element b = upper[2 * w + 1], c = lower[2 * w], d = lower[2 * w + 1];
    Element best = upper[2 * w];
    int32_t offset = 0;
    bool wins = OF_ELEMENT(wins)(b, best);
    best = wins ? b : best, offset = wins ? 1 : offset;
    wins = OF_ELEMENT(wins)(c, best);
    best = wins ? c : best, offset = wins ? width : offset;
    wins = OF_ELEMENT(wins)(d, best);
    best = wins ? d : best, offset = wins ? width + 1 : offset;
    out[w] = best;
    indices[w] = first + 2 * w + offset;
  }
}

static void OF_ELEMENT(maxHalvedPlane)(const Pooling *pooling, const Element *x, Element *out, int32_t *indices) {
  const int32_t width = pooling->axes[2].elements, windows = pooling->axes[2].windows;
  for (int32_t h = 0; h < pooling->axes[1].windows; h++, out += windows, indices += windows)
    OF_ELEMENT(maxHalvedRow)(x + 2 * h * width, x + (2 * h + 1) * width, 2 * h * width, width, windows, out, indices);
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
  const bool halves = isHalving(pooling) && out && indices;
  FOR_PIECES(piece, poolPieces(pooling), call)
    for (int64_t plane = (int64_t)piece * pooling->planesPerPiece; plane < poolEnd(pooling, piece); plane++)
      (halves ? OF_ELEMENT(maxHalvedPlane) : OF_ELEMENT(maxPlane))(pooling, x + plane * elements, out ? out + plane * windows : NULL,
                                                                   indices ? indices + plane * windows : NULL);
}

#undef Element
#undef OF_ELEMENT
#undef IS_NAN
