// Two operations of chains in one pass: what the first makes stays in a register. Each is rounded, as by itself.
#include "chainStep.h"

#define PAIR(name, expression) TERNARY_STEP(name##Floats, float, float, EACH, expression)

PAIR(addAdd, (x + y) + z)
PAIR(addSub, (x + y) - z)
PAIR(addSubFrom, z - (x + y))
PAIR(addMul, (x + y) * z)
PAIR(subAdd, (x - y) + z)
PAIR(subSub, (x - y) - z)
PAIR(subSubFrom, z - (x - y))
PAIR(subMul, (x - y) * z)
PAIR(mulAdd, (x * y) + z)
PAIR(mulSub, (x * y) - z)
PAIR(mulSubFrom, z - (x * y))
PAIR(mulMul, (x * y) * z)

// One of c and the fourth operand, as a and b compare. Words of any kind are chosen from.
#define CHOICE(name, comparison)                                                                                       \
  STEP_FUNCTION(name##Floats) {                                                                                        \
    int32_t *const out = d;                                                                                            \
    const float *const xs = a, *const ys = b;                                                                          \
    const int32_t *const choices = c, *const others = context->fourth;                                                 \
    EACH {                                                                                                             \
      const float x = xs[i], y = ys[i];                                                                                \
      const int32_t choice = choices[i], other = others[i];                                                            \
      out[i] = comparison ? choice : other;                                                                            \
    }                                                                                                                  \
  }
CHOICE(eqWhere, x == y)
CHOICE(neWhere, x != y)
CHOICE(gtWhere, x > y)
CHOICE(geWhere, x >= y)
