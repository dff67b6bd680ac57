// What the kernels of recurrent layers share: their params, how the work is cut, where states lie.
#pragma once
#include "kernel.h"
#include "pages.h"

// Written by src/encode/recurrent.ts, in this order.
typedef struct RecurrentParams {
  int32_t isFloat64, steps, batch, width, reverse;
  // Whether rnn is one of relu, or lstmGradient's cellsGradient one number.
  int32_t option;
} RecurrentParams;

enum {
  // A piece carries so many rows through all steps, so that no thread waits for another between steps.
  PIECE_ROWS = 16,
  // Where the weight is too large for the second cache, more rows share what is read of it.
  MANY_PIECE_ROWS = 64,
  SMALL_WEIGHT = 1 << 20,
  // So many rows of a panel stay in the first cache beside what is multiplied with it.
  DEPTH_IN_CACHE = 128,
};

// Some rows of the batch, some hidden units.
typedef struct Block {
  int64_t row, rows, unit, units;
} Block;

static inline int64_t pieceRows(const RecurrentParams *p, int64_t gates) {
  const int64_t weightBytes = gates * p->width * p->width * (p->isFloat64 ? 8 : 4);
  return weightBytes <= SMALL_WEIGHT ? PIECE_ROWS : MANY_PIECE_ROWS;
}

// About as many rows in each piece.
static inline int64_t recurrentPieces(const RecurrentParams *p, int64_t gates) { return ceilDivide(p->batch, pieceRows(p, gates)); }

static inline Block recurrentPiece(const RecurrentParams *p, int64_t gates, int64_t piece) {
  const int64_t pieces = recurrentPieces(p, gates), start = p->batch * piece / pieces;
  return (Block){start, p->batch * (piece + 1) / pieces - start, 0, p->width};
}

// The i-th step in the order of time.
static inline int64_t stepAt(const RecurrentParams *p, int64_t i) { return p->reverse ? p->steps - 1 - i : i; }
