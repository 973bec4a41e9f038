#include "common/api/field_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "common/api/field_behavior.h"
#include "common/api/field_format.h"
#include "common/api/strong_id.h"
#include "common/decimal/proto_decimal.h"
#include "common/errors/field_violations.h"
#include "common/errors/utf8.h"
#include "google/api/field_info.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMostCharacters = 1000;
constexpr int kMostItems = 1000;

// Which required fields of a message must be there. All of them, except in the resource of an
// Update.
class Demand {
 public:
  static Demand Everything() { return Demand(Kind::kEverything); }
  // By an update mask; without paths only what the client has sent changes.
  static Demand Of(const FieldMask& mask) {
    if (mask.paths_size() == 0) return Demand(Kind::kPopulated);
    if (mask.paths_size() == 1 && mask.paths(0) == "*") return Everything();
    Demand demand(Kind::kPaths);
    demand.paths_.assign(mask.paths().begin(), mask.paths().end());
    return demand;
  }

  bool Includes(const FieldDescriptor& field) const {
    return kind_ == Kind::kEverything || (kind_ == Kind::kPaths && Names(field));
  }

  // The demand on the message(s) in a field.
  Demand Within(const FieldDescriptor& field) const {
    if (kind_ == Kind::kPopulated) return field.is_repeated() ? Everything() : *this;
    if (kind_ != Kind::kPaths) return *this;
    if (Names(field)) return Everything();
    Demand demand(Kind::kNothing);
    for (const std::string& path : paths_) {
      if (!path.starts_with(field.name() + ".")) continue;
      demand.kind_ = Kind::kPaths;
      demand.paths_.push_back(path.substr(field.name().size() + 1));
    }
    return demand;
  }

 private:
  enum class Kind { kEverything, kPopulated, kPaths, kNothing };

  explicit Demand(Kind kind) : kind_(kind) {}
  bool Names(const FieldDescriptor& field) const {
    return std::find(paths_.begin(), paths_.end(), field.name()) != paths_.end();
  }

  Kind kind_;
  std::vector<std::string> paths_;
};

// One value of a field: the only one, or an element (`index` >= 0).
struct Place {
  const Message& message;
  const FieldDescriptor& field;
  int index;
};

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->FieldSize(message, &field) > 0
                             : reflection->HasField(message, &field);
}

bool IsMissing(const Message& message, const FieldDescriptor& field) {
  const bool is_bool = field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
  if (is_bool && !field.has_presence() && !field.is_repeated()) return false;
  if (!IsSet(message, field)) return true;
  return !field.is_repeated() && field.type() == FieldDescriptor::TYPE_STRING &&
         IsBlank(message.GetReflection()->GetString(message, &field));
}

std::string TextAt(const Place& place) {
  const Reflection* reflection = place.message.GetReflection();
  return place.index < 0 ? reflection->GetString(place.message, &place.field)
                         : reflection->GetRepeatedString(place.message, &place.field, place.index);
}

const Message& MessageAt(const Place& place) {
  const Reflection* reflection = place.message.GetReflection();
  return place.index < 0 ? reflection->GetMessage(place.message, &place.field)
                         : reflection->GetRepeatedMessage(place.message, &place.field, place.index);
}

int EnumAt(const Place& place) {
  const Reflection* reflection = place.message.GetReflection();
  return place.index < 0
             ? reflection->GetEnumValue(place.message, &place.field)
             : reflection->GetRepeatedEnumValue(place.message, &place.field, place.index);
}

// Integers of any width.
Decimal NumberAt(const Place& place) {
  const Reflection* reflection = place.message.GetReflection();
  const auto get = [&](auto one, auto element) {
    return Decimal(
        Integer(place.index < 0 ? (reflection->*one)(place.message, &place.field)
                                : (reflection->*element)(place.message, &place.field, place.index)),
        0);
  };
  switch (place.field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32);
    default:
      return get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64);
  }
}

class Checker {
 public:
  absl::Status Check(Message& request) {
    Visit(request, "", Demand::Everything());
    return violations_.ToStatus();
  }

 private:
  void Visit(Message& message, const std::string& path, const Demand& demand);
  void VisitValues(Message& message,
                   const FieldDescriptor& field,
                   const std::string& path,
                   const Demand& demand);
  void CheckItems(int items, const options::v1::Rules& rules, const std::string& path);
  void CheckValue(const Place& place, const options::v1::Rules& rules, const std::string& path);
  void CheckText(const std::string& text,
                 const FieldDescriptor& field,
                 const options::v1::Rules& rules,
                 const std::string& path);
  void CheckBounds(const Decimal& value, const options::v1::Rules& rules, const std::string& path);
  void CheckFormat(const std::string& text,
                   const options::v1::Rules& rules,
                   const std::string& path);

  errors::FieldViolations violations_;
};

const FieldMask* UpdateMaskOf(const Message& message) {
  const auto* field = message.GetDescriptor()->FindFieldByName("update_mask");
  if (field == nullptr || field->message_type() != FieldMask::descriptor()) return nullptr;
  return google::protobuf::DynamicCastToGenerated<FieldMask>(
      &message.GetReflection()->GetMessage(message, field));
}

void Checker::Visit(Message& message, const std::string& path, const Demand& demand) {
  const Descriptor* descriptor = message.GetDescriptor();
  const FieldMask* mask = UpdateMaskOf(message);
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor& field = *descriptor->field(i);
    if (Has(field, google::api::OUTPUT_ONLY)) {
      message.GetReflection()->ClearField(&message, &field);
      continue;
    }
    // The key and the value of a map have no names in JSON.
    const std::string below = descriptor->options().map_entry() ? path
                              : path.empty()                    ? field.json_name()
                                                                : path + "." + field.json_name();
    const bool required = Has(field, google::api::REQUIRED) && demand.Includes(field);
    if (required && IsMissing(message, field)) {
      violations_.Add(below, "REQUIRED", "Wajib diisi.", "Is required.");
    } else if (IsSet(message, field)) {
      const bool resource = mask != nullptr && !field.is_repeated();
      VisitValues(message, field, below, resource ? Demand::Of(*mask) : demand.Within(field));
    }
  }
}

void Checker::VisitValues(Message& message,
                          const FieldDescriptor& field,
                          const std::string& path,
                          const Demand& demand) {
  const Reflection* reflection = message.GetReflection();
  const options::v1::Rules& rules = field.options().GetExtension(options::v1::rules);
  const bool group = field.message_type() != nullptr && !IsValueMessage(*field.message_type());
  if (!field.is_repeated()) {
    if (group) return Visit(*reflection->MutableMessage(&message, &field), path, demand);
    return CheckValue({message, field, -1}, rules, path);
  }
  const int items = reflection->FieldSize(message, &field);
  CheckItems(items, rules, path);
  for (int i = 0; i < items; ++i) {
    const std::string element = field.is_map() ? path : fmt::format("{}[{}]", path, i);
    if (group) {
      Visit(*reflection->MutableRepeatedMessage(&message, &field, i), element, demand);
    } else {
      CheckValue({message, field, i}, rules, element);
    }
  }
}

void Checker::CheckItems(int items, const options::v1::Rules& rules, const std::string& path) {
  const int most = rules.max_items() > 0 ? rules.max_items() : kMostItems;
  if (items > most) {
    violations_.Add(path,
                    "TOO_MANY",
                    fmt::format("Paling banyak {} butir.", most),
                    fmt::format("Must have at most {} elements.", most));
  }
  if (items < rules.min_items()) {
    violations_.Add(path,
                    "TOO_FEW",
                    fmt::format("Paling sedikit {} butir.", rules.min_items()),
                    fmt::format("Must have at least {} elements.", rules.min_items()));
  }
}

void Checker::CheckValue(const Place& place,
                         const options::v1::Rules& rules,
                         const std::string& path) {
  switch (place.field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (place.field.type() == FieldDescriptor::TYPE_STRING) {
        CheckText(TextAt(place), place.field, rules, path);
      }
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      if (place.field.enum_type()->FindValueByNumber(EnumAt(place)) == nullptr) {
        violations_.Add(path,
                        "VALUE_UNKNOWN",
                        "Bukan salah satu pilihan yang didokumentasikan.",
                        "Is not one of the documented values.");
      }
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& message = MessageAt(place);
      if (!IsPossibleValue(message)) {
        violations_.Add(path,
                        "VALUE_IMPOSSIBLE",
                        "Nilai ini tidak ada; lihat bentuk yang didokumentasikan.",
                        "Is not a value of this type; see its documented form.");
      } else if (const auto* decimal =
                     google::protobuf::DynamicCastToGenerated<google::type::Decimal>(&message)) {
        CheckBounds(*FromProto(*decimal), rules, path);
      }
      return;
    }
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64: {
      const Decimal number = NumberAt(place);
      CheckBounds(number, rules, path);
      CheckFormat(number.ToString(), rules, path);
      return;
    }
    default:
      return;
  }
}

void Checker::CheckText(const std::string& text,
                        const FieldDescriptor& field,
                        const options::v1::Rules& rules,
                        const std::string& path) {
  if (!IsValidUtf8(text) || text.find('\0') != std::string::npos) {
    violations_.Add(path,
                    "TEXT_INVALID",
                    "Harus teks UTF-8 tanpa karakter nol.",
                    "Must be UTF-8 text without NUL characters.");
    return;
  }
  const int length = static_cast<int>(CountCharacters(text));
  const int most = rules.max_length() > 0 ? rules.max_length() : kMostCharacters;
  if (length > most) {
    violations_.Add(path,
                    "TOO_LONG",
                    fmt::format("Paling panjang {} karakter.", most),
                    fmt::format("Must have at most {} characters.", most));
  }
  if (length < rules.min_length()) {
    violations_.Add(path,
                    "TOO_SHORT",
                    fmt::format("Paling pendek {} karakter.", rules.min_length()),
                    fmt::format("Must have at least {} characters.", rules.min_length()));
  }
  CheckFormat(text, rules, path);
  const auto info = field.options().GetExtension(google::api::field_info);
  if (info.format() == google::api::FieldInfo::UUID4 && !IsUuid4(text)) {
    violations_.Add(path, "FORMAT", "Harus UUID versi 4.", "Must be a UUID of version 4.");
  }
}

void Checker::CheckBounds(const Decimal& value,
                          const options::v1::Rules& rules,
                          const std::string& path) {
  if (!rules.minimum().empty() && value < Decimal::Parse(rules.minimum()).value()) {
    violations_.Add(path,
                    "TOO_SMALL",
                    fmt::format("Paling kecil {}.", rules.minimum()),
                    fmt::format("Must be at least {}.", rules.minimum()));
  }
  if (!rules.maximum().empty() && value > Decimal::Parse(rules.maximum()).value()) {
    violations_.Add(path,
                    "TOO_LARGE",
                    fmt::format("Paling besar {}.", rules.maximum()),
                    fmt::format("Must be at most {}.", rules.maximum()));
  }
}

void Checker::CheckFormat(const std::string& text,
                          const options::v1::Rules& rules,
                          const std::string& path) {
  if (HasFormat(rules.format(), text)) return;
  const options::v1::Text described = DescribeFormat(rules.format());
  violations_.Add(path, "FORMAT", described.id(), described.en());
}

void ClearSensitive(Message& message) {
  const Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->options().GetExtension(options::v1::sensitive)) {
      reflection->ClearField(&message, field);
    } else if (field->message_type() == nullptr) {
      continue;
    } else if (field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        ClearSensitive(*reflection->MutableRepeatedMessage(&message, field, i));
      }
    } else {
      ClearSensitive(*reflection->MutableMessage(&message, field));
    }
  }
}

}  // namespace

absl::Status ApplyFieldRules(Message& request) { return Checker().Check(request); }

std::string RequestIdOf(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("request_id");
  const bool text =
      field != nullptr && !field->is_repeated() && field->type() == FieldDescriptor::TYPE_STRING;
  return text ? request.GetReflection()->GetString(request, field) : std::string();
}

bool ValidateOnly(const Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && !field->is_repeated() && field->type() == FieldDescriptor::TYPE_BOOL &&
         request.GetReflection()->GetBool(request, field);
}

std::string RedactedDebugString(const Message& message) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  copy->DiscardUnknownFields();
  ClearSensitive(*copy);
  return copy->ShortDebugString();
}

}  // namespace teraju::api
