#include "services/gateway/openapi/schema.h"

#include <boost/json/array.hpp>
#include <utility>

#include "google/api/field_behavior.pb.h"
#include "google/api/field_info.pb.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::gateway {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

bool HasBehavior(const FieldDescriptor* field, google::api::FieldBehavior behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

json::object Text(const char* format) { return {{"type", "string"}, {"format", format}}; }

json::object OfEnum(const EnumDescriptor* type) {
  if (type->full_name() == "google.protobuf.NullValue") return {{"type", "null"}};
  json::array names;
  for (int i = 0; i < type->value_count(); ++i) names.emplace_back(type->value(i)->name());
  return {{"type", "string"}, {"enum", std::move(names)}};
}

// The JSON form of a well-known type; empty for other messages.
json::object OfWellKnown(const Descriptor* message) {
  switch (message->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return Text("date-time");
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}};
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return {{"type", "string"}, {"description", "Names of fields, parted by commas."}};
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return {{"type", "object"}, {"additionalProperties", true}};
    case Descriptor::WELLKNOWNTYPE_VALUE:
      return {{"description", "Any JSON value."}};
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return {{"type", "array"}, {"items", json::object()}};
    case Descriptor::WELLKNOWNTYPE_ANY:
      return {{"type", "object"},
              {"properties", {{"@type", {{"type", "string"}}}}},
              {"additionalProperties", true}};
    default:
      return {};
  }
}

void AddRules(const FieldDescriptor* field, json::object& schema) {
  const auto& rules = field->options().GetExtension(options::v1::rules);
  const bool text = field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
  if (text && rules.min_length() > 0) schema["minLength"] = rules.min_length();
  if (text && rules.max_length() > 0) schema["maxLength"] = rules.max_length();
  if (field->is_repeated() && !field->is_map()) {
    if (rules.min_items() > 0) schema["minItems"] = rules.min_items();
    if (rules.max_items() > 0) schema["maxItems"] = rules.max_items();
  }
  if (field->options().GetExtension(google::api::field_info).format() ==
      google::api::FieldInfo::UUID4) {
    schema["format"] = "uuid";
  }
  if (IsOutputOnly(field)) schema["readOnly"] = true;
  if (HasBehavior(field, google::api::INPUT_ONLY)) schema["writeOnly"] = true;
}

}  // namespace

bool IsOutputOnly(const FieldDescriptor* field) {
  return HasBehavior(field, google::api::OUTPUT_ONLY);
}
bool IsRequired(const FieldDescriptor* field) { return HasBehavior(field, google::api::REQUIRED); }

json::object Schemas::Of(const Descriptor* message) {
  if (json::object known = OfWellKnown(message); !known.empty()) return known;
  if (message->file()->name() == "google/protobuf/wrappers.proto")
    return OfValue(message->field(0));
  if (known_.insert(message->full_name()).second) waiting_.push_back(message);
  return {{"$ref", "#/components/schemas/" + message->full_name()}};
}

json::object Schemas::OfValue(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Of(field->message_type());
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumDescriptor* type = field->enum_type();
      if (known_.insert(type->full_name()).second) {
        json::object schema = OfEnum(type);
        if (const std::string comment = contract_.CommentOf(type); !comment.empty())
          schema["description"] = comment;
        components_[type->full_name()] = std::move(schema);
      }
      return {{"$ref", "#/components/schemas/" + type->full_name()}};
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"},
              {"format", field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ? "int32" : "uint32"}};
    case FieldDescriptor::CPPTYPE_INT64:
      return Text("int64");
    case FieldDescriptor::CPPTYPE_UINT64:
      return Text("uint64");
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_STRING:
      if (field->type() == FieldDescriptor::TYPE_BYTES)
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      return {{"type", "string"}};
  }
  return {};
}

json::object Schemas::Of(const FieldDescriptor* field) {
  json::object schema;
  if (field->is_map()) {
    schema = {{"type", "object"},
              {"additionalProperties", OfValue(field->message_type()->map_value())}};
  } else if (field->is_repeated()) {
    schema = {{"type", "array"}, {"items", OfValue(field)}};
  } else {
    schema = OfValue(field);
  }
  AddRules(field, schema);
  if (const std::string comment = contract_.CommentOf(field); !comment.empty())
    schema["description"] = comment;
  return schema;
}

json::object Schemas::Describe(const Descriptor* message) {
  json::object properties;
  json::array required;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    properties[field->json_name()] = Of(field);
    if (IsRequired(field) && !IsOutputOnly(field)) required.emplace_back(field->json_name());
  }
  json::object schema = {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (const std::string comment = contract_.CommentOf(message); !comment.empty())
    schema["description"] = comment;
  return schema;
}

json::object Schemas::TakeComponents() {
  while (!waiting_.empty()) {
    const Descriptor* message = waiting_.back();
    waiting_.pop_back();
    components_[message->full_name()] = Describe(message);
  }
  return std::move(components_);
}

}  // namespace teraju::gateway
