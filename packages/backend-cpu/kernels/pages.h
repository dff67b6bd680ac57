// Where memory begins, and in what pages it comes.
#pragma once
#include <stdint.h>

enum { CACHE_LINE = 64, HUGE_PAGE = 2 << 20 };

// The first address from `block` on that is a multiple of `alignment`, a power of two.
static inline char *alignedTo(void *block, uintptr_t alignment) { return (char *)(((uintptr_t)block + alignment - 1) & ~(alignment - 1)); }

// Asks the system for huge pages for those that lie wholly in `bytes` from `start` on: best before anybody has touched them.
void preferHugePages(void *start, int64_t bytes);
