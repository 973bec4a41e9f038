// Reads the routes of services from their google.api.http options.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/routing/route_table.h"

namespace teraju::gateway {

// Every binding of every method, additional bindings included. Fails, naming the method, where a
// pattern is malformed, a variable or body names no field, or a streaming method is not an upload
// or download of google.api.HttpBody.
absl::StatusOr<std::vector<Route>> RoutesOf(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services);

// True where the message, or one of its fields, is google.api.HttpBody.
bool IsHttpBody(const google::protobuf::Descriptor* type);
const google::protobuf::FieldDescriptor* HttpBodyField(const google::protobuf::Descriptor* type);

}  // namespace teraju::gateway
