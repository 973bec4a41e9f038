// The whole contract of the suite: the descriptors that this program is linked with, and their
// comments.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"

namespace teraju::gateway {

class Contract {
 public:
  // From an encoded google.protobuf.FileDescriptorSet with source information, whose files are
  // linked into the program.
  explicit Contract(std::string_view encoded);
  // The contract that was built with this program. Its comments take megabytes: let it go when all
  // is read.
  static std::unique_ptr<const Contract> Embedded();

  // Every file of the set that is the suite's own (`teraju/…`).
  const std::vector<const google::protobuf::FileDescriptor*>& files() const { return files_; }
  // Their services, and google.longrunning.Operations.
  const std::vector<const google::protobuf::ServiceDescriptor*>& services() const {
    return services_;
  }

  // What stands above a declaration in its proto file; empty where nothing does.
  std::string CommentOf(const google::protobuf::ServiceDescriptor* service) const;
  std::string CommentOf(const google::protobuf::MethodDescriptor* method) const;
  std::string CommentOf(const google::protobuf::Descriptor* message) const;
  std::string CommentOf(const google::protobuf::FieldDescriptor* field) const;
  std::string CommentOf(const google::protobuf::EnumDescriptor* type) const;

 private:
  google::protobuf::DescriptorPool
      commented_;  // the same files once more: the linked ones have no comments
  std::vector<const google::protobuf::FileDescriptor*> files_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
};

}  // namespace teraju::gateway
