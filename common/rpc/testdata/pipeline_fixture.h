// The fixture of tests of the pipeline: a server with the things service, and its callers.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/rpc/testdata/things_service.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"

namespace teraju::rpc {

class PipelineTest : public ::testing::Test {
 protected:
  PipelineTest() { host_.Serve<ThingsService>(host_.pipeline(), handlers_); }

  absl::StatusOr<rpctest::v1::Thing> Get(const testing::Caller& caller,
                                         const std::string& name = "things/1") {
    rpctest::v1::GetThingRequest request;
    request.set_name(name);
    return things().Call(caller, &rpctest::v1::Things::StubInterface::GetThing, request);
  }
  absl::StatusOr<rpctest::v1::Thing> Greet(const testing::Caller& caller) {
    return things().Call(
        caller, &rpctest::v1::Things::StubInterface::GreetThing, rpctest::v1::GreetThingRequest());
  }
  absl::StatusOr<rpctest::v1::Thing> Create(const testing::Caller& caller,
                                            const rpctest::v1::CreateThingRequest& request) {
    return things().Call(caller, &rpctest::v1::Things::StubInterface::CreateThing, request);
  }
  testing::TestClient<rpctest::v1::Things>& things() {
    if (!things_) things_.emplace(host_.Client<rpctest::v1::Things>());
    return *things_;
  }

  const testing::Caller budi_{.subject = "employees/budi", .agency = "city"};
  const testing::Caller siti_{.subject = "employees/siti", .agency = "city"};
  Handlers handlers_;
  testing::RpcHost host_{"rpctest", ThingsTable()};
  std::optional<testing::TestClient<rpctest::v1::Things>> things_;
};

}  // namespace teraju::rpc
