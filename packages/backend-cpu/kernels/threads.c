#include "threads.h"

#include <time.h>

typedef struct Start {
  ThreadBody *body;
  void *argument;
} Start;

static void begin(Start *start) {
  const Start it = *start;
  free(start);
  it.body(it.argument);
}

static Start *makeStart(ThreadBody *body, void *argument) {
  Start *start = malloc(sizeof *start);
  if (start) *start = (Start){body, argument};
  return start;
}

#if defined(_WIN32)
double secondsNow(void) {
  LARGE_INTEGER ticks, frequency;
  QueryPerformanceCounter(&ticks);
  QueryPerformanceFrequency(&frequency);
  return (double)ticks.QuadPart / (double)frequency.QuadPart;
}

static unsigned __stdcall enter(void *start) {
  begin(start);
  return 0;
}

static bool create(Thread *thread, Start *start) {
  *thread = (HANDLE)_beginthreadex(NULL, STACK_BYTES, enter, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
  return *thread != NULL;
}
#else
double secondsNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *enter(void *start) {
  begin(start);
  return NULL;
}

// Signals are for Node's own threads.
static bool create(Thread *thread, Start *start) {
  sigset_t all, before;
  pthread_attr_t attributes;
  sigfillset(&all);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const bool created = pthread_create(thread, &attributes, enter, start) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return created;
}
#endif

bool startThread(Thread *thread, ThreadBody *body, void *argument) {
  Start *start = makeStart(body, argument);
  if (start && create(thread, start)) return true;
  free(start);
  return false;
}
