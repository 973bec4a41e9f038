// The types with a JSON form of their own.
#include <optional>
#include <string>

#include "services/gateway/json/reader.h"
#include "services/gateway/json/well_known.h"

namespace teraju::gateway::json {
namespace {

using google::protobuf::Message;

constexpr std::string_view kTypePrefix = "type.googleapis.com/";

}  // namespace

void Reader::ReadTime(const Node& node, const MessagePlan& plan, Message& out, const Path& path) {
  std::optional<SecondsNanos> value;
  if (node.kind == Kind::kString) {
    value = plan.form == Form::kTimestamp ? ParseTimestamp(node.text) : ParseDuration(node.text);
  }
  if (!value) {
    return plan.form == Form::kTimestamp
               ? RefuseType(path,
                            "waktu seperti \"2025-01-31T10:00:00Z\"",
                            "a time such as \"2025-01-31T10:00:00Z\"")
               : RefuseType(path, "lama seperti \"1.5s\"", "a duration such as \"1.5s\"");
  }
  plan.reflection->SetInt64(&out, plan.fields[0].field, value->seconds);
  plan.reflection->SetInt32(&out, plan.fields[1].field, value->nanos);
}

void Reader::ReadFieldMask(const Node& node,
                           const MessagePlan& plan,
                           Message& out,
                           const Path& path) {
  const auto refuse = [&] {
    RefuseType(path,
               "daftar isian seperti \"judul,target.nilai\"",
               "a list of fields such as \"title,target.value\"");
  };
  if (node.kind != Kind::kString) return refuse();
  if (node.text.empty()) return;
  for (const std::string_view part : Split(node.text, ',')) {
    std::optional<std::string> snake = MaskPathFromJson(part);
    if (!snake) return refuse();
    plan.reflection->AddString(&out, plan.fields[0].field, *std::move(snake));
  }
}

void Reader::ReadStruct(const Node& node, const MessagePlan& plan, Message& out, const Path& path) {
  ReadMap(node, plan.fields[0], out, path);
}

void Reader::ReadDynamicList(const Node& node,
                             const MessagePlan& plan,
                             Message& out,
                             const Path& path) {
  ReadList(node, plan.fields[0], out, path);
}

void Reader::ReadDynamic(const Node& node,
                         const MessagePlan& plan,
                         Message& out,
                         const Path& path) {
  // google.protobuf.Value: null_value = 1, number_value = 2, string_value = 3, bool_value = 4,
  // struct_value = 5, list_value = 6.
  static constexpr std::size_t kField[] = {0, 3, 3, 1, 2, 5, 4};  // by Kind
  ReadValue(node, plan.fields[kField[static_cast<std::size_t>(node.kind)]], out, path);
}

void Reader::ReadAny(const Node& node, const MessagePlan& plan, Message& out, const Path& path) {
  if (node.kind != Kind::kObject)
    return RefuseType(path, "objek JSON dengan @type", "a JSON object with @type");
  if (node.size == 0) return;
  const Node* type = nullptr;
  const Node* value = nullptr;
  for (const Node& child : ChildrenOf(node)) {
    if (child.key == "@type") type = &child;
    if (child.key == "value") value = &child;
  }
  const bool named =
      type != nullptr && type->kind == Kind::kString && type->text.starts_with(kTypePrefix);
  const MessagePlan* inner = named ? plans_.Find(type->text.substr(kTypePrefix.size())) : nullptr;
  if (inner == nullptr) {
    return Refuse(Path{&path, "@type"},
                  "UNKNOWN_TYPE",
                  "Isi dengan jenis yang dikenal, type.googleapis.com/….",
                  "Give a known type, type.googleapis.com/….");
  }
  const std::unique_ptr<Message> message(inner->prototype->New());
  if (inner->form == Form::kMessage) {
    ReadFields(node, *inner, *message, path, true);
  } else if (value != nullptr && node.size == 2) {
    ReadMessage(*value, *inner, *message, Path{&path, "value"});
  } else {
    return RefuseType(path, "anggota @type dan value saja", "the members @type and value only");
  }
  plan.reflection->SetString(&out, plan.fields[0].field, std::string(type->text));
  plan.reflection->SetString(&out, plan.fields[1].field, message->SerializeAsString());
}

}  // namespace teraju::gateway::json
