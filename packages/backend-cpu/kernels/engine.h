// Runs plans for one JavaScript environment: on the caller's thread, or first in first out on a thread of its own.
#pragma once
#include "pool.h"
#include "threads.h"

// A program that an engine has taken in. Lives until it is dropped and its last job is done.
typedef struct Loaded {
  Plan plan;
  int64_t scratchBytes;
  void **operands;
  double *scalars;
  atomic_int_least32_t users;
  // What the last run took.
  double seconds;
  int32_t program[];
} Loaded;

// A run with what it runs on. The caller keeps the arrays alive until it is done.
typedef struct Job {
  struct Job *next;
  Loaded *loaded;
  void **inputs;
  void **outputs;
  double *slots;
  double *times;
  Failure failure;
  void *context;
} Job;

typedef void Finished(Job *job);

typedef struct Engine {
  int32_t threads;
  // What malloc returned, and its first address that is aligned.
  void *block;
  char *arena;
  int64_t arenaBytes;
  atomic_bool cancelled;
  // Called on the engine's thread.
  Finished *finished;
  Mutex mutex;
  Condition changed;
  Job *head;
  Job *tail;
  int32_t pending;
  bool started;
  Thread thread;
} Engine;

// `instruction` of a failure.
enum { OUT_OF_MEMORY = -2 };

// NULL if there is no memory, or `words` are no program: then `*wrong` says so.
Loaded *loadedMake(const int32_t *program, int64_t words, int64_t scratchBytes, bool *wrong);
void loadedDrop(Loaded *loaded);

// NULL if there is no memory. The addresses are the caller's to fill in.
Job *jobMake(Loaded *loaded, int32_t inputCount, int32_t outputCount);
void jobDrop(Job *job);

Engine *engineMake(int32_t threads, Finished *finished);
// Waits for the pending jobs, then runs this one here.
void engineRun(Engine *engine, Job *job);
// False if the system has no thread for it.
bool engineEnqueue(Engine *engine, Job *job);
int32_t enginePending(Engine *engine);
void engineDrain(Engine *engine);
// Stops after the instruction under way, for good. Returns the jobs that were not done.
Job *engineStop(Engine *engine);
void engineDrop(Engine *engine);
