// From inputs to a result by a policy pack, exactly, with its account.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/rules/account.h"
#include "common/engines/rules/bound_inputs.h"
#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

// What a method gives: a score, a predicate, or both.
struct Outcome {
  std::optional<Decimal> score;
  std::optional<int> predicate;  // code; see PolicyPack::FindPredicate
};

// A result by one pack, with everything that is needed to compute it again.
struct Evaluation {
  std::string pack;
  int revision = 0;
  std::string digest;  // of the pack
  std::string method;
  Json inputs;
  std::optional<Decimal> score;
  std::string predicate;     // code; empty where the method gives none
  int predicate_number = 0;  // SIASN's
  // `result` over the steps of score and predicate, after one `segment` for each part of the year.
  AccountNode account;
};

// `inputs` is an object with the inputs that the method declares. A list's entry may have a `key`,
// a text by which the account names it. Of a method with `combines`, the entries of `segments` may
// be
// {"key", "days", "inputs"}: each is then evaluated by the combined method first, and its account
// is kept. INVALID_ARGUMENT (FIELD_INVALID), with a violation for each fault, where inputs are
// missing, unknown or out of bounds, or a step has no value (a missing component, division by zero,
// a value in no band).
absl::StatusOr<Evaluation> Evaluate(const PolicyPack& pack,
                                    std::string_view method,
                                    const Json& inputs);

// The same without an account, for many persons.
absl::StatusOr<Outcome> Score(const PolicyPack& pack, const Method& method, const Json& inputs);

// The value of every step that counted, by name: `100`, `920/9`, `GOOD`. For vectors.
absl::StatusOr<Json> StepValues(const PolicyPack& pack, const Method& method, const Json& inputs);

// The whole as JSON (`teraju-account/1`); its canonical form is what a receipt's digest is over.
Json ToJson(const Evaluation& evaluation);

// OK where evaluating `account.inputs` by `pack` gives this account to the last byte; otherwise
// FAILED_PRECONDITION naming the first place that differs.
absl::Status CheckAccount(const PolicyPack& pack, const Json& account);

}  // namespace teraju::rules
