// What a kernel sees: one instruction of a plan, and the team of threads that runs it together.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Team Team;

// One thread of a team.
typedef struct Worker {
  Team *team;
  int32_t rank;
  // What the team's gate shows until the phase ends that this thread is in.
  uint64_t phase;
} Worker;

// One instruction of a plan with its operands bound. Every thread of the team calls the kernel with its own `worker`.
typedef struct Call {
  Worker *worker;
  // Elements of the operands: inputs first, then outputs. NULL for an output that nobody reads.
  void *const *data;
  // The numbers of this run.
  const double *scalars;
  // What the encoder of this kernel wrote: sizes, strides, flags.
  const int32_t *params;
  // As many bytes as the encoder asked for, aligned to 64, shared by all threads, with undefined content.
  char *workspace;
  int32_t instruction;
} Call;

typedef void Kernel(const Call *call);

// Threads of the team.
int32_t teamSize(const Call *call);

// The next piece of this phase for this thread. What a piece is never depends on the number of threads, so neither do the bits.
int32_t nextPiece(const Call *call);

// Each piece of [0, count) once, shared out among the threads. At most one such loop in a phase.
#define FOR_PIECES(piece, count, call)                                                                                 \
  for (int32_t piece = nextPiece(call), piece##Count = (int32_t)(count); piece < piece##Count; piece = nextPiece(call))

// Ends a phase: returns when every thread of the team is here. The interpreter ends the last phase of each kernel itself.
void endPhase(const Call *call);

// Says that operand `operand` holds an index out of range at element `position`. The plan stops after this instruction; the first report counts.
void reportIndex(const Call *call, int32_t operand, int64_t position, int64_t index);

static inline int64_t minimum64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t maximum64(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }
