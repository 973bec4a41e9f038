// Update masks (AIP-134, 161, 203).
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace teraju::api {

// Merges `update` into `stored` along `mask`: empty mask = every populated field, `*` = full replacement. Output-only and
// immutable fields are never touched. Repeated fields are replaced. INVALID_ARGUMENT (UPDATE_MASK_INVALID) for unknown paths.
absl::Status MergeByMask(const google::protobuf::FieldMask& mask,
                         const google::protobuf::Message& update,
                         google::protobuf::Message& stored);

}  // namespace teraju::api
