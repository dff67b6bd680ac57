// What Node sees of the engine: `supported`, `cores`, `kernels`, `open`, `load`, `release`, `run`, `enqueue`, `pending`, `drain`, `prepare`.
#include <stdlib.h>

#include "arguments.h"
#include "cores.h"
#include "pages.h"
#include "processor.h"
#include "session.h"

// A plan as JavaScript holds it. `loaded` is NULL once released.
typedef struct Handle {
  Loaded *loaded;
} Handle;

static napi_value supported(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value value;
  return napi_get_boolean(env, processorSupported(), &value) == napi_ok ? value : NULL;
}

static napi_value cores(napi_env env, napi_callback_info info) {
  (void)info;
  return numberValue(env, coreCount());
}

static napi_value listKernels(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list = NULL;
  napi_create_array(env, &list);
  for (int32_t i = 0; i < kernelCount(); i++) {
    napi_value name;
    if (napi_create_string_utf8(env, kernelName(i), NAPI_AUTO_LENGTH, &name) == napi_ok) napi_set_element(env, list, (uint32_t)i, name);
  }
  return list;
}

static void finalizeSession(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  sessionDrop(data);
}

// open(threads)
static napi_value openEngine(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Session *session = sessionMake(env, (int32_t)readNumber(env, arguments[0]));
  return session ? externalValue(env, session, finalizeSession) : fail(env, outOfMemory);
}

static void releaseHandle(Handle *handle) {
  if (handle->loaded) loadedDrop(handle->loaded);
  handle->loaded = NULL;
}

static void finalizeHandle(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  releaseHandle(data);
  free(data);
}

// load(program, scratchBytes)
static napi_value load(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  bool wrong = false;
  size_t words;
  readArguments(env, info, arguments);
  const int32_t *program = readArray(env, arguments[0], &words);
  if (!program) return fail(env, "internal: no program");
  Handle *handle = malloc(sizeof *handle);
  if (!handle) return fail(env, outOfMemory);
  handle->loaded = loadedMake(program, (int64_t)words, (int64_t)readNumber(env, arguments[1]), &wrong);
  if (handle->loaded) return externalValue(env, handle, finalizeHandle);
  free(handle);
  return fail(env, wrong ? "internal: not a program of these kernels" : outOfMemory);
}

// release(plan)
static napi_value release(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Handle *handle = readExternal(env, arguments[0]);
  if (handle) releaseHandle(handle);
  return NULL;
}

// The job of `run` and `enqueue`: (engine, plan, inputs, outputs, scalars, times).
static Job *readJob(napi_env env, const napi_value *arguments) {
  const Handle *handle = readExternal(env, arguments[1]);
  uint32_t inputCount, outputCount;
  size_t slotCount, timeCount = 0;
  if (!handle || !handle->loaded) return (Job *)fail(env, "internal: a plan was run after its release");
  const Plan *plan = &handle->loaded->plan;
  const double *slots = readArray(env, arguments[4], &slotCount);
  double *times = readArray(env, arguments[5], &timeCount);
  if (!readLength(env, arguments[2], &inputCount) || inputCount < (uint32_t)plan->inputCount ||
      !readLength(env, arguments[3], &outputCount) || outputCount < (uint32_t)plan->outputCount ||
      slotCount < (size_t)plan->slotCount || (times && timeCount < (size_t)plan->instructionCount))
    return (Job *)fail(env, "internal: a run lacks inputs, outputs, scalars or times");
  Job *job = jobMake(handle->loaded, (int32_t)inputCount, (int32_t)outputCount);
  if (!job) return (Job *)fail(env, outOfMemory);
  if (plan->slotCount > 0) memcpy(job->slots, slots, (size_t)plan->slotCount * sizeof(double));
  job->times = times;
  if (readAddresses(env, arguments[2], job->inputs, inputCount) && readAddresses(env, arguments[3], job->outputs, outputCount)) return job;
  jobDrop(job);
  return (Job *)fail(env, "internal: an input or an output is no typed array");
}

static napi_value run(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Session *session = readExternal(env, arguments[0]);
  Job *job = readJob(env, arguments);
  if (!job) return NULL;
  const Failure failure = sessionRun(session, job);
  return failure.instruction == OUT_OF_MEMORY ? fail(env, outOfMemory) : failureValue(env, failure);
}

static napi_value enqueue(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Session *session = readExternal(env, arguments[0]);
  Job *job = readJob(env, arguments);
  return job ? sessionEnqueue(session, job) : NULL;
}

// pending(engine)
static napi_value pending(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Session *session = readExternal(env, arguments[0]);
  return numberValue(env, enginePending(session->engine));
}

// drain(engine)
static napi_value drain(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  readArguments(env, info, arguments);
  Session *session = readExternal(env, arguments[0]);
  engineDrain(session->engine);
  return NULL;
}

// prepare(array): the bytes to skip, up to 63, so that what follows lies at the start of a cache line
static napi_value prepare(napi_env env, napi_callback_info info) {
  napi_value arguments[MOST_ARGUMENTS];
  size_t bytes;
  readArguments(env, info, arguments);
  char *start = readArray(env, arguments[0], &bytes);
  if (!start) return fail(env, "internal: nothing to prepare");
  preferHugePages(start, (int64_t)bytes);
  return numberValue(env, (double)(alignedTo(start, CACHE_LINE) - start));
}

static void leave(void *unused) {
  (void)unused;
  poolLeave();
}

NAPI_MODULE_INIT() {
  static const struct {
    const char *name;
    napi_callback callback;
  } functions[] = {{"supported", supported}, {"cores", cores}, {"kernels", listKernels}, {"open", openEngine}, {"load", load},
                   {"release", release}, {"run", run}, {"enqueue", enqueue}, {"pending", pending}, {"drain", drain}, {"prepare", prepare}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    if (napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].callback, NULL, &function) == napi_ok)
      napi_set_named_property(env, exports, functions[i].name, function);
  }
  poolEnter();
  napi_add_env_cleanup_hook(env, leave, NULL);
  return exports;
}
