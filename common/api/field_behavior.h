// What the field behaviours (AIP-203) say about a field; used by the rules and masks of this
// folder.
#pragma once

#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"

namespace teraju::api {

inline bool Has(const google::protobuf::FieldDescriptor& field,
                google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// Whether a singular message is one value (a date, an amount) rather than a group of fields of
// ours.
inline bool IsValueMessage(const google::protobuf::Descriptor& message) {
  return message.full_name().starts_with("google.");
}

}  // namespace teraju::api
