#include "services/gateway/json/reader.h"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>

#include "services/gateway/json/well_known.h"

namespace teraju::gateway::json {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const Node* Member(const Node& object, std::string_view key) {
  for (const Node& child : ChildrenOf(object)) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

bool TakesNull(const FieldPlan& field) {
  return field.null_value || (field.message != nullptr && field.message->form == Form::kValue);
}

// Sets a scalar, or appends it where the field is repeated.
template <typename Set, typename Add>
void Store(const FieldPlan& field, Set set, Add add) {
  if (field.field->is_repeated()) {
    add();
  } else {
    set();
  }
}

}  // namespace

void Reader::Refuse(const Path& path,
                    std::string_view reason,
                    std::string_view text_id,
                    std::string_view text_en) {
  if (full()) return;
  ++count_;
  violations_.Add(path.ToString(), reason, text_id, text_en);
}

void Reader::RefuseType(const Path& path,
                        std::string_view expected_id,
                        std::string_view expected_en) {
  Refuse(path,
         "WRONG_TYPE",
         fmt::format("Isi dengan {}.", expected_id),
         fmt::format("Give {}.", expected_en));
}

void Reader::ReadMessage(const Node& node,
                         const MessagePlan& plan,
                         Message& out,
                         const Path& path) {
  switch (plan.form) {
    case Form::kMessage:
      return ReadFields(node, plan, out, path, false);
    case Form::kAny:
      return ReadAny(node, plan, out, path);
    case Form::kTimestamp:
    case Form::kDuration:
      return ReadTime(node, plan, out, path);
    case Form::kFieldMask:
      return ReadFieldMask(node, plan, out, path);
    case Form::kStruct:
      return ReadStruct(node, plan, out, path);
    case Form::kValue:
      return ReadDynamic(node, plan, out, path);
    case Form::kListValue:
      return ReadDynamicList(node, plan, out, path);
    case Form::kWrapper:
      return ReadValue(node, plan.fields.front(), out, path);
  }
}

void Reader::ReadFields(
    const Node& node, const MessagePlan& plan, Message& out, const Path& path, bool skip_type) {
  if (node.kind != Kind::kObject) return RefuseType(path, "objek JSON", "a JSON object");
  for (const Node& child : ChildrenOf(node)) {
    if (full()) return;
    if (skip_type && child.key == "@type") continue;
    const Path below{&path, child.key};
    const FieldPlan* field = plan.Find(child.key);
    if (field == nullptr) {
      Refuse(below,
             "UNKNOWN_FIELD",
             "Isian ini tidak dikenal. Hapus, atau perbaiki namanya.",
             "There is no such field. Remove it or correct its name.");
      continue;
    }
    // Both spellings of one field are two values for it.
    if (child.key != field->name && Member(node, field->name) != nullptr) {
      Refuse(below,
             "FIELD_TWICE",
             "Isian ini ditulis dua kali dengan dua ejaan. Tulis sekali saja.",
             "This field is given twice, in two spellings. Give it once.");
      continue;
    }
    ReadField(child, *field, out, below);
  }
}

void Reader::ReadField(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  if (node.kind == Kind::kNull && (field.field->is_repeated() || !TakesNull(field))) return;
  if (const auto* oneof = field.field->real_containing_oneof();
      oneof != nullptr && out.GetReflection()->HasOneof(out, oneof)) {
    Refuse(path,
           "ONEOF_TWICE",
           fmt::format("Isi hanya satu dari pilihan {}.", oneof->name()),
           fmt::format("Give only one of the choices of {}.", oneof->name()));
    return;
  }
  if (field.field->is_map()) return ReadMap(node, field, out, path);
  if (field.field->is_repeated()) return ReadList(node, field, out, path);
  ReadValue(node, field, out, path);
}

void Reader::ReadList(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  if (node.kind != Kind::kArray) return RefuseType(path, "larik JSON", "a JSON array");
  std::size_t index = 0;
  for (const Node& child : ChildrenOf(node)) {
    if (full()) return;
    ReadValue(child, field, out, Path{&path, {}, index++});
  }
}

void Reader::ReadMap(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  if (node.kind != Kind::kObject) return RefuseType(path, "objek JSON", "a JSON object");
  const FieldPlan& key = field.message->fields[0];
  const FieldPlan& value = field.message->fields[1];
  for (const Node& child : ChildrenOf(node)) {
    if (full()) return;
    const Path below{&path, child.key};
    Message* entry = out.GetReflection()->AddMessage(&out, field.field);
    if (!ReadMapKey(child.key, key, *entry, below)) continue;
    if (child.kind == Kind::kNull && !TakesNull(value)) {
      RefuseType(below, "nilai, bukan null", "a value, not null");
      continue;
    }
    ReadValue(child, value, *entry, below);
  }
}

bool Reader::ReadMapKey(std::string_view text,
                        const FieldPlan& key,
                        Message& entry,
                        const Path& path) {
  Node node;
  node.text = text;
  switch (key.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      node.kind = Kind::kString;
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") {
        RefuseType(path, "kunci true atau false", "true or false as key");
        return false;
      }
      node.kind = text == "true" ? Kind::kTrue : Kind::kFalse;
      break;
    default:
      node.kind = Kind::kNumber;
      // Only the plain form, so that no key can be written in two ways.
      if (text.find_first_not_of("-0123456789") != std::string_view::npos || text == "-0") {
        RefuseType(path, "kunci bilangan bulat", "a whole number as key");
        return false;
      }
  }
  const int before = count_;
  ReadValue(node, key, entry, path);
  return count_ == before;
}

void Reader::ReadValue(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  if (node.kind == Kind::kNull && !TakesNull(field))
    return RefuseType(path, "nilai, bukan null", "a value, not null");
  switch (field.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const google::protobuf::Reflection* reflection = out.GetReflection();
      Message* below = field.field->is_repeated() ? reflection->AddMessage(&out, field.field)
                                                  : reflection->MutableMessage(&out, field.field);
      return ReadMessage(node, *field.message, *below, path);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return ReadText(node, field, out, path);
    case FieldDescriptor::CPPTYPE_ENUM:
      return ReadEnum(node, field, out, path);
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ReadFloating(node, field, out, path);
    case FieldDescriptor::CPPTYPE_BOOL: {
      if (node.kind != Kind::kTrue && node.kind != Kind::kFalse)
        return RefuseType(path, "true atau false", "true or false");
      const google::protobuf::Reflection* reflection = out.GetReflection();
      const bool value = node.kind == Kind::kTrue;
      return Store(
          field,
          [&] { reflection->SetBool(&out, field.field, value); },
          [&] { reflection->AddBool(&out, field.field, value); });
    }
    default:
      return ReadInteger(node, field, out, path);
  }
}

void Reader::ReadText(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  if (node.kind != Kind::kString)
    return RefuseType(path, "teks dalam tanda kutip", "text in quotes");
  const google::protobuf::Reflection* reflection = out.GetReflection();
  std::string value;
  if (field.field->type() == FieldDescriptor::TYPE_BYTES) {
    std::optional<std::string> bytes = ParseBase64(node.text);
    if (!bytes) return RefuseType(path, "bita dalam base64", "bytes in base64");
    value = *std::move(bytes);
  } else {
    value = std::string(node.text);
  }
  Store(
      field,
      [&] { reflection->SetString(&out, field.field, std::move(value)); },
      [&] { reflection->AddString(&out, field.field, std::move(value)); });
}

void Reader::ReadEnum(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  const EnumValueDescriptor* value = nullptr;
  if (field.null_value) {
    if (node.kind == Kind::kNull || (node.kind == Kind::kString && node.text == "NULL_VALUE")) {
      value = field.field->enum_type()->FindValueByNumber(0);
    }
  } else if (node.kind == Kind::kString) {
    value = field.field->enum_type()->FindValueByName(std::string(node.text));
    // Query parameters and quoted numbers.
    if (const auto number = ParseSigned(node.text);
        value == nullptr && number && *number == static_cast<int>(*number)) {
      value = field.field->enum_type()->FindValueByNumber(static_cast<int>(*number));
    }
  } else if (node.kind == Kind::kNumber) {
    const auto number = ParseSigned(node.text);
    if (number && *number == static_cast<int>(*number)) {
      value = field.field->enum_type()->FindValueByNumber(static_cast<int>(*number));
    }
  }
  if (value == nullptr) {
    return RefuseType(path,
                      fmt::format("salah satu nilai {}", field.field->enum_type()->name()),
                      fmt::format("one of the values of {}", field.field->enum_type()->name()));
  }
  const google::protobuf::Reflection* reflection = out.GetReflection();
  Store(
      field,
      [&] { reflection->SetEnum(&out, field.field, value); },
      [&] { reflection->AddEnum(&out, field.field, value); });
}

void Reader::ReadInteger(const Node& node, const FieldPlan& field, Message& out, const Path& path) {
  const auto refuse = [&] {
    RefuseType(path, "bilangan bulat dalam jangkauannya", "a whole number within its range");
  };
  if (node.kind != Kind::kNumber && node.kind != Kind::kString) return refuse();
  const google::protobuf::Reflection* reflection = out.GetReflection();
  if (field.field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
      field.field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    const std::optional<std::uint64_t> value = ParseUnsigned(node.text);
    if (!value) return refuse();
    if (field.field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
      return Store(
          field,
          [&] { reflection->SetUInt64(&out, field.field, *value); },
          [&] { reflection->AddUInt64(&out, field.field, *value); });
    }
    if (*value > std::numeric_limits<std::uint32_t>::max()) return refuse();
    const auto narrow = static_cast<std::uint32_t>(*value);
    return Store(
        field,
        [&] { reflection->SetUInt32(&out, field.field, narrow); },
        [&] { reflection->AddUInt32(&out, field.field, narrow); });
  }
  const std::optional<std::int64_t> value = ParseSigned(node.text);
  if (!value) return refuse();
  if (field.field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    return Store(
        field,
        [&] { reflection->SetInt64(&out, field.field, *value); },
        [&] { reflection->AddInt64(&out, field.field, *value); });
  }
  const auto narrow = static_cast<std::int32_t>(*value);
  if (narrow != *value) return refuse();
  Store(
      field,
      [&] { reflection->SetInt32(&out, field.field, narrow); },
      [&] { reflection->AddInt32(&out, field.field, narrow); });
}

void Reader::ReadFloating(const Node& node,
                          const FieldPlan& field,
                          Message& out,
                          const Path& path) {
  using Limits = std::numeric_limits<double>;
  const bool narrow = field.field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT;
  std::optional<double> value;
  if (node.kind == Kind::kString && node.text == "NaN") {
    value = Limits::quiet_NaN();
  } else if (node.kind == Kind::kString && node.text == "Infinity") {
    value = Limits::infinity();
  } else if (node.kind == Kind::kString && node.text == "-Infinity") {
    value = -Limits::infinity();
  } else if (node.kind == Kind::kNumber || node.kind == Kind::kString) {
    if (narrow) {
      value = ParseFloat(node.text);
    } else {
      value = ParseDouble(node.text);
    }
  }
  if (!value) return RefuseType(path, "bilangan dalam jangkauannya", "a number within its range");
  const google::protobuf::Reflection* reflection = out.GetReflection();
  if (narrow) {
    return Store(
        field,
        [&] { reflection->SetFloat(&out, field.field, static_cast<float>(*value)); },
        [&] { reflection->AddFloat(&out, field.field, static_cast<float>(*value)); });
  }
  Store(
      field,
      [&] { reflection->SetDouble(&out, field.field, *value); },
      [&] { reflection->AddDouble(&out, field.field, *value); });
}

}  // namespace teraju::gateway::json
