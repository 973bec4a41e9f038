// Writes messages as JSON, by the proto3 JSON mapping: fields at their default are left out, 64-bit
// integers are strings, enums are names.
#pragma once

#include <string>

#include "google/protobuf/message.h"
#include "services/gateway/json/plan.h"

namespace teraju::gateway::json {

class Writer {
 public:
  Writer(const Plans& plans, std::string& out) : plans_(plans), out_(out) {}

  // False where a value has no JSON form: a time out of range, an Any of an unknown type. `out` is
  // then unfinished.
  bool WriteMessage(const google::protobuf::Message& message, const MessagePlan& plan);

 private:
  bool WriteFields(const google::protobuf::Message& message, const MessagePlan& plan, bool first);
  bool WriteMap(const google::protobuf::Message& message, const FieldPlan& field);
  bool WriteList(const google::protobuf::Message& message, const FieldPlan& field);
  // `index` is -1 for a field that is not repeated.
  bool WriteValue(const google::protobuf::Message& message, const FieldPlan& field, int index);
  bool WriteTime(const google::protobuf::Message& message, const MessagePlan& plan);
  bool WriteFieldMask(const google::protobuf::Message& message, const MessagePlan& plan);
  bool WriteDynamic(const google::protobuf::Message& message, const MessagePlan& plan);
  bool WriteAny(const google::protobuf::Message& message, const MessagePlan& plan);
  void WriteEnum(int number, const FieldPlan& field);
  template <typename T>
  void WriteInteger(T value);
  template <typename T>
  void WriteFloating(T value);

  const Plans& plans_;
  std::string& out_;
};

}  // namespace teraju::gateway::json
