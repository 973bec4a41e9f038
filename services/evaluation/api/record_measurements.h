// Records what other systems have measured.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/measurement.h"

namespace teraju::evaluation {

// Stores the figures as entries of the plans that they are about, and says for each what became of
// it. Those that are refused already stay refused.
absl::StatusOr<v1::BatchCreateMeasurementsResponse> RecordMeasurements(
    postgres::Transaction& tx, const std::string& agency, std::vector<domain::ToldFigure> figures);

}  // namespace teraju::evaluation
