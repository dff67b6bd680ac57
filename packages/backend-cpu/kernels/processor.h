#pragma once
#include <stdbool.h>

// Whether this processor and operating system can run the variant that this library was compiled for.
bool processorSupported(void);
