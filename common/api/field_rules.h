// What the descriptors say about fields, applied to a request: required, output only, bounds,
// formats.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace teraju::api {

// Clears OUTPUT_ONLY fields, then checks every field, recursively: REQUIRED (a number without
// presence must not be 0: declare it `optional` where 0 is an answer), `teraju.options.v1.rules`,
// UUID4 request ids, known enum values, valid UTF-8 without NUL, dates, times, decimals and amounts
// that exist. INVALID_ARGUMENT with every violation, in the field's JSON path; values are not
// repeated. For an Update request, required fields of the resource are checked only where its mask
// names them. IMMUTABLE is the store's to keep.
absl::Status ApplyFieldRules(google::protobuf::Message& request);

// The value of a string field called request_id, empty without one.
std::string RequestIdOf(const google::protobuf::Message& request);
// The value of a bool field called validate_only, false without one.
bool ValidateOnly(const google::protobuf::Message& request);

// A copy without the fields marked sensitive and without unknown fields, for diagnostics.
std::string RedactedDebugString(const google::protobuf::Message& message);

}  // namespace teraju::api
