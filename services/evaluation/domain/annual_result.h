// The result of a year: the evaluations of its segments, combined by the policy packs' method
// `year`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/engines/rules/json.h"
#include "common/time/period.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/annual_result.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

enum class AnnualAction { kDecide, kPublish, kChangeByObjection };
inline constexpr AnnualAction kAnnualActions[] = {
    AnnualAction::kDecide, AnnualAction::kPublish, AnnualAction::kChangeByObjection};
std::string_view ActionName(AnnualAction action);

using AnnualTransition = Transition<v1::AnnualResult::State, AnnualAction>;
inline constexpr AnnualTransition kAnnualTransitions[] = {
    {v1::AnnualResult::DRAFT, AnnualAction::kDecide, v1::AnnualResult::DRAFT},
    {v1::AnnualResult::DRAFT, AnnualAction::kPublish, v1::AnnualResult::FINAL},
    {v1::AnnualResult::FINAL, AnnualAction::kChangeByObjection, v1::AnnualResult::FINAL},
};

// The evaluation of a segment, with its figures, and the digest of its receipt where it is final.
struct AnnualPart {
  v1::Evaluation evaluation;
  std::string receipt_digest;
};

// Puts the parts in the order of time, combines them by the official pack, and by the agency's own
// where it has a method `year` (`local_pack` may be nullptr); writes the account as text. The
// predicate of the year is the decided one, else that of the last segment (PermenPANRB 6/2022;
// which of the two the regulation means is unsettled, so both are there). Without a rating of every
// segment there is no predicate. INTERNAL where a pack refuses what it should not.
absl::Status Combine(v1::AnnualResult& result,
                     std::vector<AnnualPart> parts,
                     const time::Period& year,
                     const LocalPack* local_pack,
                     absl::Time now);

// What a decision depends on beside the result.
struct YearContext {
  int segments = 0;
  // Whether a unit that counts the person in its distribution has confirmed it.
  bool confirmed = false;
};
// The last appraiser's decision; `predicate` unspecified takes it back. INVALID_ARGUMENT without a
// reason; FAILED_PRECONDITION: ANNUAL_RESULT_FINAL, UNIT_RESULT_CONFIRMED, ANNUAL_RESULT_SINGLE.
struct Deciding {
  v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
  std::string reason;
  std::string by;  // name of the person
};
absl::Status DecideYear(v1::AnnualResult& result,
                        const YearContext& context,
                        const Deciding& deciding,
                        absl::Time now);

// What was decided, by whom, about whom: the document's member `evaluation`.
rules::Json YearFacts(const v1::AnnualResult& result, const time::Period& year);

// Makes a combined result final and gives its document (`teraju-receipt-document/1`), of which it
// keeps the digest; a final one, of which a segment changed by objection, is final anew, and its
// document names the digest that it replaces. INTERNAL where a segment has no predicate.
absl::StatusOr<std::string> FinaliseYear(v1::AnnualResult& result,
                                         AnnualAction action,
                                         const time::Period& year,
                                         const LocalPack* local_pack,
                                         std::string_view salt,
                                         absl::Time now);

}  // namespace teraju::evaluation::domain
