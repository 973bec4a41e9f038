// Every method of the product, read from the descriptors that are linked in.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "teraju/options/v1/options.pb.h"

namespace teraju::contract {

// One file of each proto with services of the product.
std::vector<const google::protobuf::FileDescriptor*> Files();
std::vector<const google::protobuf::MethodDescriptor*> Methods();
const options::v1::Access& AccessOf(const google::protobuf::MethodDescriptor& method);
// Verb and pattern of its first route; empty without one.
std::pair<std::string, std::string> RouteOf(const google::protobuf::MethodDescriptor& method);

}  // namespace teraju::contract
