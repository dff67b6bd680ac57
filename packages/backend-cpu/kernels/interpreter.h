// A plan, and how a team runs it.
#pragma once
#include "kernel.h"

// Where a value lies: `input` and `output` count the run's arrays, `scratch` counts 64 bytes of the arena.
enum { PLACE_NONE = -1, PLACE_INPUT = 0, PLACE_OUTPUT = 1, PLACE_SCRATCH = 2 };

// A program is a block of int32:
//   [valueCount, instructionCount]
//   valueCount × [place, index]
//   instructionCount × [kernel, operandCount, scalarCount, paramCount, workspace (64-byte units of the arena, -1: none),
//                       operands (value numbers, -1: nobody reads it) …, scalars (slots) …, params …]
typedef struct Plan {
  // Must outlive the plan.
  const int32_t *program;
  int32_t valueCount;
  int32_t instructionCount;
  // What a run needs of the caller, as counts: arrays, scalars.
  int32_t inputCount;
  int32_t outputCount;
  int32_t slotCount;
  // Over all instructions.
  int64_t operandCount;
  int64_t scalarCount;
} Plan;

// One run of a plan.
typedef struct Run {
  const Plan *plan;
  // Of all instructions, one after the other: room for operandCount and scalarCount.
  void **operands;
  double *scalars;
  char *arena;
  // Seconds of each instruction, added up, or NULL.
  double *times;
} Run;

// Why a run stopped; `instruction` is -1 if it did not.
typedef struct Failure {
  int32_t instruction;
  int32_t operand;
  int64_t position;
  int64_t index;
} Failure;

// False if the words are no program of this interpreter.
bool planOpen(Plan *plan, const int32_t *program, int64_t words);
// Looks up the elements and the numbers of all instructions.
void planBind(const Run *run, void *const *inputs, void *const *outputs, const double *slots);
// What each thread of a team does, from instruction `start` on.
void planRun(const Run *run, Worker *worker, int32_t start);

int32_t kernelCount(void);
const char *kernelName(int32_t kernel);
