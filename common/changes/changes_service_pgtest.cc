#include <thread>

#include "absl/time/clock.h"
#include "common/changes/changes_service.h"
#include "common/errors/error.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::changes {
namespace {

using errors::reasons::CURSOR_INVALID;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::TestCall;
using v1::Changes;
using v1::ListChangesRequest;
using v1::ListChangesResponse;

const Caller kService{.subject = "services/training"};
const Caller kHr{.subject = "employees/hr", .agency = "dumai"};

class ChangesServiceTest : public testing::PgTest<> {
 protected:
  void SetUp() override {
    testing::PgTest<>::SetUp();
    watch_ = std::make_unique<postgres::FeedWatch>(
        database(), testing::internal::DenyAll(), absl::Milliseconds(10));
    host_.Serve<ChangesService>(host_.pipeline(), database(), *watch_, "evaluation");
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"}});
  }
  void Emit(const std::string& agency, const std::string& resource) {
    ASSERT_THAT(database().Write(TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   tx.Emit({.agency = agency,
                                            .resource = resource,
                                            .type = "note.added",
                                            .payload = "{}"});
                                   return absl::OkStatus();
                                 }),
                IsOk());
  }
  absl::StatusOr<ListChangesResponse> List(const Caller& caller,
                                           const std::string& cursor = "",
                                           const std::string& agency = "",
                                           int wait_seconds = 0,
                                           const std::string& name = "changes/evaluation") {
    ListChangesRequest request;
    request.set_name(name);
    request.set_cursor(cursor);
    request.set_agency(agency);
    request.mutable_max_wait()->set_seconds(wait_seconds);
    return host_.Client<Changes>().Call(caller, &Changes::StubInterface::ListChanges, request);
  }
  static std::vector<std::string> Resources(const absl::StatusOr<ListChangesResponse>& response) {
    std::vector<std::string> resources;
    EXPECT_THAT(response, IsOk());
    if (response.ok()) {
      for (const auto& change : response->changes()) resources.push_back(change.resource());
    }
    return resources;
  }

  std::unique_ptr<postgres::FeedWatch> watch_;
  testing::RpcHost host_{"evaluation"};
};

TEST_F(ChangesServiceTest, GivesServicesEverythingAndAgenciesTheirOwn) {
  Emit("dumai", "a");
  Emit("siak", "b");
  EXPECT_THAT(Resources(List(kService)), ElementsAre("a", "b"));
  EXPECT_THAT(Resources(List(kService, "", "agencies/siak")), ElementsAre("b"));
  EXPECT_THAT(Resources(List(kHr)), ElementsAre("a"));
  EXPECT_THAT(List(kHr, "", "agencies/siak"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List({.subject = "employees/budi", .agency = "dumai"}), HasReason(PERMISSION_DENIED));
  const auto all = List(kService);
  EXPECT_EQ(all->changes(0).agency(), "agencies/dumai");
  EXPECT_EQ(all->changes(0).type(), "note.added");
  EXPECT_NEAR(static_cast<double>(all->changes(0).create_time().seconds()),
              absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()),
              60);
}

TEST_F(ChangesServiceTest, ContinuesAfterTheCursor) {
  Emit("dumai", "a");
  const auto first = List(kService);
  Emit("dumai", "b");
  EXPECT_THAT(Resources(List(kService, first->next_cursor())), ElementsAre("b"));
  EXPECT_THAT(List(kService, "nonsense"), HasReason(CURSOR_INVALID));
  EXPECT_THAT(List(kService, "", "", 0, "changes/other"), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(ChangesServiceTest, WaitsForAChangeAndHoldsNoConnection) {
  const absl::Time begin = absl::Now();
  absl::StatusOr<ListChangesResponse> late;
  std::thread waiter([&] { late = List(kHr, "", "", 20); });
  // More than the pool has: were one held, these would run out of time.
  for (int i = 0; i < 20; ++i) Emit("siak", "other");
  Emit("dumai", "a");
  waiter.join();
  EXPECT_THAT(Resources(late), ElementsAre("a"));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(9));
}

TEST_F(ChangesServiceTest, AnswersWithTheSameCursorWhenNothingComes) {
  Emit("dumai", "a");
  const auto first = List(kService);
  const absl::Time begin = absl::Now();
  const auto nothing = List(kService, first->next_cursor(), "", 1);
  EXPECT_THAT(Resources(nothing), ElementsAre());
  EXPECT_EQ(nothing->next_cursor(), first->next_cursor());
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(900));
}

}  // namespace
}  // namespace teraju::changes
