// The updates of up to CHUNK elements of one type; included by update.c for each. What depends on scalars alone is computed in
// double precision and rounded once.

static void UPDATE(sgd)(const Call *call, int64_t from, int64_t to) {
  const Element *parameter = (Element *)call->data[0] + from, *gradient = (Element *)call->data[1] + from;
  Element *const newParameter = (Element *)call->data[2] + from;
  const Element lr = (Element)call->scalars[0], weightDecay = (Element)call->scalars[1];
  INDEPENDENT
  for (int64_t i = 0; i < to - from; i++) newParameter[i] = parameter[i] - lr * (gradient[i] + weightDecay * parameter[i]);
}

INLINE void UPDATE(momentumOf)(const Call *call, int64_t from, int64_t to, bool nesterov) {
  Element spare[CHUNK];
  const Element *parameter = AT(0), *gradient = AT(1), *buffer = AT(2);
  Element *const newParameter = AT(3), *const newBuffer = AT(4);
  const Element lr = (Element)call->scalars[0], weightDecay = (Element)call->scalars[1], momentum = (Element)call->scalars[2];
  const Element share = (Element)(1 - call->scalars[3]);
  INDEPENDENT
  for (int64_t i = 0; i < to - from; i++) {
    const Element p = parameter[i], g = gradient[i] + weightDecay * p, b = LIVING(momentum * buffer[i] + share * g);
    newBuffer[i] = b;
    newParameter[i] = p - lr * (nesterov ? g + momentum * b : b);
  }
}

static void UPDATE(momentum)(const Call *call, int64_t from, int64_t to) {
  if (call->params[2]) UPDATE(momentumOf)(call, from, to, true);
  else UPDATE(momentumOf)(call, from, to, false);
}

INLINE void UPDATE(adamOf)(const Call *call, int64_t from, int64_t to, bool amsgrad, bool decays) {
  Element spare[CHUNK];
  const int32_t out = amsgrad ? 5 : 4;
  const Element *parameter = AT(0), *gradient = AT(1), *expAvg = AT(2), *expAvgSq = AT(3), *most = amsgrad ? AT(4) : spare;
  Element *const newParameter = AT(out), *const newExpAvg = AT(out + 1), *const newExpAvgSq = AT(out + 2);
  Element *const newMost = amsgrad ? AT(out + 3) : spare;
  const double *scalars = call->scalars;
  const Element weightDecay = (Element)scalars[1], beta2 = (Element)scalars[3], eps = (Element)scalars[4];
  const Element kept = (Element)(call->params[2] ? 1 - scalars[0] * scalars[1] : 1);
  const Element share1 = (Element)(1 - scalars[2]), share2 = (Element)(1 - scalars[3]);
  const Element stepSize = (Element)(scalars[0] / scalars[5]), scale = (Element)(1 / __builtin_sqrt(scalars[6]));
  // Gradients so small that share2 g² is no normal number are lost in a root beside which `eps` stands, whatever they add up to.
  const Element faint = SQUARE_ROOT(LEAST / share2), least = scale * faint < eps * ROUNDING ? LEAST : 0;
  const Element threshold = least > 0 ? faint : 0;
  INDEPENDENT
  for (int64_t i = 0; i < to - from; i++) {
    const Element p = parameter[i], g = decays ? gradient[i] + weightDecay * p : gradient[i];
    const Element felt = g > -threshold && g < threshold ? 0 : g;
    const Element m = LIVING(expAvg[i] + (g - expAvg[i]) * share1), sum = beta2 * expAvgSq[i] + share2 * felt * felt;
    const Element v = sum < least ? 0 : sum;
    const Element bound = !amsgrad || v > most[i] || v != v ? v : most[i];
    newExpAvg[i] = m;
    newExpAvgSq[i] = v;
    if (amsgrad) newMost[i] = bound;
    newParameter[i] = kept * p - stepSize * m / (SQUARE_ROOT(bound) * scale + eps);
  }
}

// Weight decay is in the gradient unless it is decoupled.
INLINE void UPDATE(anyAdam)(const Call *call, int64_t from, int64_t to, bool amsgrad) {
  if (!call->params[2] && call->scalars[1] != 0) UPDATE(adamOf)(call, from, to, amsgrad, true);
  else UPDATE(adamOf)(call, from, to, amsgrad, false);
}
static void UPDATE(adam)(const Call *call, int64_t from, int64_t to) { UPDATE(anyAdam)(call, from, to, false); }
static void UPDATE(amsgrad)(const Call *call, int64_t from, int64_t to) { UPDATE(anyAdam)(call, from, to, true); }
