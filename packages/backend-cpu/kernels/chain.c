#include "chain.h"

#include "chainGather.h"
#include "chainStep.h"

#define STEP(name) Step name##Step;
#include "chainSteps.h"
#undef STEP

static Step *const stepFunctions[] = {
#define STEP(name) name##Step,
#include "chainSteps.h"
#undef STEP
};

// params: the numbers of HEAD, sizes of the outer dims, inputs (INPUT numbers and the outer strides each), outputs (the register stands
// in for one that nobody reads but the chain), registers (where each begins, in units of 64 bytes), steps, positions of their scalars.
enum { PARAMS, ELEMENTS, INNER, BLOCK, SHAPE, PIECE, OUTER, INPUTS, OUTPUTS, REGISTERS, STARTING_STEPS, STEPS, HEAD };
enum { INPUT_BYTES, INPUT_KIND, INPUT_REGISTER, INPUT_STRIDE, INPUT_HEAD };
enum { OUTPUT_BYTES, OUTPUT_REGISTER, OUTPUT_HEAD };
enum { STEP_CODE, STEP_TARGET, STEP_A, STEP_B, STEP_C, STEP_FOURTH, STEP_SCALARS, STEP_HEAD };
// How an input is read: in the loop's order; or gathered, each time anew, unless rows are all alike, constant, or both; or gathered
// for some rows at once, because it lies the other way round.
enum { LINEAR, GATHERED, ALIKE_ROWS, CONSTANT_ROWS, SINGLE, PANEL };
// What blocks are: parts of a row, taken in order; whole rows; parts of a row, taken in order of tiles of PANEL_ROWS rows.
enum { PARTS, WHOLE_ROWS, TILES };

static const int32_t *inputAt(const Chain *chain, int32_t i) {
  return chain->inputs + i * (ptrdiff_t)(INPUT_HEAD + chain->params[OUTER]);
}

void chainOpen(Chain *chain, const int32_t *params, void *const *data, const double *scalars) {
  const int32_t outer = params[OUTER], inputs = params[INPUTS], outputs = params[OUTPUTS], operands = inputs + outputs;
  chain->params = params;
  chain->outerSizes = params + HEAD;
  chain->inputs = chain->outerSizes + outer;
  chain->outputs = inputAt(chain, inputs);
  const int32_t *registers = chain->outputs + outputs * (ptrdiff_t)OUTPUT_HEAD;
  chain->steps = registers + params[REGISTERS];
  chain->scalarPositions = chain->steps + (params[STARTING_STEPS] + params[STEPS]) * (ptrdiff_t)STEP_HEAD;
  chain->scalars = scalars;
  chain->isStarted = false;
  for (int32_t i = 0; i < operands; i++) chain->operands[i] = (ChainOperand){data[i], 0, -1, 0};
  for (int32_t i = 0; i < params[REGISTERS]; i++) chain->slots[operands + i] = chain->registers + registers[i] * (ptrdiff_t)64;
}

void chainPlace(Chain *chain, int32_t operand, int64_t first, void *data) {
  chain->operands[operand].data = data;
  chain->operands[operand].first = first;
}

static void runSteps(Chain *chain, int32_t first, int32_t count, int64_t position, int64_t n) {
  char **const slots = chain->slots;
  const int32_t *step = chain->steps + first * (ptrdiff_t)STEP_HEAD;
  for (int32_t i = 0; i < count; i++, step += STEP_HEAD) {
    const StepContext context = {slots[step[STEP_FOURTH]], position, chain->scalars, chain->scalarPositions + step[STEP_SCALARS]};
    stepFunctions[step[STEP_CODE]](n, slots[step[STEP_TARGET]], slots[step[STEP_A]], slots[step[STEP_B]], slots[step[STEP_C]], &context);
  }
}

// What does not depend on the position.
static void start(Chain *chain) {
  if (chain->isStarted) return;
  chain->isStarted = true;
  runSteps(chain, 0, chain->params[STARTING_STEPS], 0, chain->params[BLOCK]);
}

// What makes the elements of a register differ from those of the last block; -1 if everything may.
static int64_t keyOf(const Chain *chain, int32_t kind, int64_t position) {
  const uint32_t inner = (uint32_t)chain->params[INNER];
  if (kind == SINGLE) return 0;
  if (kind == ALIKE_ROWS) return (uint32_t)position % inner;
  if (kind == CONSTANT_ROWS && chain->params[SHAPE] != WHOLE_ROWS) return (uint32_t)position / inner;
  return -1;
}

static Gather gatherOf(const Chain *chain, const int32_t *input) {
  const int32_t *params = chain->params;
  return (Gather){input[INPUT_BYTES], params[INNER], params[OUTER], chain->outerSizes, input[INPUT_STRIDE], input + INPUT_HEAD};
}

static void bindGathered(Chain *chain, int32_t i, const int32_t *input, int64_t position, int64_t n) {
  ChainOperand *operand = chain->operands + i;
  const Gather gather = gatherOf(chain, input);
  if (input[INPUT_STRIDE] == 1 && chain->params[SHAPE] != WHOLE_ROWS) {
    chain->slots[i] = operand->data + gatherOffset(&gather, position) * input[INPUT_BYTES];
    return;
  }
  const int64_t key = keyOf(chain, input[INPUT_KIND], position);
  chain->slots[i] = chain->slots[input[INPUT_REGISTER]];
  if (key >= 0 && key == operand->key && n <= operand->held) return;
  operand->key = key;
  operand->held = n;
  gatherElements(&gather, operand->data, chain->slots[i], position, n);
}

static void bindInput(Chain *chain, int32_t i, int64_t position, int64_t n, int64_t panelRow) {
  const int32_t *input = inputAt(chain, i);
  const ChainOperand *operand = chain->operands + i;
  switch (input[INPUT_KIND]) {
    case LINEAR: chain->slots[i] = operand->data + (position - operand->first) * input[INPUT_BYTES]; break;
    case PANEL: chain->slots[i] = chain->slots[input[INPUT_REGISTER]] + panelRow * chain->params[BLOCK] * input[INPUT_BYTES]; break;
    default: bindGathered(chain, i, input, position, n);
  }
}

static void bindOutput(Chain *chain, int32_t i, int64_t position) {
  const int32_t slot = chain->params[INPUTS] + i, *output = chain->outputs + i * (ptrdiff_t)OUTPUT_HEAD;
  const ChainOperand *operand = chain->operands + slot;
  if (operand->data) chain->slots[slot] = operand->data + (position - operand->first) * output[OUTPUT_BYTES];
  else chain->slots[slot] = output[OUTPUT_REGISTER] < 0 ? chain->nowhere : chain->slots[output[OUTPUT_REGISTER]];
}

// Elements up to where the first output crosses into a block of memory as the caches have them.
static int64_t misalignment(const Chain *chain, int64_t position) {
  const int32_t output = chain->params[INPUTS], bytes = chain->outputs[OUTPUT_BYTES];
  const ChainOperand *operand = chain->operands + output;
  return (int64_t)((uintptr_t)operand->data + (uintptr_t)((position - operand->first) * bytes)) % 64 / bytes;
}

static int64_t blockAt(const Chain *chain, int64_t position, int64_t count) {
  const int32_t *params = chain->params;
  if (params[OUTER] == 0) return count <= params[BLOCK] ? count : params[BLOCK] - misalignment(chain, position);
  const int64_t column = (uint32_t)position % (uint32_t)params[INNER];
  if (params[SHAPE] == WHOLE_ROWS) return minimum64(count, params[BLOCK] - column);
  return minimum64(minimum64(count, params[BLOCK]), params[INNER] - column);
}

static void runBlock(Chain *chain, int64_t position, int64_t n, int64_t panelRow) {
  const int32_t *params = chain->params;
  for (int32_t i = 0; i < params[INPUTS]; i++) bindInput(chain, i, position, n, panelRow);
  for (int32_t i = 0; i < params[OUTPUTS]; i++) bindOutput(chain, i, position);
  runSteps(chain, params[STARTING_STEPS], params[STEPS], position, n);
}

// `n` elements of a row from `position` on, and those below them.
static void runTile(Chain *chain, int64_t position, int64_t rows, int64_t n) {
  const int32_t *params = chain->params;
  for (int32_t i = 0; i < params[INPUTS]; i++) {
    const int32_t *input = inputAt(chain, i);
    if (input[INPUT_KIND] != PANEL) continue;
    const Gather gather = gatherOf(chain, input);
    gatherPanel(&gather, chain->operands[i].data, chain->slots[input[INPUT_REGISTER]], position, rows, n, params[BLOCK]);
  }
  for (int64_t row = 0; row < rows; row++) runBlock(chain, position + row * params[INNER], n, row);
}

static void runTiles(Chain *chain, int64_t position, int64_t count) {
  const int32_t *params = chain->params;
  const uint32_t inner = (uint32_t)params[INNER], plane = (uint32_t)chain->outerSizes[params[OUTER] - 1];
  while (count > 0) {
    const int64_t column = (uint32_t)position % inner, row = (uint32_t)position / inner % plane;
    const bool isWhole = column == 0 && count >= inner;
    const int64_t rows = isWhole ? minimum64(minimum64(PANEL_ROWS, plane - row), count / inner) : 1;
    const int64_t width = isWhole ? inner : minimum64(count, inner - column);
    for (int64_t i = 0; i < width; i += params[BLOCK]) runTile(chain, position + i, rows, minimum64(params[BLOCK], width - i));
    position += rows * width;
    count -= rows * width;
  }
}

void chainRun(Chain *chain, int64_t position, int64_t count) {
  start(chain);
  if (chain->params[SHAPE] == TILES) {
    runTiles(chain, position, count);
    return;
  }
  while (count > 0) {
    const int64_t n = blockAt(chain, position, count);
    runBlock(chain, position, n, 0);
    position += n;
    count -= n;
  }
}

void chainInto(Chain *chain, int64_t position, int64_t count, void *out) {
  chainPlace(chain, chain->params[INPUTS], position, out);
  chainRun(chain, position, count);
}

void chain(const Call *call) {
  const int64_t elements = call->params[ELEMENTS], piece = call->params[PIECE];
  Chain chain;
  bool isOpen = false;
  FOR_PIECES(i, ceilDivide(elements, piece), call) {
    if (!isOpen) chainOpen(&chain, call->params, call->data, call->scalars);
    isOpen = true;
    chainRun(&chain, i * piece, minimum64(piece, elements - i * piece));
  }
}
