// A second evaluation of policy packs, written apart from the library: it walks the pack's JSON
// and shares nothing but the parser. Tests compare the two.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <map>
#include <optional>
#include <string>

#include "common/engines/rules/json.h"

namespace teraju::rules::reference {

using Fraction = boost::multiprecision::cpp_rational;

struct Result {
  // By name, of the steps that counted: `n/d` in lowest terms, or a code.
  std::map<std::string, std::string> steps;
  std::string score, predicate;
};

// nullopt where there is no result: something is missing, a divisor is zero, a value in no band.
std::optional<Result> Evaluate(const Json& pack, const std::string& name, const Json& inputs);

}  // namespace teraju::rules::reference
