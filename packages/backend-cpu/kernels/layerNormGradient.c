// The gradients of layerNorm over rows of [rows, width].
#include "kernel.h"
#include "vectorMath.h"

// Elements of a piece, and columns of one where the gradients of weight and bias are put together.
enum { PIECE = 16384, TILE = 512 };

#define REAL_BITS 32
#include "real.h"
#include "layerNormGradientRows.h"
#undef REAL_BITS
#define REAL_BITS 64
#include "real.h"
#include "layerNormGradientRows.h"

// params: those of layerNorm, then the rows of a block: its part of the gradients of weight and bias lies in the workspace.
void layerNormGradient(const Call *call) {
  const int64_t rows = call->params[1], width = call->params[2], blockRows = call->params[3], blocks = ceilDivide(rows, blockRows);
  const int64_t together = maximum64(1, PIECE / maximum64(1, width * blockRows)), bytes = call->params[0] ? 8 : 4;
  const bool keepsSums = call->data[6] != NULL || call->data[7] != NULL;
  FOR_PIECES(piece, ceilDivide(blocks, together), call) {
    const int64_t end = minimum64((piece + 1) * together, blocks);
    for (int64_t block = piece * together; block < end; block++) {
      void *sums = keepsSums ? call->workspace + block * 2 * width * bytes : NULL;
      const int64_t first = block * blockRows, last = minimum64(first + blockRows, rows);
      if (bytes == 8) gradientOfRowsDoubles(call, first, last, sums);
      else gradientOfRowsFloats(call, first, last, sums);
    }
  }
  if (!keepsSums) return;
  endPhase(call);
  FOR_PIECES(piece, ceilDivide(2 * width, TILE), call) {
    const int64_t first = (int64_t)piece * TILE, end = minimum64(first + TILE, 2 * width);
    if (bytes == 8) putTogetherDoubles(call, (const double *)call->workspace, blocks, first, end);
    else putTogetherFloats(call, (const float *)call->workspace, blocks, first, end);
  }
}
