// The steps of a calibration session within a transaction.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/calibration.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/calibration_service.pb.h"

namespace teraju::evaluation {

// How a unit stands now against the pattern.
v1::DistributionCheck CheckedDistribution(v1::UnitResult result);

// Opens `session` on its unit result and keeps the ratings as they are. Errors as of
// domain::CheckCalibratable, SHADOW_CYCLE, NOT_FOUND, RESOURCE_EXISTS.
absl::StatusOr<v1::CalibrationSession> OpenSession(postgres::Transaction& tx,
                                                   const Key& key,
                                                   v1::CalibrationSession session);

// Proposes ratings for a person of the session; what the person's appraiser proposes is set at
// once. Errors as of domain::ProposeRating and domain::RateEvaluation, or NOT_FOUND.
absl::StatusOr<v1::CalibratedRating> ProposeInSession(postgres::Transaction& tx,
                                                      const Key& session,
                                                      const Key& evaluation,
                                                      const domain::Proposing& proposing);

// The caller, who is the person's appraiser, decides a proposal. Errors as of
// domain::DecideProposal and domain::RateEvaluation, or NOT_FOUND.
absl::StatusOr<v1::CalibratedRating> DecideInSession(postgres::Transaction& tx,
                                                     const Key& session,
                                                     const Key& evaluation,
                                                     const domain::ProposalDecision& deciding);

// Closes `session`, which is locked. Errors as of domain::CloseSession.
absl::Status CloseSession(postgres::Transaction& tx,
                          const Key& key,
                          v1::CalibrationSession& session);

}  // namespace teraju::evaluation
