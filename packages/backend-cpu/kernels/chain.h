// Fused elementwise programs. A chain goes over a loop shape in row-major order, a block of elements at a time: every operation
// is one tight loop over a block, and what passes between operations stays in registers of L1 size.
// src/encode/chain.ts writes the params.
//
// As a kernel of its own: `chain`. Behind or before another kernel, in each thread:
//   Chain chain;                        // 48 KB, on the stack
//   chainOpen(&chain, call->params + own, call->data + ownOperands, call->scalars + ownScalars);
//   chainRun(&chain, start, count);     // as often as needed, for any ranges of the loop
#pragma once
#include "kernel.h"

enum { CHAIN_OPERANDS = 64, CHAIN_SLOTS = 192, CHAIN_BLOCK = 1024, CHAIN_REGISTER_BYTES = 32768 };

// Where an operand's elements lie: element `first` of the loop (for an input that is not read linearly: 0) at `data`.
typedef struct ChainOperand {
  char *data;
  int64_t first;
  // What the register of a gathered input holds, and how many elements of it.
  int64_t key, held;
} ChainOperand;

typedef struct Chain {
  const int32_t *params;
  const int32_t *outerSizes;
  const int32_t *inputs;
  const int32_t *outputs;
  const int32_t *steps;
  const int32_t *scalarPositions;
  const double *scalars;
  bool isStarted;
  ChainOperand operands[CHAIN_OPERANDS];
  // What steps name: inputs, outputs, registers.
  char *slots[CHAIN_SLOTS];
  _Alignas(64) char registers[CHAIN_REGISTER_BYTES];
  // Takes what nobody reads.
  char nowhere[8 * CHAIN_BLOCK];
} Chain;

// `data` holds the chain's inputs and then its outputs, `scalars` its scalars; neither is needed afterwards but for what they point to.
// An output may be the same memory as an input that is read linearly and has elements of the same size.
void chainOpen(Chain *chain, const int32_t *params, void *const *data, const double *scalars);

// Computes elements [start, start + count) of every output.
void chainRun(Chain *chain, int64_t start, int64_t count);

// The same into `out`, which then holds element `start` first, in place of the only output.
void chainInto(Chain *chain, int64_t start, int64_t count, void *out);

// From now on element `first` of operand `operand`, an output or an input that is read linearly, lies at `data`, and the others around it.
void chainPlace(Chain *chain, int32_t operand, int64_t first, void *data);

// How many params a chain has, and how many elements its loop.
static inline int32_t chainParamCount(const int32_t *params) { return params[0]; }
static inline int64_t chainElements(const int32_t *params) { return params[1]; }
