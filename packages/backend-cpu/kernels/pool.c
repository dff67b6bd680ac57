#include "pool.h"

#include "cores.h"
#include "threadTeam.h"

enum { MOST_HELPERS = 255 };

// Helpers look for work so long before they sleep: a program needs about as much between two short runs.
static const double restlessness = 500e-6;

// Sleeping helpers are not woken for plans that take less, nor waited for.
static const double shortRun = 40e-6, longRun = 100e-6;
// The share of a plan's time that it waits for them, and at most so many seconds.
static const double gatheringShare = 0.15, longestGathering = 1e-3;

static Team team = {.mutex = MUTEX_INITIALIZER};
static atomic_flag busy = ATOMIC_FLAG_INIT;

// Guards `environments`, `helpers` and `helperCount`.
static Mutex registry = MUTEX_INITIALIZER;
static int32_t environments;
static Thread helpers[MOST_HELPERS];
static int32_t helperCount;
// Where no helper may run, or -1. Guarded by `busy`.
static int32_t avoided = -1;

// Guards the sleep of helpers.
static Mutex bed = MUTEX_INITIALIZER;
static Condition morning = CONDITION_INITIALIZER;
static atomic_int_least32_t sleepers;
static atomic_bool quit;

static bool isOpen(uint64_t door) { return door >> DOOR_SHIFT & 1; }
static bool isOtherRun(uint64_t a, uint64_t b) { return a >> DOOR_SHIFT != b >> DOOR_SHIFT; }

static bool hasNews(uint64_t seen) {
  const uint64_t door = atomic_load(&team.door);
  return atomic_load(&quit) || (isOpen(door) && isOtherRun(door, seen));
}

static void sleepUntilNews(uint64_t seen) {
  lock(&bed);
  atomic_fetch_add(&sleepers, 1);
  while (!hasNews(seen)) await(&morning, &bed);
  atomic_fetch_sub(&sleepers, 1);
  unlock(&bed);
}

static void wakeHelpers(void) {
  if (atomic_load(&sleepers) == 0) return;
  lock(&bed);
  wakeAll(&morning);
  unlock(&bed);
}

static void lookForNews(uint64_t seen) {
  const double end = secondsNow() + restlessness;
  int32_t spins = 0;
  while (!hasNews(seen) && secondsNow() < end) spin(&spins);
}

static void help(void *argument) {
  (void)argument;
  uint64_t seen = 0;
  for (;;) {
    lookForNews(seen);
    if (!hasNews(seen)) sleepUntilNews(seen);
    if (atomic_load(&quit)) return;
    const uint64_t door = atomic_load(&team.door);
    if (!isOpen(door)) continue;
    seen = door;
    teamHelp(&team, door);
  }
}

static void hire(int32_t count) {
  if (count > MOST_HELPERS) count = MOST_HELPERS;
  lock(&registry);
  while (helperCount < count && startThread(&helpers[helperCount], help, NULL)) {
    helperCount++;
    avoided = -1;
  }
  unlock(&registry);
}

// Linux may wake helpers on the processor of the thread that wakes them: they would not work before that has ended its run.
static void leaveProcessor(void) {
  const int32_t processor = currentProcessor();
  if (processor == avoided) return;
  lock(&registry);
  for (int32_t i = 0; i < helperCount; i++) keepOff(helpers[i], processor);
  unlock(&registry);
  avoided = processor;
}

static void dismiss(void) {
  atomic_store(&quit, true);
  wakeHelpers();
  while (helperCount > 0) joinThread(helpers[--helperCount]);
  atomic_store(&quit, false);
}

void poolEnter(void) {
  lock(&registry);
  environments++;
  unlock(&registry);
}

void poolLeave(void) {
  lock(&registry);
  if (--environments == 0) dismiss();
  unlock(&registry);
}

static double minimum(double a, double b) { return a < b ? a : b; }

static Failure runAlone(const Run *run, const atomic_bool *cancelled) {
  Team alone = {.mutex = MUTEX_INITIALIZER};
  teamBegin(&alone, 0, run, 1, cancelled);
  return teamWork(&alone);
}

Failure poolRun(const Run *run, int32_t threads, double seconds, const atomic_bool *cancelled) {
  if (threads <= 1 || atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) return runAlone(run, cancelled);
  hire(threads - 1);
  leaveProcessor();
  const uint64_t door = atomic_load_explicit(&team.door, memory_order_relaxed);
  teamBegin(&team, door >> DOOR_SHIFT, run, threads, cancelled);
  teamOpen(&team);
  if (seconds == 0 || seconds >= shortRun) wakeHelpers();
  if (seconds >= longRun) teamGather(&team, minimum(gatheringShare * seconds, longestGathering));
  const Failure failure = teamWork(&team);
  teamClose(&team);
  atomic_flag_clear_explicit(&busy, memory_order_release);
  return failure;
}
