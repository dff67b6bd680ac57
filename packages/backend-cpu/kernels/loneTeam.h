#pragma once
#include "team.h"

struct Team {
  int32_t next;
  Failure failure;
};

// Runs a plan on this thread alone.
Failure runAlone(const Run *run);
