// What the codec knows about each message type, made once from descriptors: field names as JSON
// writes them, kinds, and the types that have a JSON form of their own. Immutable after
// construction, so any number of threads may read it.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace teraju::gateway::json {

// The types whose JSON form is not an object of their fields (proto3 JSON mapping).
enum class Form {
  kMessage,
  kAny,
  kTimestamp,
  kDuration,
  kFieldMask,
  kStruct,
  kValue,
  kListValue,
  kWrapper,
};

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string name;                      // lowerCamelCase
  std::string quoted;                    // `"name":`
  bool null_value = false;               // google.protobuf.NullValue, whose JSON form is null
  const MessagePlan* message = nullptr;  // of message fields; for maps, of the entry
};

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;
  const google::protobuf::Message* prototype = nullptr;
  const google::protobuf::Reflection* reflection = nullptr;
  Form form = Form::kMessage;
  std::vector<FieldPlan> fields;                                    // in field number order
  absl::flat_hash_map<std::string_view, const FieldPlan*> by_name;  // JSON names and proto names

  // Null where there is no such field.
  const FieldPlan* Find(std::string_view name) const;
};

class Plans {
 public:
  // Plans every message of `files` and of the files they import, and the well-known types.
  Plans(const std::vector<const google::protobuf::FileDescriptor*>& files,
        google::protobuf::MessageFactory& factory);

  // The plan of a type; it must be among the planned ones.
  const MessagePlan& Of(const google::protobuf::Descriptor* descriptor) const {
    return *by_type_.at(descriptor);
  }
  // For google.protobuf.Any: by full name; null where unknown.
  const MessagePlan* Find(std::string_view full_name) const;

 private:
  void AddFile(const google::protobuf::FileDescriptor* file,
               google::protobuf::MessageFactory& factory);
  MessagePlan* Add(const google::protobuf::Descriptor* descriptor,
                   google::protobuf::MessageFactory& factory);

  std::deque<MessagePlan> plans_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, MessagePlan*> by_type_;
  absl::flat_hash_map<std::string_view, const MessagePlan*> by_full_name_;
};

}  // namespace teraju::gateway::json
