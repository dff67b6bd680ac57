// What JavaScript sees of the interpreter in WebAssembly. JavaScript owns the memory from __heap_base on.
#include "loneTeam.h"

#define EXPORT(name) __attribute__((export_name(name)))

__attribute__((import_module("host"), import_name("now"))) double hostNow(void);

double secondsNow(void) { return hostNow(); }

// [instruction, operand, position, index] of the last failure.
static double report[4];

EXPORT("kernelCount") int32_t exportedKernelCount(void) { return kernelCount(); }
EXPORT("kernelName") const char *exportedKernelName(int32_t kernel) { return kernelName(kernel); }
EXPORT("report") double *exportedReport(void) { return report; }

static void **operandsOf(Plan *plan) { return (void **)(plan + 1); }
static double *scalarsOf(Plan *plan) { return (double *)(operandsOf(plan) + ((plan->operandCount + 1) & ~1)); }

// Bytes that a plan needs, its program not counted; 0 if the words are no program.
EXPORT("planBytes") int32_t planBytes(const int32_t *program, int32_t words) {
  Plan plan;
  if (!planOpen(&plan, program, words)) return 0;
  return (int32_t)(sizeof plan + (size_t)((plan.operandCount + 1) & ~1) * sizeof(void *) + (size_t)plan.scalarCount * sizeof(double));
}

EXPORT("planOpen") void openPlan(Plan *plan, const int32_t *program, int32_t words) { planOpen(plan, program, words); }

// [instructions, inputs, outputs, scalars] that a run must bring.
EXPORT("planNeeds") const int32_t *planNeeds(const Plan *plan) { return &plan->instructionCount; }

// Whether the run failed. `times` may be NULL.
EXPORT("run") bool runPlan(Plan *plan, void *const *inputs, void *const *outputs, const double *slots, char *arena, double *times) {
  const Run run = {plan, operandsOf(plan), scalarsOf(plan), arena, times};
  planBind(&run, inputs, outputs, slots);
  const Failure failure = runAlone(&run);
  report[0] = failure.instruction;
  report[1] = failure.operand;
  report[2] = (double)failure.position;
  report[3] = (double)failure.index;
  return failure.instruction != NO_INSTRUCTION;
}

// The compiler makes calls of these; each is one instruction.
void *memcpy(void *restrict to, const void *restrict from, size_t bytes) { return __builtin_memcpy(to, from, bytes); }
void *memmove(void *to, const void *from, size_t bytes) { return __builtin_memmove(to, from, bytes); }
void *memset(void *to, int value, size_t bytes) { return __builtin_memset(to, value, bytes); }
