// The helper threads of this process. All environments (the main thread's and the workers') share them.
#pragma once
#include <stdatomic.h>

#include "interpreter.h"

// Each environment enters once. When the last one leaves, the helpers end.
void poolEnter(void);
void poolLeave(void);

// Runs a plan on this thread and on as many helpers as come in time. A run that finds them busy is alone: with the same results.
// `seconds` is what the plan took last, 0 if that is not known: for a short one helpers that sleep are not woken. `cancelled` stops the run between two instructions.
Failure poolRun(const Run *run, int32_t threads, double seconds, const atomic_bool *cancelled);
