#pragma once
#include <stdint.h>

// Cores of this machine that the process may use, two hardware threads of one core counted once; 0 if the system doesn't say.
int32_t coreCount(void);
