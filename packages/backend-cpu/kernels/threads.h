// Threads, locks and conditions of the operating system.
#pragma once
#include <stdbool.h>
#include <stddef.h>

typedef void ThreadBody(void *argument);

// Kernels keep small tiles on the stack; some systems give new threads only 128 kB.
enum { STACK_BYTES = 4 << 20 };

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <process.h>
#include <stdlib.h>
#include <windows.h>

typedef HANDLE Thread;
typedef SRWLOCK Mutex;
typedef CONDITION_VARIABLE Condition;
#define MUTEX_INITIALIZER SRWLOCK_INIT
#define CONDITION_INITIALIZER CONDITION_VARIABLE_INIT

static inline void lock(Mutex *mutex) { AcquireSRWLockExclusive(mutex); }
static inline void unlock(Mutex *mutex) { ReleaseSRWLockExclusive(mutex); }
static inline void await(Condition *condition, Mutex *mutex) { SleepConditionVariableSRW(condition, mutex, INFINITE, 0); }
static inline void wakeAll(Condition *condition) { WakeAllConditionVariable(condition); }
static inline void yieldThread(void) { SwitchToThread(); }
static inline void joinThread(Thread thread) {
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}
#else
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

typedef pthread_t Thread;
typedef pthread_mutex_t Mutex;
typedef pthread_cond_t Condition;
#define MUTEX_INITIALIZER PTHREAD_MUTEX_INITIALIZER
#define CONDITION_INITIALIZER PTHREAD_COND_INITIALIZER

static inline void lock(Mutex *mutex) { pthread_mutex_lock(mutex); }
static inline void unlock(Mutex *mutex) { pthread_mutex_unlock(mutex); }
static inline void await(Condition *condition, Mutex *mutex) { pthread_cond_wait(condition, mutex); }
static inline void wakeAll(Condition *condition) { pthread_cond_broadcast(condition); }
static inline void yieldThread(void) { sched_yield(); }
static inline void joinThread(Thread thread) { pthread_join(thread, NULL); }
#endif

// False if the system has no more threads.
bool startThread(Thread *thread, ThreadBody *body, void *argument);

// Of a clock that only goes forward.
double secondsNow(void);

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

// Some 50 µs; then other threads of this machine may want the processor.
enum { SPINS = 1500 };

// One turn of waiting for another thread.
static inline void spin(int32_t *spins) {
  if (++*spins < SPINS)
    relax();
  else
    yieldThread();
}
