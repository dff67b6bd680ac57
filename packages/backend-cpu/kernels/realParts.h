// Vectors at the end of a row, where fewer elements may be left than fill one: for code that includes real.h.

INLINE Reals OF_REAL(loadPart)(const Real *p, int64_t count) { return count >= REAL_LANES ? OF_REAL(load)(p) : OF_REAL(loadSome)(p, count); }

INLINE void OF_REAL(storePart)(Real *p, Reals v, int64_t count) {
  if (count >= REAL_LANES)
    OF_REAL(store)(p, v);
  else
    OF_REAL(storeSome)(p, v, count);
}
