#include "common/engines/statistics/distributions.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/complement.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace teraju::statistics {
namespace {

namespace policies = boost::math::policies;
// Errors become infinities and NaN, which the callers refuse: nothing here throws.
using Policy = policies::policy<policies::domain_error<policies::ignore_error>,
                                policies::overflow_error<policies::ignore_error>,
                                policies::pole_error<policies::ignore_error>,
                                policies::evaluation_error<policies::ignore_error>,
                                policies::rounding_error<policies::ignore_error>>;

using F = boost::math::fisher_f_distribution<double, Policy>;
using ChiSquare = boost::math::chi_squared_distribution<double, Policy>;
using Normal = boost::math::normal_distribution<double, Policy>;
using Student = boost::math::students_t_distribution<double, Policy>;

}  // namespace

double FUpperTail(double x, double d1, double d2) {
  return boost::math::cdf(boost::math::complement(F(d1, d2), x));
}

double FQuantile(double p, double d1, double d2) { return boost::math::quantile(F(d1, d2), p); }

double ChiSquareUpperTail(double x, double degrees) {
  return boost::math::cdf(boost::math::complement(ChiSquare(degrees), x));
}

double NormalUpperTail(double x) { return boost::math::cdf(boost::math::complement(Normal(), x)); }

double NormalQuantile(double p) { return boost::math::quantile(Normal(), p); }

double StudentQuantile(double p, double degrees) {
  return boost::math::quantile(Student(degrees), p);
}

}  // namespace teraju::statistics
