// What kernels that read indices share.
#pragma once
#include "kernel.h"

// What is done to elements: moved, by their size, or added, by their type.
enum { KIND_BYTES1, KIND_BYTES4, KIND_BYTES8, KIND_FLOAT32, KIND_FLOAT64, KIND_INT32, KIND_UINT8 };

static inline int32_t kindBytes(int32_t kind) {
  static const uint8_t bytes[] = {1, 4, 8, 4, 8, 4, 1};
  return bytes[kind];
}

static inline bool isIndex(int32_t index, int32_t limit) { return (uint32_t)index < (uint32_t)limit; }
