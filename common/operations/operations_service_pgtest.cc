#include <thread>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/operations/operations.h"
#include "common/operations/operations_service.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/wrappers.pb.h"
#include "teraju/operations/v1/progress.pb.h"

namespace teraju::operations {
namespace {

using errors::reasons::FILTER_INVALID;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using google::longrunning::CancelOperationRequest;
using google::longrunning::GetOperationRequest;
using google::longrunning::ListOperationsRequest;
using google::longrunning::ListOperationsResponse;
using google::longrunning::Operation;
using google::longrunning::Operations;
using google::longrunning::WaitOperationRequest;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;
using Stub = Operations::StubInterface;

const Caller kStarter{.subject = "employees/budi", .agency = "dumai"};
const Caller kOther{.subject = "employees/sari", .agency = "dumai"};
const Caller kHr{.subject = "employees/hr", .agency = "dumai"};
const Caller kStranger{.subject = "employees/tono", .agency = "siak"};
const Caller kService{.subject = "services/gateway"};

class OperationsServiceTest : public testing::PgTest<> {
 protected:
  void SetUp() override {
    testing::PgTest<>::SetUp();
    host_.Serve<OperationsService>(host_.pipeline(), database(), "test");
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"}});
  }
  std::string StartOne(const std::string& key, const Caller& caller = kStarter) {
    google::protobuf::StringValue request;
    const TestCall call(
        {.principal = {.subject = caller.subject, .agency = AgencyId(caller.agency)}});
    auto started = database().Write(call, [&](postgres::Transaction& tx) {
      return Start(tx, "test", "things.make", caller.agency, key, request);
    });
    EXPECT_THAT(started, IsOk());
    return started->name();
  }
  absl::StatusOr<Operation> Get(const Caller& caller, const std::string& name) {
    GetOperationRequest request;
    request.set_name(name);
    return host_.Client<Operations>().Call(caller, &Stub::GetOperation, request);
  }
  absl::Status Cancel(const Caller& caller, const std::string& name) {
    CancelOperationRequest request;
    request.set_name(name);
    return host_.Client<Operations>().Call(caller, &Stub::CancelOperation, request).status();
  }
  absl::StatusOr<ListOperationsResponse> List(const Caller& caller,
                                              const std::string& filter = "",
                                              int size = 0,
                                              const std::string& token = "") {
    ListOperationsRequest request;
    request.set_name("operations/test");
    request.set_filter(filter);
    request.set_page_size(size);
    request.set_page_token(token);
    return host_.Client<Operations>().Call(caller, &Stub::ListOperations, request);
  }
  static std::vector<std::string> Names(const absl::StatusOr<ListOperationsResponse>& response) {
    std::vector<std::string> names;
    EXPECT_THAT(response, IsOk());
    if (response.ok()) {
      for (const Operation& operation : response->operations()) names.push_back(operation.name());
    }
    return names;
  }
  void Succeed() {
    Query(
        "UPDATE operations SET state = 'SUCCEEDED', lease = NULL, response = '', end_time = now()");
  }

  testing::RpcHost host_{"test"};
};

TEST_F(OperationsServiceTest, IsReadByItsStarterAndThoseWithTheAgency) {
  const std::string name = StartOne("k");
  for (const Caller& allowed : {kStarter, kHr, kService})
    EXPECT_THAT(Get(allowed, name), IsOk()) << allowed.subject;
  for (const Caller& denied : {kOther, kStranger}) {
    const auto forbidden = Get(denied, name);
    EXPECT_THAT(forbidden, HasReason(PERMISSION_DENIED)) << denied.subject;
    // Absent or forbidden: the same words.
    const std::string absent = "operations/test/01890000-0000-7000-8000-000000000000";
    EXPECT_EQ(Get(denied, absent).status().message().size(), forbidden.status().message().size());
    EXPECT_THAT(Get(denied, absent), HasReason(PERMISSION_DENIED));
  }
}

TEST_F(OperationsServiceTest, AbsentIsSaidOnlyToWhoReachesEverything) {
  for (const char* name : {"operations/test/01890000-0000-7000-8000-000000000000",
                           "operations/test/x",
                           "operations/other/01890000-0000-7000-8000-000000000000"}) {
    EXPECT_THAT(Get(kService, name), HasReason(RESOURCE_NOT_FOUND)) << name;
    EXPECT_THAT(Get(kHr, name), HasReason(PERMISSION_DENIED)) << name;
  }
}

TEST_F(OperationsServiceTest, CancellingAsksAndIsSeenInTheProgress) {
  const std::string name = StartOne("k");
  EXPECT_THAT(Cancel(kOther, name), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Query("SELECT cancel FROM operations"), ElementsAre("f"));
  EXPECT_THAT(Cancel(kStarter, name), IsOk());
  v1::Progress progress;
  ASSERT_TRUE(Get(kStarter, name)->metadata().UnpackTo(&progress));
  EXPECT_TRUE(progress.cancel_requested());
  Succeed();
  EXPECT_THAT(Cancel(kHr, name), IsOk());  // too late, without effect
  EXPECT_TRUE(Get(kStarter, name)->has_response());
}

TEST_F(OperationsServiceTest, ListsWhatTheCallerMaySee) {
  const std::string mine = StartOne("a");
  const std::string other = StartOne("b", kOther);
  StartOne("c", kStranger);
  EXPECT_THAT(Names(List(kStarter)), ElementsAre(mine));
  EXPECT_THAT(Names(List(kHr)), ElementsAre(other, mine));
  const auto first = List(kHr, "", 1);
  EXPECT_THAT(Names(first), ElementsAre(other));
  const auto second = List(kHr, "", 1, first->next_page_token());
  EXPECT_THAT(Names(second), ElementsAre(mine));
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(Names(List(kHr, "done=true")), ElementsAre());
  EXPECT_THAT(Names(List(kHr, "done=false")), ElementsAre(other, mine));
  EXPECT_THAT(List(kHr, "name=x"), HasReason(FILTER_INVALID));
}

TEST_F(OperationsServiceTest, WaitsForTheEnd) {
  const std::string name = StartOne("k");
  WaitOperationRequest request;
  request.set_name(name);
  request.mutable_timeout()->set_nanos(300000000);
  auto client = host_.Client<Operations>();
  const auto not_yet = client.Call(kStarter, &Stub::WaitOperation, request);
  ASSERT_THAT(not_yet, IsOk());
  EXPECT_FALSE(not_yet->done());
  request.mutable_timeout()->set_seconds(20);
  absl::StatusOr<Operation> ended;
  std::thread waiter([&] { ended = client.Call(kStarter, &Stub::WaitOperation, request); });
  Succeed();
  waiter.join();
  ASSERT_THAT(ended, IsOk());
  EXPECT_TRUE(ended->done());
}

}  // namespace
}  // namespace teraju::operations
