// The result by the agency's own policy pack: its inputs from plan, ratings, feedback and figures,
// and what comes out. Beside the official predicate, never part of it.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/time/period.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/domain/scoring.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

struct LocalSubject {
  const v1::Evaluation& evaluation;  // with its computed evidence and figures
  const v1::WorkPlan& plan;
  const std::optional<Feedback>& feedback;
  time::Period period;
};

// The inputs that the method declares, as far as they are known: nothing takes the place of what is
// not. A target that is due by day is its due part, rounded half up to six digits where its
// decimals do not end.
absl::StatusOr<rules::Json> LocalInputs(const LocalSubject& subject, const rules::Method& method);

// What the method makes of the inputs. Where something is missing or out of bounds the result says
// what, and has neither score nor predicate.
absl::StatusOr<v1::LocalResult> LocalResultOf(const LocalPack& pack,
                                              const rules::Method& method,
                                              const rules::Json& inputs,
                                              absl::Time now);

// By the method for the subject's period; nothing where the pack has none.
absl::StatusOr<std::optional<v1::LocalResult>> MakeLocalResult(const LocalPack& pack,
                                                               const LocalSubject& subject,
                                                               absl::Time now);

// The result with its account, computed again; nothing where something is missing. INTERNAL_FAULT
// where it is another than what is stored.
absl::StatusOr<std::optional<rules::Evaluation>> LocalEvaluation(const LocalPack& pack,
                                                                 const v1::LocalResult& local);
// Fills `account`, which is not stored: pack and inputs give the same one every time.
absl::Status AddAccount(const LocalPack& pack, v1::LocalResult& local);

// The result as it becomes final: what was scored, with the ratings as they were decided in the
// end, where the method counts them.
absl::StatusOr<v1::LocalResult> FinalLocalResult(const LocalPack& pack,
                                                 const v1::Evaluation& evaluation,
                                                 absl::Time now);

}  // namespace teraju::evaluation::domain
