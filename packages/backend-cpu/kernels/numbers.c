#include "numbers.h"

enum { POWER_TERMS = 20, TAIL_TERMS = 22 };

// erf(x) for |x| <= 1: 2 / √π Σ (-1)^n x^(2n + 1) / (n! (2n + 1)).
static double powerSeries(double x) {
  const double square = x * x;
  double term = 1.1283791670955126 * x, sum = term;
  for (int n = 1; n < POWER_TERMS; n++) {
    term *= -square / n;
    sum += term / (2 * n + 1);
  }
  return sum;
}

// Of x e^(x²) erfc(x) in Chebyshev polynomials of (x - 5) / (x + 3), for x from 1 to infinity: those of the reference backend.
static const double tailCoefficients[TAIL_TERMS] = {
    1.054065539929069,      0.058438373634075017,   -0.028760006767845146,  0.00942338429719674,   -0.0023281563723139085,
    0.00043730093384926333, -5.8303544643230866e-5, 4.043114560930833e-6,   2.7089807277164206e-7, -9.965420547129231e-8,
    5.8994192358260344e-9,  1.385980286379313e-9,   -2.3156333271131506e-10, -1.5604196875213933e-11, 6.2836389835515e-12,
    1.2178727057802853e-13, -1.675299252940428e-13, 3.133338889812158e-16,  4.7544231573097404e-15, -2.4579802035135792e-17,
    -1.4571108686803626e-16, -1.1939371677417147e-18};

// e^(-x²): the square of x cut to 24 bits is exact, and the rest goes into a second factor.
static double exponentialOfMinusSquare(double x) {
  const double cut = (float)x;
  return exp(-cut * cut) * exp((cut - x) * (cut + x));
}

// erfc(x) for x of 1 and more.
static double upperTail(double x) {
  if (!(x < 28)) return x != x ? x : 0;
  const double s = (x - 5) / (x + 3);
  double last = 0, before = 0;
  for (int k = TAIL_TERMS - 1; k > 0; k--) {
    const double next = 2 * s * last - before + tailCoefficients[k];
    before = last;
    last = next;
  }
  return exponentialOfMinusSquare(x) * (s * last - before + tailCoefficients[0] / 2) / x;
}

double erfNumber(double x) {
  const double size = __builtin_fabs(x);
  return size <= 1 ? powerSeries(x) : __builtin_copysign(1 - upperTail(size), x);
}

double erfcNumber(double x) {
  if (x < -1) return 2 - upperTail(-x);
  return x > 1 ? upperTail(x) : 1 - erfNumber(x);
}

double remainderNumbers(double a, double b) {
  const double rest = fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double floorDivideNumbers(double a, double b) {
  if (b == 0) return a / b;
  const double rest = fmod(a, b);
  const double quotient = (a - rest) / b - (rest != 0 && (rest < 0) != (b < 0));
  if (quotient == 0) return a / b < 0 ? -0.0 : 0.0;
  const double whole = __builtin_floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}
