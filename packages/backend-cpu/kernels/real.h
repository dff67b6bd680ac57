// The element type of code that is written once for float and double: define REAL_BITS as 32 or 64, include this, then the code;
// the same again for the other one.
#include "vector.h"

#undef Real
#undef Reals
#undef OF_REAL
#undef multiplyAddReals

// OF_REAL(load) is loadFloats or loadDoubles.
#if REAL_BITS == 32
#define Real float
#define Reals Floats
#define OF_REAL(name) name##Floats
#define multiplyAddReals multiplyAdd
#else
#define Real double
#define Reals Doubles
#define OF_REAL(name) name##Doubles
#define multiplyAddReals multiplyAddDoubles
#endif

#undef REAL_LANES
#define REAL_LANES (VECTOR_BYTES * 8 / REAL_BITS)
