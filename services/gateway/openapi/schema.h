// JSON Schemas (2020-12, as OpenAPI 3.1 has them) of messages, in the form that the JSON codec
// reads and writes.
#pragma once

#include <boost/json/object.hpp>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "services/gateway/openapi/contract.h"

namespace teraju::gateway {

class Schemas {
 public:
  explicit Schemas(const Contract& contract) : contract_(contract) {}

  // The schema of a value of this type: a reference for messages and enums of the contract, the
  // JSON form for well-known types.
  boost::json::object Of(const google::protobuf::Descriptor* message);
  // Of a field as it stands in an object: arrays and maps included, with description and rules.
  boost::json::object Of(const google::protobuf::FieldDescriptor* field);
  // Of one value of a field, without either.
  boost::json::object OfValue(const google::protobuf::FieldDescriptor* field);

  // Every type that was referred to, by name: `components/schemas`.
  boost::json::object TakeComponents();

 private:
  boost::json::object Describe(const google::protobuf::Descriptor* message);

  const Contract& contract_;
  boost::json::object components_;
  std::vector<const google::protobuf::Descriptor*> waiting_;
  std::set<std::string> known_;
};

// True where the field is marked so (AIP-203).
bool IsOutputOnly(const google::protobuf::FieldDescriptor* field);
bool IsRequired(const google::protobuf::FieldDescriptor* field);

}  // namespace teraju::gateway
