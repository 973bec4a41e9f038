// What would have changed a result: single changes of one input that reach a better predicate.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

struct Change {
  std::string input;  // `results[1].realised`
  Text label;
  std::string from, to;   // decimals or codes
  std::string predicate;  // that is reached
  // How large it is, so that inputs of different units can be compared: for a number the share of
  // its declared range (without one, of its value); for a choice the share of its steps.
  Rational size;
  Text text;
};

// For each input that the method marks `what_if` and that was given: the smallest change of it
// alone that reaches a better predicate, in steps of the input's `digits`. Smallest first, in the
// order of the inputs where equal; empty where the best is reached or no single change suffices.
// Exact where the result moves in one direction between the value and the other numbers of its
// record (targets); elsewhere it is a change that suffices. Errors as of Score; the method must
// have a predicate. After 20,000 trials it gives what it has found.
absl::StatusOr<std::vector<Change>> NearestChanges(const PolicyPack& pack,
                                                   std::string_view method,
                                                   const Json& inputs);

}  // namespace teraju::rules
