#define _GNU_SOURCE
#include "cores.h"

#if defined(__linux__)
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// Lists of siblings begin with the first of them: a core is counted at that one, or at the first that the process may use.
static int32_t firstSibling(int32_t processor, const cpu_set_t *allowed) {
  char path[96], list[256] = "";
  snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", processor);
  FILE *file = fopen(path, "r");
  if (!file) return processor;
  const bool read = fgets(list, sizeof list, file) != NULL;
  fclose(file);
  for (char *word = strtok(read ? list : NULL, ",\n"); word; word = strtok(NULL, ",\n")) {
    int first = 0, last = 0;
    if (sscanf(word, "%d-%d", &first, &last) < 2) last = first;
    for (int i = first; i <= last; i++)
      if (CPU_ISSET(i, allowed)) return i;
  }
  return processor;
}

int32_t coreCount(void) {
  cpu_set_t allowed;
  int32_t count = 0;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  for (int32_t i = 0; i < CPU_SETSIZE; i++) count += CPU_ISSET(i, &allowed) && firstSibling(i, &allowed) == i;
  return count;
}

int32_t currentProcessor(void) { return sched_getcpu(); }

void keepOff(Thread thread, int32_t processor) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  if (CPU_COUNT(&allowed) > 1) CPU_CLR(processor, &allowed);
  pthread_setaffinity_np(thread, sizeof allowed, &allowed);
}
#elif defined(__APPLE__)
#include <stddef.h>
#include <sys/sysctl.h>

static int32_t ask(const char *name) {
  int32_t count = 0;
  size_t bytes = sizeof count;
  return sysctlbyname(name, &count, &bytes, NULL, 0) == 0 ? count : 0;
}

// The fast cores, where there are two kinds: pieces are equal, so slow ones would be waited for.
int32_t coreCount(void) {
  const int32_t fast = ask("hw.perflevel0.physicalcpu");
  return fast > 0 ? fast : ask("hw.physicalcpu");
}
#elif defined(_WIN32)
#include <stdlib.h>
#include <windows.h>

int32_t coreCount(void) {
  DWORD bytes = 0;
  int32_t count = 0;
  GetLogicalProcessorInformationEx(RelationProcessorCore, NULL, &bytes);
  char *list = malloc(bytes);
  if (list && GetLogicalProcessorInformationEx(RelationProcessorCore, (SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *)list, &bytes))
    for (DWORD at = 0; at < bytes; at += ((SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *)(list + at))->Size) count++;
  free(list);
  return count;
}
#else
int32_t coreCount(void) { return 0; }
#endif

#if !defined(__linux__)
int32_t currentProcessor(void) { return -1; }

void keepOff(Thread thread, int32_t processor) { (void)thread, (void)processor; }
#endif
