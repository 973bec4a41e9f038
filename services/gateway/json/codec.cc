#include "services/gateway/json/codec.h"

#include <fmt/format.h>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/gateway/json/reader.h"
#include "services/gateway/json/well_known.h"
#include "services/gateway/json/writer.h"

namespace teraju::gateway::json {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whether a mask names what is inside. Services take a date or an amount as one value.
bool IsEntered(const FieldPlan& field) {
  return field.message != nullptr && !field.field->is_repeated() &&
         field.message->form == Form::kMessage &&
         !field.field->message_type()->full_name().starts_with("google.");
}

void AddPaths(const Node& node,
              const MessagePlan& plan,
              const std::string& prefix,
              std::vector<std::string>& paths) {
  for (const Node& child : ChildrenOf(node)) {
    const FieldPlan* field = plan.Find(child.key);
    if (field == nullptr) continue;
    const std::string path =
        fmt::format("{}{}{}", prefix, prefix.empty() ? "" : ".", field->field->name());
    if (child.kind == Kind::kObject && child.size > 0 && IsEntered(*field)) {
      AddPaths(child, *field->message, path, paths);
    } else {
      paths.push_back(path);
    }
  }
}

// How a text stands for a value of the field: everything but booleans has a quoted form in JSON
// already.
Node TextNode(std::string_view text, const FieldPlan& field) {
  const bool boolean =
      field.field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL ||
      (field.message != nullptr && field.message->form == Form::kWrapper &&
       field.message->fields[0].field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL);
  Node node;
  node.kind = boolean && text == "true"    ? Kind::kTrue
              : boolean && text == "false" ? Kind::kFalse
                                           : Kind::kString;
  node.text = text;
  return node;
}

}  // namespace

absl::Status Codec::Parse(std::string_view text, Message& out) const {
  ASSIGN_OR_RETURN(const Document document, Document::Parse(text));
  return Read(*document.root(), out);
}

absl::Status Codec::Read(const Node& node, Message& out) const {
  errors::FieldViolations violations;
  Reader(plans_, violations).ReadMessage(node, plans_.Of(out.GetDescriptor()), out, Path{});
  return violations.ToStatus();
}

absl::Status Codec::ReadField(const Node& node, const FieldDescriptor* field, Message& out) const {
  errors::FieldViolations violations;
  const FieldPlan* plan = plans_.Of(out.GetDescriptor()).Find(field->name());
  Reader(plans_, violations).ReadField(node, *plan, out, Path{nullptr, plan->name});
  return violations.ToStatus();
}

absl::Status Codec::SetText(std::string_view path, std::string_view text, Message& out) const {
  errors::FieldViolations violations;
  Reader reader(plans_, violations);
  const Path whole{nullptr, path};
  const auto unknown = [&] {
    reader.Refuse(whole,
                  "UNKNOWN_FIELD",
                  "Parameter ini tidak dikenal. Hapus, atau perbaiki namanya.",
                  "There is no such parameter. Remove it or correct its name.");
    return violations.ToStatus();
  };
  Message* message = &out;
  const std::vector<std::string_view> names = Split(path, '.');
  for (std::size_t i = 0; i < names.size(); ++i) {
    const MessagePlan& plan = plans_.Of(message->GetDescriptor());
    const FieldPlan* field = plan.form == Form::kMessage ? plan.Find(names[i]) : nullptr;
    if (field == nullptr || field->field->is_map()) return unknown();
    if (i + 1 < names.size()) {
      if (field->message == nullptr || field->field->is_repeated()) return unknown();
      message = plan.reflection->MutableMessage(message, field->field);
      continue;
    }
    if (field->message != nullptr &&
        (field->message->form == Form::kMessage || field->message->form == Form::kAny ||
         field->message->form == Form::kStruct || field->message->form == Form::kListValue)) {
      return unknown();
    }
    if (field->field->is_repeated()) {
      reader.ReadValue(TextNode(text, *field), *field, *message, whole);
    } else {
      reader.ReadField(TextNode(text, *field), *field, *message, whole);
    }
  }
  return violations.ToStatus();
}

std::vector<std::string> Codec::PathsOf(const Node& body,
                                        const google::protobuf::Descriptor* type) const {
  std::vector<std::string> paths;
  if (body.kind == Kind::kObject) AddPaths(body, plans_.Of(type), "", paths);
  return paths;
}

absl::StatusOr<std::string> Codec::Print(const Message& message) const {
  std::string out;
  out.reserve(1024);
  if (!Writer(plans_, out).WriteMessage(message, plans_.Of(message.GetDescriptor()))) {
    return errors::Internal(
        errors::reasons::INTERNAL_FAULT,
        fmt::format("A value of {} has no JSON form.", message.GetDescriptor()->full_name()));
  }
  return out;
}

}  // namespace teraju::gateway::json
