// The account of a final result: every input, every step with its formula and rounding, the
// decisions, the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/rounding.h"
#include "common/time/period.h"
#include "services/evaluation/domain/local_pack.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

// The rules that results are made by: PermenPANRB 6/2022 with the achievements of 8/2021 as
// evidence.
inline constexpr char kEngine[] = "permenpanrb-6-2022@1";

struct ReceiptInput {
  const v1::Evaluation& evaluation;  // final
  const v1::WorkPlan& plan;          // its titles, targets, polarities
  time::Period period;
  std::string salt;                           // random, hexadecimal
  std::optional<v1::UnitPredicate> own_unit;  // of the unit that the person leads
  const LocalPack* local_pack = nullptr;      // of the cycle, where it has one
  bool on_objection = false;                  // rated by who decided an objection
  // What calibration sessions changed in the ratings, oldest first.
  std::vector<v1::CalibratedChange> calibrations = {};
};

inline bool HasLocalResult(const ReceiptInput& input) {
  return input.local_pack != nullptr && input.evaluation.has_local_result();
}

// A receipt without name, audit event and time; its document is made and checked by the official
// pack. INTERNAL where that gives another result.
absl::StatusOr<v1::ScoreReceipt> MakeReceipt(const ReceiptInput& input);

// `107.5`, or six digits and an ellipsis where more follow: `107.142857…`.
std::string FormatExact(const Rational& value);

}  // namespace teraju::evaluation::domain
