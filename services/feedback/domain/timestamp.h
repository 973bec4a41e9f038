// Times as messages carry them, in whole microseconds as the database keeps them.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace teraju::feedback::domain {

inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  constexpr std::int64_t kMicros = 1'000'000;
  const std::int64_t micros = absl::ToUnixMicros(time);
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(micros / kMicros);
  timestamp.set_nanos(static_cast<std::int32_t>(micros % kMicros) * 1'000);
  return timestamp;
}

inline absl::Time FromProto(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

// The day of western Indonesia (WIB), `2026-03-31`: for people to read.
inline std::string DayOf(const google::protobuf::Timestamp& timestamp) {
  constexpr int kWibSeconds = 7 * 3600;
  return absl::FormatTime("%Y-%m-%d", FromProto(timestamp), absl::FixedTimeZone(kWibSeconds));
}

}  // namespace teraju::feedback::domain
