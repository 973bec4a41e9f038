// Collects what is wrong with a request, so that a client hears of all faults at once
// (google.rpc.BadRequest).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace teraju::errors {

// Metadata of FIELD_INVALID: how many more violations there are than the error could carry.
inline constexpr char kOmittedViolations[] = "omitted_violations";

// Keeps the first 100 and counts the rest: a large request must not make a larger error.
class FieldViolations {
 public:
  // `field` is the JSON path within the request (`workPlan.items[2].target`); `reason` an
  // UPPER_CASE word; the two texts say what is wrong and what to do, in Indonesian and in English.
  // They never repeat a value.
  void Add(std::string_view field,
           std::string_view reason,
           std::string_view text_id,
           std::string_view text_en);

  bool empty() const { return bad_request_.field_violations_size() == 0; }
  // OK when empty, otherwise INVALID_ARGUMENT, FIELD_INVALID.
  absl::Status ToStatus() const;

 private:
  google::rpc::BadRequest bad_request_;
  int omitted_ = 0;
};

}  // namespace teraju::errors
