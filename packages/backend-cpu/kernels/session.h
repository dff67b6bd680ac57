// An engine in a JavaScript environment: promises for its enqueued jobs, and an orderly end.
#pragma once
#include "arguments.h"
#include "engine.h"

typedef struct Session {
  napi_env env;
  Engine *engine;
  napi_threadsafe_function settle;
  // Promises that are not settled yet: they keep the process alive.
  int32_t promises;
  // What V8 was told of the arena.
  int64_t announcedBytes;
  // The environment is going away.
  bool closed;
} Session;

// NULL if the system lacks memory.
Session *sessionMake(napi_env env, int32_t threads);
Failure sessionRun(Session *session, Job *job);
// Returns a promise.
napi_value sessionEnqueue(Session *session, Job *job);
void sessionDrop(Session *session);
