// What a peer's failure means here.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/errors/error.h"

namespace teraju::evaluation {

// What passes through: the peer is away or time has run out, and the caller may try again. gRPC's
// own failures carry no reason, so they get one. Every other failure is returned as it is.
inline absl::Status Passed(const absl::Status& status, std::string_view peer) {
  if (status.code() == absl::StatusCode::kUnavailable) {
    return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "A peer cannot be reached.")
        .With("dependency", peer);
  }
  if (status.code() == absl::StatusCode::kDeadlineExceeded) {
    return errors::Make(absl::StatusCode::kDeadlineExceeded,
                        errors::reasons::DEADLINE_PASSED,
                        "A peer took too long.");
  }
  return status;
}

// Whether it is one of the two.
inline bool MayPass(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

// Whether the peer says that there is no such thing, or nothing that this caller may know of.
inline bool IsAbsent(const absl::Status& status) {
  return status.code() == absl::StatusCode::kNotFound ||
         status.code() == absl::StatusCode::kPermissionDenied;
}

}  // namespace teraju::evaluation
