// JSON to messages and back: what the rest of the gateway uses of this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "services/gateway/json/document.h"
#include "services/gateway/json/plan.h"

namespace teraju::gateway::json {

// Thread-safe.
class Codec {
 public:
  Codec(const std::vector<const google::protobuf::FileDescriptor*>& files,
        google::protobuf::MessageFactory& factory)
      : plans_(files, factory) {}

  // Reads a whole body. INVALID_ARGUMENT: BODY_INVALID where the text is not strict JSON,
  // FIELD_INVALID with every violation where it does not fit the message.
  absl::Status Parse(std::string_view text, google::protobuf::Message& out) const;
  // The same for one value of a parsed document.
  absl::Status Read(const Node& node, google::protobuf::Message& out) const;
  // Reads `node` as the value of one field of `out` (the `body` of a route). Paths begin with the
  // field's name.
  absl::Status ReadField(const Node& node,
                         const google::protobuf::FieldDescriptor* field,
                         google::protobuf::Message& out) const;
  // Sets the field at `path` (`period.startDate`; JSON or proto names) from a text, as query and
  // path parameters give it. Repeated fields are appended to; giving any other field twice is the
  // caller's to refuse.
  absl::Status SetText(std::string_view path,
                       std::string_view text,
                       google::protobuf::Message& out) const;

  // The paths that a body names, for an update mask derived from it: nested messages are entered,
  // everything else (repeated fields, maps, Google's types, null) is a path of its own. The body
  // must have been read before.
  std::vector<std::string> PathsOf(const Node& body,
                                   const google::protobuf::Descriptor* type) const;

  // INTERNAL where the message has a value without JSON form.
  absl::StatusOr<std::string> Print(const google::protobuf::Message& message) const;

  const Plans& plans() const { return plans_; }

 private:
  Plans plans_;
};

}  // namespace teraju::gateway::json
