// Credits (angka kredit) of functional officials for a year, by the shipped pack `angka-kredit`
// (Peraturan BKN 3/2023): factor of the predicate x coefficient of the level x months / 12.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/policy_pack.h"
#include "common/time/period.h"
#include "teraju/evaluation/v1/annual_result.pb.h"

namespace teraju::evaluation::domain {

const rules::PolicyPack& CreditPack();
// As it was shipped, JSON.
std::string CreditPackText();

// The code of the functional level that a post's title ends with: `PT` of `Guru Ahli Pertama`;
// empty where it names none.
std::string_view CreditLevelOf(std::string_view position_title);

// Gives every segment the months of the year that count for it: each month once, for the segment
// with most of its days, the later of two with as many.
absl::Status CountMonths(const time::Period& year, v1::AnnualResult& result);

// What the pack computes the credits of: the segments in a functional post with a level, a month
// or more, and a predicate; nothing where there is none. `result` has its segments with months.
std::optional<rules::Json> CreditInputs(const v1::AnnualResult& result);

// The account of the credits; nothing without inputs.
absl::StatusOr<std::optional<rules::Evaluation>> CreditsOf(const v1::AnnualResult& result);

// Fills in the credits of the result, with words, once every segment is rated.
absl::Status SetCredits(v1::AnnualResult& result);

}  // namespace teraju::evaluation::domain
