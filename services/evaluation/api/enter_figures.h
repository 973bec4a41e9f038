// Enters figures for the agency's own policy pack: for one evaluation, or for many people at once.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/evaluations_service.pb.h"

namespace teraju::evaluation {

// Whether the caller may enter figures about this person at all: FAILED_PRECONDITION (FIGURES_OWN).
absl::Status CheckOthers(const CallContext& call, const v1::Evaluation& evaluation);

// The same for everybody in a batch, and whether the caller has permission on each: a caller
// without the whole agency may not learn who has no evaluation. PERMISSION_DENIED.
absl::Status AuthorizePeople(postgres::Database& database,
                             const CallContext& call,
                             const PeriodKey& period,
                             const v1::BatchSetFiguresRequest& request);

// INVALID_ARGUMENT, FAILED_PRECONDITION: LOCAL_PACK_MISSING, EVALUATION_FINAL.
absl::StatusOr<v1::SetEvaluationFiguresResponse> EnterFigures(
    postgres::Transaction& tx, const Key& key, const v1::SetEvaluationFiguresRequest& request);

// For a caller who may enter figures about all of them. INVALID_ARGUMENT naming every fault,
// FAILED_PRECONDITION (LOCAL_PACK_MISSING).
absl::StatusOr<v1::BatchSetFiguresResponse> EnterFiguresOfMany(
    postgres::Transaction& tx, const PeriodKey& period, const v1::BatchSetFiguresRequest& request);

}  // namespace teraju::evaluation
