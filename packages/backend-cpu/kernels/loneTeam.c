// A team of one.
#include "loneTeam.h"

int32_t teamSize(const Call *call) {
  (void)call;
  return 1;
}

int32_t nextPiece(const Call *call) { return call->worker->team->next++; }

void endPhase(const Call *call) { call->worker->team->next = 0; }

bool endInstruction(Worker *worker, int32_t following) {
  worker->team->next = 0;
  return following != NO_INSTRUCTION && worker->team->failure.instruction == NO_INSTRUCTION;
}

void reportIndex(const Call *call, int32_t operand, int64_t position, int64_t index) {
  Failure *failure = &call->worker->team->failure;
  if (failure->instruction == NO_INSTRUCTION) *failure = (Failure){call->instruction, operand, position, index};
}

Failure runAlone(const Run *run) {
  Team team = {.failure = {.instruction = NO_INSTRUCTION}};
  Worker worker = {.team = &team};
  planRun(run, &worker, 0);
  return team.failure;
}
