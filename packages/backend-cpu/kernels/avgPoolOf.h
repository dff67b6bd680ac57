// Pooling by adding up, of planes of `Element`: define Element and OF_ELEMENT(name) first.

static void OF_ELEMENT(averagePlane)(const Pooling *pooling, Divisor divisor, const Element *x, Element *out) {
  FOR_WINDOWS(window, pooling, d, h, w) {
    double sum = 0;
    FOR_TAPS(position, pooling, d, h, w) sum += x[position];
    out[window] = (Element)(sum / divisorOf(pooling, divisor, d, h, w));
  }
}

static void OF_ELEMENT(spreadPlane)(const Pooling *pooling, Divisor divisor, const Element *gradient, Element *out) {
  memset(out, 0, (size_t)planeElements(pooling) * sizeof *out);
  FOR_WINDOWS(window, pooling, d, h, w) {
    const Element share = (Element)(gradient[window] / divisorOf(pooling, divisor, d, h, w));
    FOR_TAPS(position, pooling, d, h, w) out[position] += share;
  }
}

static void OF_ELEMENT(averagePlanes)(const Call *call, const Pooling *pooling, Divisor divisor) {
  const Element *x = call->data[0];
  Element *out = call->data[1];
  FOR_PIECES(piece, poolPieces(pooling), call)
    for (int64_t plane = (int64_t)piece * pooling->planesPerPiece; plane < poolEnd(pooling, piece); plane++)
      OF_ELEMENT(averagePlane)(pooling, divisor, x + plane * planeElements(pooling), out + plane * planeWindows(pooling));
}

static void OF_ELEMENT(spreadPlanes)(const Call *call, const Pooling *pooling, Divisor divisor) {
  const Element *gradient = call->data[0];
  Element *out = call->data[1];
  FOR_PIECES(piece, poolPieces(pooling), call)
    for (int64_t plane = (int64_t)piece * pooling->planesPerPiece; plane < poolEnd(pooling, piece); plane++)
      OF_ELEMENT(spreadPlane)(pooling, divisor, gradient + plane * planeWindows(pooling), out + plane * planeElements(pooling));
}

#undef Element
#undef OF_ELEMENT
