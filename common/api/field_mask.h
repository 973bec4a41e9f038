// Update masks (AIP-134, 161, 203).
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace teraju::api {

// Merges `update` (of the type of `stored`) into `stored` along `mask`: empty mask = every
// populated field, `*` = full replacement. Messages of ours merge field by field, values (dates,
// amounts) and repeated fields are replaced. Output-only, immutable and identifier fields are never
// touched. INVALID_ARGUMENT (UPDATE_MASK_INVALID) for unknown paths, and then nothing has changed.
absl::Status MergeByMask(const google::protobuf::FieldMask& mask,
                         const google::protobuf::Message& update,
                         google::protobuf::Message& stored);

}  // namespace teraju::api
