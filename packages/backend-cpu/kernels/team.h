// The threads that run a plan together, as the interpreter needs them. `threadTeam.c` has them on native, `loneTeam.c` is the one thread of WebAssembly.
#pragma once
#include "interpreter.h"

enum { NO_INSTRUCTION = -1 };

// Ends the last phase of an instruction. Returns whether the plan goes on with `following`; if not, the plan must not be looked at any more.
bool endInstruction(Worker *worker, int32_t following);
double secondsNow(void);
