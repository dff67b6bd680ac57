#include "engine.h"

#include <stdlib.h>

#include "pages.h"
#include "team.h"

// Contents are lost. False if there is no memory: then there is no arena.
static bool growArena(Engine *engine, int64_t bytes) {
  if (bytes <= engine->arenaBytes) return true;
  const uintptr_t alignment = bytes >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
  free(engine->block);
  engine->block = malloc((size_t)bytes + alignment);
  engine->arenaBytes = engine->block ? bytes : 0;
  engine->arena = alignedTo(engine->block, alignment);
  if (engine->block) preferHugePages(engine->arena, bytes);
  return engine->block != NULL;
}

static void perform(Engine *engine, Job *job) {
  Loaded *loaded = job->loaded;
  if (!growArena(engine, loaded->scratchBytes)) {
    job->failure.instruction = OUT_OF_MEMORY;
    return;
  }
  const Run run = {&loaded->plan, loaded->operands, loaded->scalars, engine->arena, job->times};
  const double start = secondsNow();
  planBind(&run, job->inputs, job->outputs, job->slots);
  job->failure = poolRun(&run, engine->threads, loaded->seconds, &engine->cancelled);
  loaded->seconds = secondsNow() - start;
}

Engine *engineMake(int32_t threads, Finished *finished) {
  Engine *engine = calloc(1, sizeof *engine);
  if (!engine) return NULL;
  engine->threads = threads;
  engine->finished = finished;
  engine->mutex = (Mutex)MUTEX_INITIALIZER;
  engine->changed = (Condition)CONDITION_INITIALIZER;
  return engine;
}

void engineRun(Engine *engine, Job *job) {
  engineDrain(engine);
  perform(engine, job);
}

// The first job stays in the queue while it runs.
static Job *awaitJob(Engine *engine) {
  lock(&engine->mutex);
  while (!engine->head && !atomic_load(&engine->cancelled)) await(&engine->changed, &engine->mutex);
  Job *job = atomic_load(&engine->cancelled) ? NULL : engine->head;
  unlock(&engine->mutex);
  return job;
}

static void removeFirst(Engine *engine) {
  lock(&engine->mutex);
  engine->head = engine->head->next;
  engine->pending--;
  wakeAll(&engine->changed);
  unlock(&engine->mutex);
}

static void performAll(void *argument) {
  Engine *engine = argument;
  for (Job *job = awaitJob(engine); job; job = awaitJob(engine)) {
    perform(engine, job);
    removeFirst(engine);
    engine->finished(job);
  }
}

static bool startOnce(Engine *engine) {
  if (!engine->started) engine->started = startThread(&engine->thread, performAll, engine);
  return engine->started;
}

bool engineEnqueue(Engine *engine, Job *job) {
  if (!startOnce(engine)) return false;
  lock(&engine->mutex);
  if (engine->head)
    engine->tail->next = job;
  else
    engine->head = job;
  engine->tail = job;
  engine->pending++;
  wakeAll(&engine->changed);
  unlock(&engine->mutex);
  return true;
}

int32_t enginePending(Engine *engine) {
  lock(&engine->mutex);
  const int32_t pending = engine->pending;
  unlock(&engine->mutex);
  return pending;
}

void engineDrain(Engine *engine) {
  lock(&engine->mutex);
  while (engine->pending > 0) await(&engine->changed, &engine->mutex);
  unlock(&engine->mutex);
}

Job *engineStop(Engine *engine) {
  lock(&engine->mutex);
  atomic_store(&engine->cancelled, true);
  wakeAll(&engine->changed);
  unlock(&engine->mutex);
  if (engine->started) joinThread(engine->thread);
  Job *jobs = engine->head;
  engine->started = false;
  engine->head = NULL;
  engine->pending = 0;
  return jobs;
}

void engineDrop(Engine *engine) {
  free(engine->block);
  free(engine);
}
