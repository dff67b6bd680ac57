#include "pages.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

void preferHugePages(void *start, int64_t bytes) {
  char *first = alignedTo(start, HUGE_PAGE);
  const int64_t whole = (bytes - (first - (char *)start)) / HUGE_PAGE * HUGE_PAGE;
#if defined(__linux__)
  if (whole > 0) madvise(first, (size_t)whole, MADV_HUGEPAGE);
#else
  (void)whole;
#endif
}
