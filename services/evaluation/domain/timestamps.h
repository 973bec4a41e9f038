// google.protobuf.Timestamp from the time of a call, and back.
#pragma once

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace teraju::evaluation::domain {

// To the microsecond, which is what a row keeps.
inline void SetTime(google::protobuf::Timestamp& stamp, absl::Time time) {
  const std::int64_t micros = absl::ToUnixMicros(time);
  const std::int64_t seconds =
      micros >= 0 ? micros / 1'000'000 : -((-micros + 999'999) / 1'000'000);
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<std::int32_t>(micros - seconds * 1'000'000) * 1'000);
}

inline absl::Time TimeOf(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

}  // namespace teraju::evaluation::domain
