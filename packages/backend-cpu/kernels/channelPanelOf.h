// Panels of target channels, for one element type.
#include "real.h"

// Target channels that share a panel.
typedef struct OF_REAL(Panel) {
  int64_t start, columns, width;
} OF_REAL(Panel);

static OF_REAL(Panel) OF_REAL(panelAt)(int64_t targets, int64_t number) {
  OF_REAL(Panel) panel = {0, OF_REAL(panelColumns)(targets), 0};
  for (; number > 0; number--) {
    panel.start += panel.columns;
    panel.columns = OF_REAL(panelColumns)(targets - panel.start);
  }
  panel.width = OF_REAL(panelWidth)(panel.columns);
  return panel;
}

static int64_t OF_REAL(panelCount)(int64_t targets) {
  int64_t count = 0;
  for (int64_t start = 0; start < targets; count++) start += OF_REAL(panelColumns)(targets - start);
  return count;
}

// sums[row][channel] into rows of channels, `plane` elements apart.
static void OF_REAL(storeDense)(Real *to, int64_t plane, const Real *sums, int64_t rows, const OF_REAL(Panel) * panel) {
  const int64_t whole = rows / REAL_LANES * REAL_LANES;
  OF_REAL(transpose)(to, plane, sums, panel->width, whole, panel->columns);
  if (whole == rows) return;
  Real rest[PANEL_VECTORS * REAL_LANES * REAL_LANES];
  OF_REAL(transpose)(rest, REAL_LANES, sums + whole * panel->width, panel->width, rows - whole, panel->columns);
  for (int64_t i = 0; i < panel->columns; i++) OF_REAL(storeSome)(to + i * plane + whole, OF_REAL(load)(rest + i * REAL_LANES), rows - whole);
}

