// Fills messages from JSON, by the proto3 JSON mapping and nothing beyond it: unknown members, two
// members of one oneof and values out of range are refused, each with its path.
#pragma once

#include <string_view>

#include "common/errors/field_violations.h"
#include "google/protobuf/message.h"
#include "services/gateway/json/document.h"
#include "services/gateway/json/path.h"
#include "services/gateway/json/plan.h"

namespace teraju::gateway::json {

class Reader {
 public:
  // Violations are added to `violations`, at most kMaxViolations.
  Reader(const Plans& plans, errors::FieldViolations& violations)
      : plans_(plans), violations_(violations) {}

  static constexpr int kMaxViolations = 20;

  // Merges the value into an empty `out`.
  void ReadMessage(const Node& node,
                   const MessagePlan& plan,
                   google::protobuf::Message& out,
                   const Path& path);
  // Sets or, where the field is repeated, appends to one field.
  void ReadField(const Node& node,
                 const FieldPlan& field,
                 google::protobuf::Message& out,
                 const Path& path);
  // One value of a field: the field itself, or one more element of it.
  void ReadValue(const Node& node,
                 const FieldPlan& field,
                 google::protobuf::Message& out,
                 const Path& path);

  void Refuse(const Path& path,
              std::string_view reason,
              std::string_view text_id,
              std::string_view text_en);
  void RefuseType(const Path& path, std::string_view expected_id, std::string_view expected_en);
  bool full() const { return count_ >= kMaxViolations; }

 private:
  void ReadFields(const Node& node,
                  const MessagePlan& plan,
                  google::protobuf::Message& out,
                  const Path& path,
                  bool skip_type);
  void ReadList(const Node& node,
                const FieldPlan& field,
                google::protobuf::Message& out,
                const Path& path);
  void ReadMap(const Node& node,
               const FieldPlan& field,
               google::protobuf::Message& out,
               const Path& path);
  bool ReadMapKey(std::string_view text,
                  const FieldPlan& key,
                  google::protobuf::Message& entry,
                  const Path& path);
  void ReadEnum(const Node& node,
                const FieldPlan& field,
                google::protobuf::Message& out,
                const Path& path);
  void ReadInteger(const Node& node,
                   const FieldPlan& field,
                   google::protobuf::Message& out,
                   const Path& path);
  void ReadFloating(const Node& node,
                    const FieldPlan& field,
                    google::protobuf::Message& out,
                    const Path& path);
  void ReadText(const Node& node,
                const FieldPlan& field,
                google::protobuf::Message& out,
                const Path& path);
  void ReadTime(const Node& node,
                const MessagePlan& plan,
                google::protobuf::Message& out,
                const Path& path);
  void ReadFieldMask(const Node& node,
                     const MessagePlan& plan,
                     google::protobuf::Message& out,
                     const Path& path);
  void ReadStruct(const Node& node,
                  const MessagePlan& plan,
                  google::protobuf::Message& out,
                  const Path& path);
  void ReadDynamic(const Node& node,
                   const MessagePlan& plan,
                   google::protobuf::Message& out,
                   const Path& path);
  void ReadDynamicList(const Node& node,
                       const MessagePlan& plan,
                       google::protobuf::Message& out,
                       const Path& path);
  void ReadAny(const Node& node,
               const MessagePlan& plan,
               google::protobuf::Message& out,
               const Path& path);

  const Plans& plans_;
  errors::FieldViolations& violations_;
  int count_ = 0;
};

}  // namespace teraju::gateway::json
