// What changed a rating before or after it was final, in a receipt's words: sessions of the
// leaders, objections.
#pragma once

#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/engines/rules/json.h"
#include "common/engines/text.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

// `Baik (hasil kerja Sesuai Ekspektasi, perilaku kerja Sesuai Ekspektasi)`. An error where a part
// is unspecified.
absl::StatusOr<Text> RatingWords(const v1::RatingPair& pair);

// The document's member `calibrations`: every session with ratings before and after, and why.
rules::Json CalibrationFacts(std::span<const v1::CalibratedChange> changes);

// Tells them in the receipt: message, steps, text.
absl::Status WriteCalibrations(std::span<const v1::CalibratedChange> changes,
                               v1::ScoreReceipt& receipt);

}  // namespace teraju::evaluation::domain
