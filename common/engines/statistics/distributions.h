// Quantiles and tails of the distributions that tests and intervals need.
#pragma once

namespace teraju::statistics {

// P(F > x) with d1 and d2 degrees of freedom.
double FUpperTail(double x, double d1, double d2);
// The x with P(F <= x) = p.
double FQuantile(double p, double d1, double d2);
double ChiSquareUpperTail(double x, double degrees);
double NormalUpperTail(double x);
double NormalQuantile(double p);
double StudentQuantile(double p, double degrees);

}  // namespace teraju::statistics
