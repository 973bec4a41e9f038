// S04, fields: whatever a client writes into a field that is the service's to write is gone before
// a handler sees it, in every message of every method, at every depth.
#include <functional>
#include <memory>

#include "common/api/field_rules.h"
#include "common/testing/check_line.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "gtest/gtest.h"
#include "tests/contract/methods.h"

namespace teraju {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kDeepest = 4;

bool IsOutputOnly(const FieldDescriptor& field) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY)
      return true;
  }
  return false;
}

void SetSomething(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? reflection.AddString(&message, &field, "x")
                  : reflection.SetString(&message, &field, "x");
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? reflection.AddInt32(&message, &field, 7)
                  : reflection.SetInt32(&message, &field, 7);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? reflection.AddInt64(&message, &field, 7)
                  : reflection.SetInt64(&message, &field, 7);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? reflection.AddBool(&message, &field, true)
                  : reflection.SetBool(&message, &field, true);
    case FieldDescriptor::CPPTYPE_ENUM:
      return many ? reflection.AddEnumValue(&message, &field, 1)
                  : reflection.SetEnumValue(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      many ? reflection.AddMessage(&message, &field) : reflection.MutableMessage(&message, &field);
      return;
    default:
      FAIL() << field.full_name() << " has a type that the sweep does not know";
  }
}

// Every field of the message on the way down to output-only ones; how many of these were set.
int Fill(Message& message, int depth) {
  int set = 0;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.is_map()) continue;
    if (IsOutputOnly(field)) {
      SetSomething(message, field);
      ++set;
    } else if (field.message_type() != nullptr && depth < kDeepest &&
               field.message_type()->full_name().starts_with("teraju.")) {
      Message* below = field.is_repeated()
                           ? message.GetReflection()->AddMessage(&message, &field)
                           : message.GetReflection()->MutableMessage(&message, &field);
      set += Fill(*below, depth + 1);
    }
  }
  return set;
}

// Names of output-only fields that still hold something.
void Left(const Message& message, std::vector<std::string>& names) {
  std::vector<const FieldDescriptor*> present;
  message.GetReflection()->ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    if (IsOutputOnly(*field)) names.emplace_back(field->full_name());
    if (field->message_type() == nullptr || field->is_map()) continue;
    const Reflection& reflection = *message.GetReflection();
    if (!field->is_repeated()) {
      Left(reflection.GetMessage(message, field), names);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      Left(reflection.GetRepeatedMessage(message, field, i), names);
  }
}

TEST(OutputOnlyFields, AreNeverTheClientsToWrite) {
  testing::CheckLine line("S04", "forbidden fields that a client can write", "0");
  google::protobuf::DynamicMessageFactory factory;
  int swept = 0;
  int left = 0;
  for (const google::protobuf::MethodDescriptor* method : contract::Methods()) {
    const std::unique_ptr<Message> request(factory.GetPrototype(method->input_type())->New());
    swept += Fill(*request, 0);
    // Whether the request is right otherwise does not matter here.
    api::ApplyFieldRules(*request).IgnoreError();
    std::vector<std::string> names;
    Left(*request, names);
    left += static_cast<int>(names.size());
    for (const std::string& name : names) ADD_FAILURE() << method->full_name() << ": " << name;
  }
  EXPECT_GT(swept, 200);
  line.Set(left, swept);
}

// The control: what is not swept away is seen.
TEST(OutputOnlyFields, AreSeenWhereNobodyTakesThemOut) {
  google::protobuf::DynamicMessageFactory factory;
  int seen = 0;
  for (const google::protobuf::MethodDescriptor* method : contract::Methods()) {
    const std::unique_ptr<Message> request(factory.GetPrototype(method->input_type())->New());
    Fill(*request, 0);
    std::vector<std::string> names;
    Left(*request, names);
    seen += static_cast<int>(names.size());
  }
  EXPECT_GT(seen, 200);
}

}  // namespace
}  // namespace teraju
