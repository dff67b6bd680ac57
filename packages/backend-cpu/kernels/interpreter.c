#include "interpreter.h"

#include "team.h"

#define KERNEL(name) void name(const Call *call);
#include "list.h"
#undef KERNEL

static Kernel *const kernels[] = {
#define KERNEL(name) name,
#include "list.h"
#undef KERNEL
};

static const char *const names[] = {
#define KERNEL(name) #name,
#include "list.h"
#undef KERNEL
};

typedef struct Instruction {
  int32_t kernel, operandCount, scalarCount, paramCount, workspace;
  int32_t words[];
} Instruction;

enum { HEAD_WORDS = sizeof(Instruction) / sizeof(int32_t) };

int32_t kernelCount(void) { return (int32_t)(sizeof kernels / sizeof *kernels); }

const char *kernelName(int32_t kernel) { return names[kernel]; }

static const int32_t *slotsOf(const Instruction *it) { return it->words + it->operandCount; }
static const int32_t *paramsOf(const Instruction *it) { return slotsOf(it) + it->scalarCount; }

static const Instruction *first(const Plan *plan) { return (const Instruction *)(plan->program + 2 + 2 * (ptrdiff_t)plan->valueCount); }
static const Instruction *next(const Instruction *it) { return (const Instruction *)(paramsOf(it) + it->paramCount); }

static int32_t atLeast(int32_t count, int32_t index) { return index < count ? count : index + 1; }

static bool openValues(Plan *plan) {
  const int32_t *word = plan->program + 2;
  for (int32_t i = 0; i < plan->valueCount; i++, word += 2) {
    if (word[0] < PLACE_NONE || word[0] > PLACE_SCRATCH || (word[0] != PLACE_NONE && word[1] < 0)) return false;
    if (word[0] == PLACE_INPUT) plan->inputCount = atLeast(plan->inputCount, word[1]);
    if (word[0] == PLACE_OUTPUT) plan->outputCount = atLeast(plan->outputCount, word[1]);
  }
  return true;
}

static bool openInstruction(Plan *plan, const Instruction *it, int64_t words) {
  if (words < HEAD_WORDS || it->kernel < 0 || it->kernel >= kernelCount()) return false;
  if (it->operandCount < 0 || it->scalarCount < 0 || it->paramCount < 0) return false;
  if (words - HEAD_WORDS < (int64_t)it->operandCount + it->scalarCount + it->paramCount) return false;
  for (int32_t i = 0; i < it->operandCount; i++)
    if (it->words[i] >= plan->valueCount) return false;
  for (int32_t i = 0; i < it->scalarCount; i++) {
    if (slotsOf(it)[i] < 0) return false;
    plan->slotCount = atLeast(plan->slotCount, slotsOf(it)[i]);
  }
  plan->operandCount += it->operandCount;
  plan->scalarCount += it->scalarCount;
  return true;
}

bool planOpen(Plan *plan, const int32_t *program, int64_t words) {
  if (words < 2 || program[0] < 0 || program[1] < 0 || words - 2 < 2 * (int64_t)program[0]) return false;
  *plan = (Plan){.program = program, .valueCount = program[0], .instructionCount = program[1]};
  if (!openValues(plan)) return false;
  const int32_t *end = program + words;
  const Instruction *it = first(plan);
  for (int32_t i = 0; i < plan->instructionCount; i++, it = next(it))
    if (!openInstruction(plan, it, end - (const int32_t *)it)) return false;
  return (const int32_t *)it == end;
}

static void *locate(const Run *run, int32_t value, void *const *inputs, void *const *outputs) {
  if (value < 0) return NULL;
  const int32_t *word = run->plan->program + 2 + 2 * (ptrdiff_t)value;
  switch (word[0]) {
    case PLACE_INPUT: return inputs[word[1]];
    case PLACE_OUTPUT: return outputs[word[1]];
    case PLACE_SCRATCH: return run->arena + 64 * (ptrdiff_t)word[1];
    default: return NULL;
  }
}

void planBind(const Run *run, void *const *inputs, void *const *outputs, const double *slots) {
  void **operand = run->operands;
  double *scalar = run->scalars;
  const Instruction *it = first(run->plan);
  for (int32_t i = 0; i < run->plan->instructionCount; i++, it = next(it)) {
    for (int32_t j = 0; j < it->operandCount; j++) *operand++ = locate(run, it->words[j], inputs, outputs);
    for (int32_t j = 0; j < it->scalarCount; j++) *scalar++ = slots[slotsOf(it)[j]];
  }
}

// The arguments of instruction `call->instruction + 1`.
static void advance(Call *call, const Instruction *it) {
  call->data += it->operandCount;
  call->scalars += it->scalarCount;
  call->instruction++;
}

static void bind(Call *call, const Run *run, const Instruction *it) {
  call->params = paramsOf(it);
  call->workspace = it->workspace < 0 ? NULL : run->arena + 64 * (ptrdiff_t)it->workspace;
}

static bool runInstruction(const Instruction *it, const Call *call, int32_t following, double *seconds) {
  const double start = seconds ? secondsNow() : 0;
  kernels[it->kernel](call);
  const bool goesOn = endInstruction(call->worker, following);
  if (seconds) *seconds += secondsNow() - start;
  return goesOn;
}

void planRun(const Run *run, Worker *worker, int32_t start) {
  const int32_t count = run->plan->instructionCount;
  double *times = worker->rank == 0 ? run->times : NULL;
  const Instruction *it = first(run->plan);
  Call call = {.worker = worker, .data = run->operands, .scalars = run->scalars};
  while (call.instruction < count) {
    const int32_t i = call.instruction, following = i + 1 < count ? i + 1 : NO_INSTRUCTION;
    bind(&call, run, it);
    if (i >= start && !runInstruction(it, &call, following, times ? times + i : NULL)) return;
    advance(&call, it);
    it = next(it);
  }
}
