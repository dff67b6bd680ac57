#include "threadTeam.h"

int32_t teamSize(const Call *call) { return call->worker->team->size; }

int32_t nextPiece(const Call *call) { return atomic_fetch_add_explicit(&call->worker->team->next, 1, memory_order_relaxed); }

static bool isBefore(Failure a, Failure b) { return a.operand != b.operand ? a.operand < b.operand : a.position < b.position; }

// Of all reports of an instruction the one with the least operand and position counts, whichever thread is first.
void reportIndex(const Call *call, int32_t operand, int64_t position, int64_t index) {
  Team *team = call->worker->team;
  const Failure failure = {call->instruction, operand, position, index};
  lock(&team->mutex);
  if (team->failure.instruction == NO_INSTRUCTION || isBefore(failure, team->failure)) team->failure = failure;
  unlock(&team->mutex);
}

static bool isOver(const Team *team, int32_t following) {
  return following == NO_INSTRUCTION || team->failure.instruction != NO_INSTRUCTION ||
         (team->cancelled && atomic_load_explicit(team->cancelled, memory_order_relaxed));
}

// All who have come so far take part in `following`.
static uint64_t admit(Team *team, int32_t following) {
  const uint64_t door = atomic_load_explicit(&team->door, memory_order_relaxed);
  team->size = 1 + (int32_t)(door & ((1 << DOOR_SHIFT) - 1));
  team->start = following;
  return (door >> DOOR_SHIFT << DOOR_SHIFT) | (uint64_t)team->size;
}

// The last to arrive opens the gate. `following` is NULL inside an instruction. Returns what the gate shows.
static uint64_t release(Team *team, uint64_t shown, const int32_t *following) {
  const bool over = following && isOver(team, *following);
  const bool admits = following && !over;
  const uint64_t admitted = admits ? admit(team, *following) : 0;
  const uint64_t gate = (shown + 2) | over;
  atomic_store_explicit(&team->next, 0, memory_order_relaxed);
  atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
  atomic_store_explicit(&team->gate, gate, memory_order_release);
  if (admits) atomic_store_explicit(&team->admitted, admitted, memory_order_release);
  return gate;
}

static uint64_t awaitGate(const Team *team, uint64_t shown) {
  uint64_t gate;
  int32_t spins = 0;
  while ((gate = atomic_load_explicit(&team->gate, memory_order_acquire)) == shown) spin(&spins);
  return gate;
}

// Returns whether the run goes on. Once a thread has arrived, only the gate is its to look at; one that looks late may see the gate of a later run: then its own is over.
static bool meet(Worker *worker, const int32_t *following) {
  Team *team = worker->team;
  const uint64_t shown = worker->phase;
  const int32_t size = team->size;
  const bool last = atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) + 1 == size;
  worker->phase = last ? release(team, shown, following) : awaitGate(team, shown);
  return !(worker->phase & 1) && worker->phase >> GATE_SHIFT == shown >> GATE_SHIFT;
}

void endPhase(const Call *call) { meet(call->worker, NULL); }

bool endInstruction(Worker *worker, int32_t following) { return meet(worker, &following); }

void teamBegin(Team *team, uint64_t number, const Run *run, int32_t limit, const atomic_bool *cancelled) {
  team->run = run;
  team->cancelled = cancelled;
  team->size = 1;
  team->failure = (Failure){.instruction = NO_INSTRUCTION};
  atomic_store_explicit(&team->limit, limit, memory_order_relaxed);
  atomic_store_explicit(&team->next, 0, memory_order_relaxed);
  atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
  atomic_store_explicit(&team->gate, number << GATE_SHIFT, memory_order_release);
  atomic_store_explicit(&team->door, number << DOOR_SHIFT, memory_order_release);
}

void teamOpen(Team *team) { atomic_fetch_add(&team->door, (uint64_t)1 << DOOR_SHIFT); }

void teamClose(Team *team) {
  const uint64_t door = atomic_load_explicit(&team->door, memory_order_relaxed);
  atomic_store(&team->door, ((door >> DOOR_SHIFT) + 1) << DOOR_SHIFT);
}

static bool isFull(const Team *team) {
  const uint64_t door = atomic_load_explicit(&team->door, memory_order_acquire);
  return 1 + (int32_t)(door & ((1 << DOOR_SHIFT) - 1)) >= atomic_load_explicit(&team->limit, memory_order_relaxed);
}

void teamGather(Team *team, double seconds) {
  const double end = secondsNow() + seconds;
  while (!isFull(team) && secondsNow() < end) relax();
  atomic_store_explicit(&team->admitted, admit(team, 0), memory_order_release);
}

Failure teamWork(Team *team) {
  Worker worker = {.team = team, .phase = atomic_load_explicit(&team->gate, memory_order_relaxed)};
  planRun(team->run, &worker, 0);
  return team->failure;
}

// Returns the helper's rank, or 0 if there is no place or the run is over.
static int32_t knock(Team *team, uint64_t door) {
  const uint64_t run = door >> DOOR_SHIFT;
  do {
    const int32_t size = 1 + (int32_t)(door & ((1 << DOOR_SHIFT) - 1));
    if (door >> DOOR_SHIFT != run || size >= atomic_load_explicit(&team->limit, memory_order_relaxed)) return 0;
  } while (!atomic_compare_exchange_weak(&team->door, &door, door + 1));
  return 1 + (int32_t)(door & ((1 << DOOR_SHIFT) - 1));
}

static bool awaitAdmission(Team *team, uint64_t run, int32_t rank) {
  int32_t spins = 0;
  for (;; spin(&spins)) {
    const uint64_t admitted = atomic_load_explicit(&team->admitted, memory_order_acquire);
    if (admitted >> DOOR_SHIFT == run && (int32_t)(admitted & ((1 << DOOR_SHIFT) - 1)) > rank) return true;
    if (atomic_load_explicit(&team->door, memory_order_acquire) >> DOOR_SHIFT != run) return false;
  }
}

void teamHelp(Team *team, uint64_t door) {
  const int32_t rank = knock(team, door);
  if (rank == 0 || !awaitAdmission(team, door >> DOOR_SHIFT, rank)) return;
  Worker worker = {.team = team, .rank = rank, .phase = atomic_load_explicit(&team->gate, memory_order_acquire)};
  planRun(team->run, &worker, team->start);
}
