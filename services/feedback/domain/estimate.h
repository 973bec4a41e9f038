// Estimates, which are binary floating point, as the decimals that are published.
#pragma once

#include "common/engines/statistics/refusal.h"
#include "google/type/decimal.pb.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// The quantile to which 95 % intervals reach.
inline constexpr double kIntervalTail = 0.975;

// Rounded half up to `digits`; never `-0.0`.
google::type::Decimal ToDecimal(double estimate, int digits);

v1::Refusal ToRefusal(const statistics::Refusal& refusal);

}  // namespace teraju::feedback::domain
