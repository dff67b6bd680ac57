// `replay FILE THREADS`: runs every program of a recording (src/testing/recordingEngine.ts) twice, each array in memory of its own with
// its exact size, for the tools that watch memory and threads. Memory that nobody wrote holds other bits the second time, so results
// that depend on it differ. Exits 1 if results differ, 2 for a file that is no recording.
#include <stdio.h>
#include <stdlib.h>

#include "../kernels/engine.h"
#include "../kernels/processor.h"

typedef struct File {
  const char *at;
  const char *end;
} File;

typedef struct Array {
  char *bytes;
  int64_t length;
} Array;

typedef struct Recording {
  int32_t *program;
  int64_t words, scratchBytes, inputCount, outputCount, slotCount;
  Array *inputs, *outputs;
  int64_t *donors;
  double *slots;
} Recording;

static void die(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(2);
}

static void *make(int64_t bytes) {
  void *block = malloc((size_t)bytes);
  if (!block && bytes > 0) die("out of memory");
  return block;
}

static const void *take(File *file, int64_t bytes) {
  const int64_t padded = (bytes + 7) & ~(int64_t)7;
  const void *block = file->at;
  if (bytes < 0 || file->end - file->at < padded) die("the recording ends early");
  file->at += padded;
  return block;
}

static int64_t takeNumber(File *file) { return *(const int64_t *)take(file, sizeof(int64_t)); }

static void *takeCopy(File *file, int64_t bytes) {
  const void *block = take(file, bytes);
  void *copy = make(bytes);
  if (bytes > 0) memcpy(copy, block, (size_t)bytes);
  return copy;
}

static File openFile(const char *path) {
  FILE *stream = fopen(path, "rb");
  if (!stream || fseek(stream, 0, SEEK_END) != 0) die("no recording");
  const long length = ftell(stream);
  rewind(stream);
  char *bytes = make(length);
  if (fread(bytes, 1, (size_t)length, stream) != (size_t)length) die("the recording cannot be read");
  fclose(stream);
  return (File){bytes, bytes + length};
}

static Recording takeRecording(File *file) {
  Recording it;
  it.words = takeNumber(file);
  it.scratchBytes = takeNumber(file);
  it.inputCount = takeNumber(file);
  it.outputCount = takeNumber(file);
  it.slotCount = takeNumber(file);
  it.program = takeCopy(file, it.words * (int64_t)sizeof(int32_t));
  it.inputs = make(it.inputCount * (int64_t)sizeof(Array));
  it.outputs = make(it.outputCount * (int64_t)sizeof(Array));
  it.donors = make(it.outputCount * (int64_t)sizeof(int64_t));
  for (int64_t i = 0; i < it.inputCount; i++) {
    it.inputs[i].length = takeNumber(file);
    it.inputs[i].bytes = takeCopy(file, it.inputs[i].length);
  }
  for (int64_t i = 0; i < it.outputCount; i++) {
    it.outputs[i].length = takeNumber(file);
    it.donors[i] = takeNumber(file);
  }
  it.slots = takeCopy(file, it.slotCount * (int64_t)sizeof(double));
  return it;
}

static void dropRecording(const Recording *it) {
  for (int64_t i = 0; i < it->inputCount; i++) free(it->inputs[i].bytes);
  free(it->program);
  free(it->inputs);
  free(it->outputs);
  free(it->donors);
  free(it->slots);
}

static int32_t kernelNumber(const char *name) {
  for (int32_t i = 0; i < kernelCount(); i++)
    if (strcmp(kernelName(i), name) == 0) return i;
  die("no such kernel");
  return 0;
}

// The program behind an instruction that takes long enough for all helpers to come. That one writes to one more output.
enum { PIECES = 64, LEAD_WORDS = 2 + 8 };

static int32_t *withLead(const Recording *it) {
  const int32_t values = it->program[0], lead[] = {kernelNumber("peakMultiplyAdd"), 1, 0, 2, -1, values, PIECES, 20000};
  const int64_t head = 2 + 2 * (int64_t)values;
  int32_t *words = make((it->words + LEAD_WORDS) * (int64_t)sizeof(int32_t));
  memcpy(words, it->program, (size_t)head * sizeof(int32_t));
  words[0]++;
  words[1]++;
  words[head] = PLACE_OUTPUT;
  words[head + 1] = (int32_t)it->outputCount;
  memcpy(words + head + 2, lead, sizeof lead);
  memcpy(words + head + LEAD_WORDS, it->program + head, (size_t)(it->words - head) * sizeof(int32_t));
  return words;
}

static Loaded *load(const Recording *it, bool hasLead) {
  bool wrong;
  int32_t *words = hasLead ? withLead(it) : it->program;
  Loaded *loaded = loadedMake(words, it->words + (hasLead ? LEAD_WORDS : 0), it->scratchBytes, &wrong);
  if (hasLead) free(words);
  if (!loaded) die("the recording is of other kernels");
  return loaded;
}

// An arena that ends where the plan's scratch ends.
static Engine *open(int32_t threads, int64_t scratchBytes, int fill) {
  void *block = NULL;
  Engine *engine = engineMake(threads, NULL);
  if (!engine || posix_memalign(&block, 64, (size_t)scratchBytes + 1) != 0) die("out of memory");
  if (fill >= 0) memset(block, fill, (size_t)scratchBytes);
  engine->block = engine->arena = block;
  engine->arenaBytes = scratchBytes;
  return engine;
}

static char *makeOutput(const Recording *it, int64_t output, void *const *inputs, int fill) {
  if (it->donors[output] >= 0) return inputs[it->donors[output]];
  char *bytes = make(it->outputs[output].length);
  if (fill >= 0) memset(bytes, fill, (size_t)it->outputs[output].length);
  return bytes;
}

// Runs the program once. `results` gets a copy of each output. Returns the instruction that failed, -1 if none did.
static int32_t replay(const Recording *it, int32_t threads, int fill, Array *results) {
  static char sums[PIECES * sizeof(float)];
  const bool hasLead = threads > 1;
  Engine *engine = open(threads, it->scratchBytes, fill);
  Loaded *loaded = load(it, hasLead);
  Job *job = jobMake(loaded, (int32_t)it->inputCount, (int32_t)it->outputCount + 1);
  if (!job) die("out of memory");
  for (int64_t i = 0; i < it->inputCount; i++) {
    job->inputs[i] = make(it->inputs[i].length);
    if (it->inputs[i].length > 0) memcpy(job->inputs[i], it->inputs[i].bytes, (size_t)it->inputs[i].length);
  }
  for (int64_t i = 0; i < it->outputCount; i++) job->outputs[i] = makeOutput(it, i, job->inputs, fill);
  job->outputs[it->outputCount] = sums;
  if (loaded->plan.slotCount > 0) memcpy(job->slots, it->slots, (size_t)loaded->plan.slotCount * sizeof(double));
  engineRun(engine, job);
  for (int64_t i = 0; i < it->outputCount; i++) {
    results[i] = (Array){make(it->outputs[i].length), it->outputs[i].length};
    if (results[i].length > 0) memcpy(results[i].bytes, job->outputs[i], (size_t)results[i].length);
    if (it->donors[i] < 0) free(job->outputs[i]);
  }
  for (int64_t i = 0; i < it->inputCount; i++) free(job->inputs[i]);
  const int32_t failed = job->failure.instruction;
  jobDrop(job);
  loadedDrop(loaded);
  engineDrop(engine);
  return failed;
}

// Whether both runs end the same. A tool sees this look at every byte, so it reports those that nobody wrote.
static bool isSteady(const Recording *it, int32_t threads, const int *fills) {
  Array *first = make(it->outputCount * (int64_t)sizeof(Array)), *second = make(it->outputCount * (int64_t)sizeof(Array));
  const int32_t failed = replay(it, 1, fills[0], first);
  const int32_t failedAgain = replay(it, threads, fills[1], second);
  bool same = (failed < 0) == (failedAgain < 0);
  for (int64_t i = 0; i < it->outputCount; i++) {
    if (failed < 0 && first[i].length > 0) same &= memcmp(first[i].bytes, second[i].bytes, (size_t)first[i].length) == 0;
    free(first[i].bytes);
    free(second[i].bytes);
  }
  free(first);
  free(second);
  return same;
}

static void describe(const Recording *it, int64_t number) {
  Plan plan;
  fprintf(stderr, "recording %lld: results differ:", (long long)number);
  if (planOpen(&plan, it->program, it->words)) {
    const int32_t *word = it->program + 2 + 2 * (int64_t)plan.valueCount;
    for (int32_t i = 0; i < plan.instructionCount; i++, word += 5 + word[1] + word[2] + word[3]) fprintf(stderr, " %s", kernelName(word[0]));
  }
  fprintf(stderr, "\n");
}

// `replay FILE THREADS [undefined]`: with the last word fresh memory is left as it is, for a tool that knows which is written.
int main(int count, char **words) {
  if (count < 3) die("replay FILE THREADS [undefined]");
  if (!processorSupported()) {
    printf("this processor cannot run them\n");
    return 0;
  }
  const int32_t threads = atoi(words[2]);
  const int filled[] = {0xff, 0x55}, unfilled[] = {-1, -1};
  int64_t number = 0, wrong = 0;
  File file = openFile(words[1]);
  const char *start = file.at;
  for (; file.at < file.end; number++) {
    const Recording it = takeRecording(&file);
    if (!isSteady(&it, threads, count > 3 ? unfilled : filled)) {
      describe(&it, number);
      wrong++;
    }
    dropRecording(&it);
  }
  free((void *)start);
  printf("%lld recordings on %d threads: %lld differ\n", (long long)number, threads, (long long)wrong);
  return wrong > 0 ? 1 : 0;
}
