#include <stdlib.h>

#include "engine.h"

static bool makeRoom(Loaded *loaded) {
  loaded->operands = malloc(sizeof(void *) * (size_t)(loaded->plan.operandCount + 1));
  loaded->scalars = malloc(sizeof(double) * (size_t)(loaded->plan.scalarCount + 1));
  return loaded->operands && loaded->scalars;
}

Loaded *loadedMake(const int32_t *program, int64_t words, int64_t scratchBytes, bool *wrong) {
  *wrong = false;
  Loaded *loaded = calloc(1, sizeof *loaded + (size_t)words * sizeof(int32_t));
  if (!loaded) return NULL;
  memcpy(loaded->program, program, (size_t)words * sizeof(int32_t));
  loaded->scratchBytes = scratchBytes;
  atomic_init(&loaded->users, 1);
  *wrong = !planOpen(&loaded->plan, loaded->program, words);
  if (!*wrong && makeRoom(loaded)) return loaded;
  loadedDrop(loaded);
  return NULL;
}

void loadedDrop(Loaded *loaded) {
  if (atomic_fetch_sub(&loaded->users, 1) > 1) return;
  free(loaded->operands);
  free(loaded->scalars);
  free(loaded);
}

Job *jobMake(Loaded *loaded, int32_t inputCount, int32_t outputCount) {
  const size_t pointers = (size_t)inputCount + (size_t)outputCount, slots = (size_t)loaded->plan.slotCount;
  Job *job = calloc(1, sizeof *job + pointers * sizeof(void *) + slots * sizeof(double));
  if (!job) return NULL;
  job->slots = (double *)(job + 1);
  job->inputs = (void **)(job->slots + slots);
  job->outputs = job->inputs + inputCount;
  job->failure.instruction = -1;
  job->loaded = loaded;
  atomic_fetch_add(&loaded->users, 1);
  return job;
}

void jobDrop(Job *job) {
  loadedDrop(job->loaded);
  free(job);
}
