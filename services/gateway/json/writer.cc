#include "services/gateway/json/writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "services/gateway/json/well_known.h"

namespace teraju::gateway::json {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string MapKey(const Message& entry, const FieldDescriptor* key) {
  const Reflection* reflection = entry.GetReflection();
  switch (key->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(entry, key) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(reflection->GetInt32(entry, key));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection->GetInt64(entry, key));
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(reflection->GetUInt32(entry, key));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(reflection->GetUInt64(entry, key));
    default:
      return reflection->GetString(entry, key);
  }
}

}  // namespace

bool Writer::WriteMessage(const Message& message, const MessagePlan& plan) {
  switch (plan.form) {
    case Form::kMessage:
      return WriteFields(message, plan, true);
    case Form::kAny:
      return WriteAny(message, plan);
    case Form::kTimestamp:
    case Form::kDuration:
      return WriteTime(message, plan);
    case Form::kFieldMask:
      return WriteFieldMask(message, plan);
    case Form::kStruct:
      return WriteMap(message, plan.fields[0]);
    case Form::kListValue:
      return WriteList(message, plan.fields[0]);
    case Form::kValue:
      return WriteDynamic(message, plan);
    case Form::kWrapper:
      return WriteValue(message, plan.fields[0], -1);
  }
  return false;
}

bool Writer::WriteFields(const Message& message, const MessagePlan& plan, bool first) {
  if (first) out_.push_back('{');
  for (const FieldPlan& field : plan.fields) {
    const bool present = field.field->is_repeated()
                             ? plan.reflection->FieldSize(message, field.field) > 0
                             : plan.reflection->HasField(message, field.field);
    if (!present) continue;
    if (!first) out_.push_back(',');
    first = false;
    out_ += field.quoted;
    const bool written = field.field->is_map()        ? WriteMap(message, field)
                         : field.field->is_repeated() ? WriteList(message, field)
                                                      : WriteValue(message, field, -1);
    if (!written) return false;
  }
  out_.push_back('}');
  return true;
}

bool Writer::WriteMap(const Message& message, const FieldPlan& field) {
  const Reflection* reflection = message.GetReflection();
  // In the order of their keys, so that equal messages give equal texts.
  std::vector<std::pair<std::string, const Message*>> entries;
  const int size = reflection->FieldSize(message, field.field);
  entries.reserve(static_cast<std::size_t>(size));
  for (int i = 0; i < size; ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, field.field, i);
    entries.emplace_back(MapKey(entry, field.message->fields[0].field), &entry);
  }
  std::sort(entries.begin(), entries.end());
  out_.push_back('{');
  bool first = true;
  for (const auto& [key, entry] : entries) {
    if (!first) out_.push_back(',');
    first = false;
    AppendQuoted(key, out_);
    out_.push_back(':');
    if (!WriteValue(*entry, field.message->fields[1], -1)) return false;
  }
  out_.push_back('}');
  return true;
}

bool Writer::WriteList(const Message& message, const FieldPlan& field) {
  out_.push_back('[');
  const int size = message.GetReflection()->FieldSize(message, field.field);
  for (int i = 0; i < size; ++i) {
    if (i > 0) out_.push_back(',');
    if (!WriteValue(message, field, i)) return false;
  }
  out_.push_back(']');
  return true;
}

template <typename T>
void Writer::WriteInteger(T value) {
  // JavaScript's numbers hold 53 bits: the mapping writes 64-bit integers as strings.
  constexpr std::string_view kQuote = sizeof(T) == 8 ? "\"" : "";
  char buffer[24];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  out_.append(kQuote).append(buffer, end).append(kQuote);
}

template <typename T>
void Writer::WriteFloating(T value) {
  if (std::isnan(value)) {
    out_ += "\"NaN\"";
  } else if (std::isinf(value)) {
    out_ += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    // The shortest text that reads back as the same number.
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof(buffer), value);
    out_.append(buffer, end);
  }
}

bool Writer::WriteValue(const Message& message, const FieldPlan& field, int index) {
  const Reflection* r = message.GetReflection();
  const FieldDescriptor* f = field.field;
  const bool one = index < 0;
  switch (f->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return WriteMessage(
          one ? r->GetMessage(message, f) : r->GetRepeatedMessage(message, f, index),
          *field.message);
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text = one ? r->GetStringReference(message, f, &scratch)
                                    : r->GetRepeatedStringReference(message, f, index, &scratch);
      if (f->type() != FieldDescriptor::TYPE_BYTES) {
        AppendQuoted(text, out_);
        return true;
      }
      out_.push_back('"');
      AppendBase64(text, out_);
      out_.push_back('"');
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      out_ +=
          (one ? r->GetBool(message, f) : r->GetRepeatedBool(message, f, index)) ? "true" : "false";
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      WriteInteger(one ? r->GetInt32(message, f) : r->GetRepeatedInt32(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_UINT32:
      WriteInteger(one ? r->GetUInt32(message, f) : r->GetRepeatedUInt32(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_INT64:
      WriteInteger(one ? r->GetInt64(message, f) : r->GetRepeatedInt64(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_UINT64:
      WriteInteger(one ? r->GetUInt64(message, f) : r->GetRepeatedUInt64(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      WriteFloating(one ? r->GetDouble(message, f) : r->GetRepeatedDouble(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_FLOAT:
      WriteFloating(one ? r->GetFloat(message, f) : r->GetRepeatedFloat(message, f, index));
      return true;
    case FieldDescriptor::CPPTYPE_ENUM:
      WriteEnum(one ? r->GetEnumValue(message, f) : r->GetRepeatedEnumValue(message, f, index),
                field);
      return true;
  }
  return false;
}

void Writer::WriteEnum(int number, const FieldPlan& field) {
  if (field.null_value) {
    out_ += "null";
    return;
  }
  const EnumValueDescriptor* value = field.field->enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    WriteInteger(number);
  } else {
    out_.append("\"").append(value->name()).append("\"");
  }
}

bool Writer::WriteTime(const Message& message, const MessagePlan& plan) {
  const SecondsNanos value{plan.reflection->GetInt64(message, plan.fields[0].field),
                           plan.reflection->GetInt32(message, plan.fields[1].field)};
  const std::optional<std::string> text =
      plan.form == Form::kTimestamp ? FormatTimestamp(value) : FormatDuration(value);
  if (!text) return false;
  out_.append("\"").append(*text).append("\"");
  return true;
}

bool Writer::WriteFieldMask(const Message& message, const MessagePlan& plan) {
  const FieldDescriptor* paths = plan.fields[0].field;
  std::string text;
  for (int i = 0; i < plan.reflection->FieldSize(message, paths); ++i) {
    text.append(i > 0 ? "," : "")
        .append(MaskPathToJson(plan.reflection->GetRepeatedString(message, paths, i)));
  }
  AppendQuoted(text, out_);
  return true;
}

bool Writer::WriteDynamic(const Message& message, const MessagePlan& plan) {
  for (const FieldPlan& field : plan.fields) {
    if (!plan.reflection->HasField(message, field.field)) continue;
    // JSON numbers are finite.
    if (field.field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE &&
        !std::isfinite(plan.reflection->GetDouble(message, field.field))) {
      return false;
    }
    return WriteValue(message, field, -1);
  }
  out_ += "null";
  return true;
}

bool Writer::WriteAny(const Message& message, const MessagePlan& plan) {
  const std::string url = plan.reflection->GetString(message, plan.fields[0].field);
  if (url.empty()) {
    out_ += "{}";
    return true;
  }
  const MessagePlan* inner = plans_.Find(std::string_view(url).substr(url.rfind('/') + 1));
  if (inner == nullptr) return false;
  const std::unique_ptr<Message> value(inner->prototype->New());
  if (!value->ParseFromString(plan.reflection->GetString(message, plan.fields[1].field)))
    return false;
  out_ += "{\"@type\":";
  AppendQuoted(url, out_);
  if (inner->form == Form::kMessage) return WriteFields(*value, *inner, false);
  out_ += ",\"value\":";
  if (!WriteMessage(*value, *inner)) return false;
  out_.push_back('}');
  return true;
}

}  // namespace teraju::gateway::json
