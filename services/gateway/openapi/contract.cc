#include "services/gateway/openapi/contract.h"

#include <cstdlib>

#include "google/longrunning/operations.pb.h"

namespace teraju::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// A comment without the blank behind `//` on each line.
template <typename T>
std::string Comment(const T* found) {
  google::protobuf::SourceLocation location;
  if (found == nullptr || !found->GetSourceLocation(&location)) return "";
  std::string text;
  bool line_begin = true;
  for (const char c : location.leading_comments) {
    if (!(line_begin && c == ' ')) text.push_back(c);
    line_begin = c == '\n';
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

Contract::Contract(std::string_view encoded) {
  google::protobuf::FileDescriptorSet set;
  set.ParseFromArray(encoded.data(), static_cast<int>(encoded.size()));
  for (const auto& file : set.file()) {
    commented_.BuildFile(file);
    if (!file.name().starts_with("teraju/")) continue;
    const FileDescriptor* linked = DescriptorPool::generated_pool()->FindFileByName(file.name());
    if (linked == nullptr) continue;
    files_.push_back(linked);
    for (int i = 0; i < linked->service_count(); ++i) services_.push_back(linked->service(i));
  }
  services_.push_back(
      google::longrunning::Operation::descriptor()->file()->FindServiceByName("Operations"));
}

std::string Contract::CommentOf(const google::protobuf::ServiceDescriptor* service) const {
  return Comment(commented_.FindServiceByName(service->full_name()));
}
std::string Contract::CommentOf(const google::protobuf::MethodDescriptor* method) const {
  return Comment(commented_.FindMethodByName(method->full_name()));
}
std::string Contract::CommentOf(const google::protobuf::Descriptor* message) const {
  return Comment(commented_.FindMessageTypeByName(message->full_name()));
}
std::string Contract::CommentOf(const google::protobuf::FieldDescriptor* field) const {
  return Comment(commented_.FindFieldByName(field->full_name()));
}
std::string Contract::CommentOf(const google::protobuf::EnumDescriptor* type) const {
  return Comment(commented_.FindEnumTypeByName(type->full_name()));
}

}  // namespace teraju::gateway
