// What the descriptors say about fields, applied to a request: required, output only, bounds, formats.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace teraju::api {

// Clears OUTPUT_ONLY fields, then checks REQUIRED, `teraju.options.v1.rules`, UUID4 request ids and valid UTF-8 without NUL,
// recursively. INVALID_ARGUMENT with every violation, in the field's JSON path. For an Update request with a mask, required
// fields of the resource are checked only where the mask names them. IMMUTABLE is the store's to keep.
absl::Status ApplyFieldRules(google::protobuf::Message& request);

// True where a string field called request_id exists and is set; its value.
std::string RequestIdOf(const google::protobuf::Message& request);
// The value of a bool field called validate_only, false without one.
bool ValidateOnly(const google::protobuf::Message& request);

// A copy without the fields marked sensitive, for diagnostics.
std::string RedactedDebugString(const google::protobuf::Message& message);

}  // namespace teraju::api
