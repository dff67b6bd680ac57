// A team of threads that grows while it works: helpers come in between two instructions, so nobody waits for one that the system wakes late.
#pragma once
#include <stdatomic.h>

#include "team.h"
#include "threads.h"

struct Team {
  const Run *run;
  // Stops the run after the instruction under way.
  const atomic_bool *cancelled;
  // How many threads there may be.
  atomic_int_least32_t limit;
  // The last thread to arrive at the end of a phase changes these while the others wait.
  int32_t size;
  int32_t start;
  Mutex mutex;
  Failure failure;
  // The next piece of this phase.
  _Alignas(64) atomic_int_least32_t next;
  // Threads that have ended this phase.
  _Alignas(64) atomic_int_least32_t arrived;
  // run << 32 | phase << 1 | whether the run is over.
  _Alignas(64) atomic_uint_least64_t gate;
  // run << 16 | helpers that have come. The door is open while `run` is odd.
  _Alignas(64) atomic_uint_least64_t door;
  // run << 16 | size: who has come and been let in.
  atomic_uint_least64_t admitted;
};

enum { DOOR_SHIFT = 16, GATE_SHIFT = 32 };

// Begins run number `number` (even) with this thread alone. Then `teamOpen` lets helpers in.
void teamBegin(Team *team, uint64_t number, const Run *run, int32_t limit, const atomic_bool *cancelled);
void teamOpen(Team *team);
// Waits for helpers to come, at most so long, so that they take part from the first instruction on.
void teamGather(Team *team, double seconds);
// What rank 0 does: the whole run.
Failure teamWork(Team *team);
void teamClose(Team *team);
// What a helper does that saw the open door `door`: comes in if it can, and helps to the end of the run.
void teamHelp(Team *team, uint64_t door);
