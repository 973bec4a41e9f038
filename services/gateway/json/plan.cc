#include "services/gateway/json/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/empty.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/wrappers.pb.h"

namespace teraju::gateway::json {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

Form FormOf(const Descriptor* descriptor) {
  switch (descriptor->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_DOUBLEVALUE:
    case Descriptor::WELLKNOWNTYPE_FLOATVALUE:
    case Descriptor::WELLKNOWNTYPE_INT64VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT64VALUE:
    case Descriptor::WELLKNOWNTYPE_INT32VALUE:
    case Descriptor::WELLKNOWNTYPE_UINT32VALUE:
    case Descriptor::WELLKNOWNTYPE_STRINGVALUE:
    case Descriptor::WELLKNOWNTYPE_BYTESVALUE:
    case Descriptor::WELLKNOWNTYPE_BOOLVALUE:
      return Form::kWrapper;
    case Descriptor::WELLKNOWNTYPE_ANY:
      return Form::kAny;
    case Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return Form::kFieldMask;
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return Form::kDuration;
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return Form::kTimestamp;
    case Descriptor::WELLKNOWNTYPE_VALUE:
      return Form::kValue;
    case Descriptor::WELLKNOWNTYPE_LISTVALUE:
      return Form::kListValue;
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return Form::kStruct;
    default:
      return Form::kMessage;
  }
}

}  // namespace

const FieldPlan* MessagePlan::Find(std::string_view name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

Plans::Plans(const std::vector<const FileDescriptor*>& files,
             google::protobuf::MessageFactory& factory) {
  for (const FileDescriptor* file : files) AddFile(file, factory);
  Add(google::protobuf::Any::descriptor(), factory);
  Add(google::protobuf::Duration::descriptor(), factory);
  Add(google::protobuf::Empty::descriptor(), factory);
  Add(google::protobuf::FieldMask::descriptor(), factory);
  Add(google::protobuf::Struct::descriptor(), factory);
  Add(google::protobuf::Timestamp::descriptor(), factory);
  AddFile(google::protobuf::StringValue::descriptor()->file(), factory);
}

const MessagePlan* Plans::Find(std::string_view full_name) const {
  const auto found = by_full_name_.find(full_name);
  return found == by_full_name_.end() ? nullptr : found->second;
}

void Plans::AddFile(const FileDescriptor* file, google::protobuf::MessageFactory& factory) {
  // Descriptors describe themselves in proto2, which has no JSON form here.
  if (file->name() == "google/protobuf/descriptor.proto") return;
  for (int i = 0; i < file->message_type_count(); ++i) Add(file->message_type(i), factory);
  for (int i = 0; i < file->dependency_count(); ++i) AddFile(file->dependency(i), factory);
}

MessagePlan* Plans::Add(const Descriptor* descriptor, google::protobuf::MessageFactory& factory) {
  if (const auto known = by_type_.find(descriptor); known != by_type_.end()) return known->second;
  MessagePlan* plan = &plans_.emplace_back();
  by_type_.emplace(descriptor, plan);
  by_full_name_.emplace(descriptor->full_name(), plan);
  plan->descriptor = descriptor;
  plan->prototype = factory.GetPrototype(descriptor);
  plan->reflection = plan->prototype->GetReflection();
  plan->form = FormOf(descriptor);
  plan->fields.reserve(static_cast<std::size_t>(descriptor->field_count()));
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    FieldPlan& made = plan->fields.emplace_back();
    made.field = field;
    made.name = field->json_name();
    made.quoted = fmt::format("\"{}\":", field->json_name());
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      made.message = Add(field->message_type(), factory);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      made.null_value = field->enum_type()->full_name() == "google.protobuf.NullValue";
    }
  }
  std::sort(plan->fields.begin(), plan->fields.end(), [](const FieldPlan& a, const FieldPlan& b) {
    return a.field->number() < b.field->number();
  });
  for (const FieldPlan& field : plan->fields) {
    plan->by_name.emplace(field.name, &field);
    plan->by_name.emplace(field.field->name(), &field);
  }
  for (int i = 0; i < descriptor->nested_type_count(); ++i) {
    if (!descriptor->nested_type(i)->options().map_entry())
      Add(descriptor->nested_type(i), factory);
  }
  return plan;
}

}  // namespace teraju::gateway::json
