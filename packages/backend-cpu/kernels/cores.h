#pragma once
#include <stdint.h>

#include "threads.h"

// Cores of this machine that the process may use, two hardware threads of one core counted once; 0 if the system doesn't say.
int32_t coreCount(void);

// The processor on which this thread runs; -1 if the system doesn't say.
int32_t currentProcessor(void);
// Lets a thread of the pool run wherever this thread may, but not on `processor` if there is another one.
void keepOff(Thread thread, int32_t processor);
