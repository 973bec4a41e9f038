// The codec over the tests' contract.
#pragma once

#include "google/rpc/error_details.pb.h"
#include "services/gateway/json/codec.h"
#include "teraju/gateway/testing/v1/everything.pb.h"

namespace teraju::gateway::json {

namespace test = ::teraju::gateway::testing::v1;

inline const Codec& TestCodec() {
  static const Codec codec(
      {test::Everything::descriptor()->file(), google::rpc::ErrorInfo::descriptor()->file()},
      *google::protobuf::MessageFactory::generated_factory());
  return codec;
}

}  // namespace teraju::gateway::json
