// The inputs of one evaluation, checked against what a method declares.
#pragma once

#include <string>
#include <vector>

#include "common/engines/rules/policy_pack.h"
#include "common/errors/field_violations.h"

namespace teraju::rules {

struct Value {
  enum class State { kMissing, kNumber, kCode };
  State state = State::kMissing;
  int code = 0;  // of a missing value: which input is to blame, see Evaluator
  Rational number;

  bool missing() const { return state == State::kMissing; }
  static Value Of(Rational number) { return {State::kNumber, 0, std::move(number)}; }
  static Value OfCode(int code) { return {State::kCode, code, {}}; }
};

// Values and lists by the index of their declaration.
struct BoundRecord {
  std::string key;  // of an entry: what the account calls it
  std::vector<Value> values;
  std::vector<std::vector<BoundRecord>> lists;
};

// Notes what is missing, unknown, of the wrong kind, or out of bounds. `path` comes before the
// names of the inputs.
BoundRecord BindInputs(const PolicyPack& pack,
                       const std::vector<InputField>& fields,
                       const Json& inputs,
                       const std::string& path,
                       errors::FieldViolations& violations);

}  // namespace teraju::rules
