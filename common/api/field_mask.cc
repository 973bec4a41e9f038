#include "common/api/field_mask.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/api/field_behavior.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsWritable(const FieldDescriptor& field) {
  return !Has(field, google::api::OUTPUT_ONLY) && !Has(field, google::api::IMMUTABLE) &&
         !Has(field, google::api::IDENTIFIER);
}

// Whether a merge goes into the field instead of replacing it.
bool IsGroup(const FieldDescriptor& field) {
  return !field.is_repeated() && field.message_type() != nullptr &&
         !IsValueMessage(*field.message_type());
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const auto* reflection = message.GetReflection();
  return field.is_repeated() ? reflection->FieldSize(message, &field) > 0
                             : reflection->HasField(message, &field);
}

enum class Unset { kLeave, kClear };

void MergeAll(Message& update, Unset unset, Message& stored);

// Makes the field of `stored` what it is in `update`, which loses it.
void Merge(Message& update, const FieldDescriptor& field, Unset unset, Message& stored) {
  if (!IsWritable(field)) return;
  const auto* reflection = stored.GetReflection();
  if (!IsSet(update, field)) {
    if (unset == Unset::kClear) reflection->ClearField(&stored, &field);
    return;
  }
  if (IsGroup(field)) {
    MergeAll(*reflection->MutableMessage(&update, &field),
             unset,
             *reflection->MutableMessage(&stored, &field));
    return;
  }
  // Otherwise the swap would hand the stored member of a oneof back to `update`.
  if (const auto* oneof = field.containing_oneof()) reflection->ClearOneof(&stored, oneof);
  reflection->ClearField(&stored, &field);
  reflection->SwapFields(&stored, &update, {&field});
}

void MergeAll(Message& update, Unset unset, Message& stored) {
  const Descriptor* descriptor = stored.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    Merge(update, *descriptor->field(i), unset, stored);
  }
}

absl::Status UnknownPath(std::string_view path) {
  return errors::InvalidArgument(errors::reasons::UPDATE_MASK_INVALID,
                                 fmt::format("update_mask: no field {}", path))
      .With("path", path);
}

// The fields on the way of a path; only the last may be repeated or a value message.
absl::StatusOr<std::vector<const FieldDescriptor*>> Resolve(const Descriptor* message,
                                                            std::string_view path) {
  std::vector<const FieldDescriptor*> fields;
  std::string_view rest = path;
  while (true) {
    const std::size_t dot = rest.find('.');
    const FieldDescriptor* field =
        message == nullptr ? nullptr : message->FindFieldByName(std::string(rest.substr(0, dot)));
    if (field == nullptr) return UnknownPath(path);
    fields.push_back(field);
    if (dot == std::string_view::npos) return fields;
    rest.remove_prefix(dot + 1);
    message = IsGroup(*field) ? field->message_type() : nullptr;
  }
}

void MergePath(const std::vector<const FieldDescriptor*>& path, Message& update, Message& stored) {
  Message* from = &update;
  Message* into = &stored;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const bool absent = !IsSet(*from, *path[i]) && !IsSet(*into, *path[i]);
    if (absent || !IsWritable(*path[i])) return;
    from = from->GetReflection()->MutableMessage(from, path[i]);
    into = into->GetReflection()->MutableMessage(into, path[i]);
  }
  Merge(*from, *path.back(), Unset::kClear, *into);
}

}  // namespace

absl::Status MergeByMask(const google::protobuf::FieldMask& mask,
                         const Message& update,
                         Message& stored) {
  const std::unique_ptr<Message> source(update.New());
  source->CopyFrom(update);
  if (mask.paths_size() == 0) {
    MergeAll(*source, Unset::kLeave, stored);
    return absl::OkStatus();
  }
  if (mask.paths_size() == 1 && mask.paths(0) == "*") {
    MergeAll(*source, Unset::kClear, stored);
    return absl::OkStatus();
  }
  // All paths are known before anything changes.
  std::vector<std::vector<const FieldDescriptor*>> paths;
  for (const std::string& path : mask.paths()) {
    ASSIGN_OR_RETURN(auto fields, Resolve(stored.GetDescriptor(), path));
    paths.push_back(std::move(fields));
  }
  for (const auto& path : paths) MergePath(path, *source, stored);
  return absl::OkStatus();
}

}  // namespace teraju::api
