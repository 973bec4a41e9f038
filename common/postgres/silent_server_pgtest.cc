// What happens when the server dies, comes back, or falls silent.
#include <signal.h>

#include <thread>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/metrics/postgres_metrics.h"
#include "common/postgres/database.h"
#include "common/testing/mini_postgres.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using testing::HasReason;
using testing::IsOk;
using testing::MiniPostgres;
using testing::TestCall;

constexpr Statement kBackend{"backend", "SELECT pg_backend_pid()"};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = MiniPostgres::Create();
    ASSERT_THAT(server, IsOk());
    server_ = std::make_unique<MiniPostgres>(*std::move(server));
    database_ = std::make_unique<Database>(
        DatabaseOptions{.dsn = server_->Dsn(), .service = "test", .connections = 2}, metrics_);
  }
  absl::StatusOr<int> Backend(const CallContext& call) {
    return database_->Read(call, [](Transaction& tx) -> absl::StatusOr<int> {
      return tx.Exec(kBackend)[0][0].as<int>();
    });
  }

  metrics::Registry registry_;
  metrics::PostgresMetrics metrics_{registry_};
  std::unique_ptr<MiniPostgres> server_;
  std::unique_ptr<Database> database_;
};

TEST_F(ServerTest, AnOutageIsUnavailableAndOverAsSoonAsTheServerIsBack) {
  ASSERT_THAT(Backend(TestCall()), IsOk());
  ASSERT_THAT(server_->Stop(MiniPostgres::Mode::kImmediate), IsOk());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Backend(TestCall()), HasReason(DEPENDENCY_UNAVAILABLE));
  EXPECT_FALSE(database_->Check(0, absl::Milliseconds(500)).ok());
  ASSERT_THAT(server_->Start(), IsOk());
  EXPECT_THAT(Backend(TestCall()), IsOk());
  ASSERT_THAT(server_->Kill9(), IsOk());
  ASSERT_THAT(server_->Start(), IsOk());
  // Both idle sessions are dead, and no caller hears of it.
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Backend(TestCall()), IsOk());
}

TEST_F(ServerTest, ASilentSessionDoesNotHoldACallerForEver) {
  const auto backend = Backend(TestCall());
  ASSERT_THAT(backend, IsOk());
  // The statement timeout is the server's and does not help when it stands still.
  ASSERT_EQ(::kill(*backend, SIGSTOP), 0);
  const absl::Time begin = absl::Now();
  const auto stuck = Backend(TestCall({.deadline = begin + absl::Milliseconds(300)}));
  EXPECT_FALSE(stuck.ok());
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  ::kill(*backend, SIGCONT);
  const auto next = Backend(TestCall());
  ASSERT_THAT(next, IsOk());
  EXPECT_NE(*next, *backend);
}

}  // namespace
}  // namespace teraju::postgres
