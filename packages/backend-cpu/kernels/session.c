#include "session.h"

#include <stdlib.h>

// An enqueued job and its promise.
typedef struct Promise {
  Session *session;
  napi_deferred deferred;
} Promise;

static void dropWithPromise(Job *job) {
  free(job->context);
  jobDrop(job);
}

static napi_value errorValue(napi_env env, const char *message) {
  napi_value text = NULL, error = NULL;
  napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &text);
  napi_create_error(env, NULL, text, &error);
  return error;
}

// Runs on the environment's thread; without an environment if that is going away.
static void settle(napi_env env, napi_value callback, void *context, void *data) {
  (void)callback, (void)context;
  Job *job = data;
  const Promise promise = *(Promise *)job->context;
  const Failure failure = job->failure;
  dropWithPromise(job);
  if (!env) return;
  if (--promise.session->promises == 0) napi_unref_threadsafe_function(env, promise.session->settle);
  if (failure.instruction == OUT_OF_MEMORY)
    napi_reject_deferred(env, promise.deferred, errorValue(env, outOfMemory));
  else
    napi_resolve_deferred(env, promise.deferred, failureValue(env, failure));
}

// Runs on the engine's thread.
static void finished(Job *job) {
  const Promise *promise = job->context;
  if (napi_call_threadsafe_function(promise->session->settle, job, napi_tsfn_nonblocking) != napi_ok) dropWithPromise(job);
}

static void announce(Session *session, int64_t bytes) {
  int64_t total;
  if (bytes <= session->announcedBytes) return;
  napi_adjust_external_memory(session->env, bytes - session->announcedBytes, &total);
  session->announcedBytes = bytes;
}

// Comes before the function's own end, since it was added later.
static void close(void *data) {
  Session *session = data;
  session->closed = true;
  for (Job *job = engineStop(session->engine), *next; job; job = next) {
    next = job->next;
    dropWithPromise(job);
  }
}

static bool openSettle(Session *session) {
  napi_value name;
  return napi_create_string_utf8(session->env, "@dl/backend-cpu", NAPI_AUTO_LENGTH, &name) == napi_ok &&
         napi_create_threadsafe_function(session->env, NULL, NULL, name, 0, 1, NULL, NULL, NULL, settle, &session->settle) == napi_ok &&
         napi_unref_threadsafe_function(session->env, session->settle) == napi_ok &&
         napi_add_env_cleanup_hook(session->env, close, session) == napi_ok;
}

Session *sessionMake(napi_env env, int32_t threads) {
  Session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  session->env = env;
  session->engine = engineMake(threads, finished);
  if (session->engine && openSettle(session)) return session;
  if (session->engine) engineDrop(session->engine);
  free(session);
  return NULL;
}

Failure sessionRun(Session *session, Job *job) {
  announce(session, job->loaded->scratchBytes);
  engineRun(session->engine, job);
  const Failure failure = job->failure;
  jobDrop(job);
  return failure;
}

static napi_value refuse(napi_env env, Job *job, const char *message) {
  dropWithPromise(job);
  return fail(env, message);
}

napi_value sessionEnqueue(Session *session, Job *job) {
  napi_value value = NULL;
  Promise *promise = job->context = malloc(sizeof *promise);
  if (!promise || napi_create_promise(session->env, &promise->deferred, &value) != napi_ok)
    return refuse(session->env, job, outOfMemory);
  promise->session = session;
  announce(session, job->loaded->scratchBytes);
  if (!engineEnqueue(session->engine, job)) return refuse(session->env, job, "the system has no thread left for a run");
  if (session->promises++ == 0) napi_ref_threadsafe_function(session->env, session->settle);
  return value;
}

void sessionDrop(Session *session) {
  int64_t total;
  if (!session->closed) {
    napi_remove_env_cleanup_hook(session->env, close, session);
    close(session);
    napi_release_threadsafe_function(session->settle, napi_tsfn_abort);
  }
  napi_adjust_external_memory(session->env, -session->announcedBytes, &total);
  engineDrop(session->engine);
  free(session);
}
