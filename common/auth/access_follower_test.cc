#include "common/auth/access_follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/synchronization/mutex.h"
#include "common/testing/eventually.h"
#include "common/testing/fake_clock.h"

namespace teraju::auth {
namespace {

using testing::Eventually;

const AgencyId kTown("town");

// A source of which the test decides what it says, and which notes what it was told.
class AccessFollowerTest : public ::testing::Test {
 protected:
  AccessFollower::Source Source() {
    return [this](const AccessVersion& known) -> absl::StatusOr<AccessUpdate> {
      absl::MutexLock lock(&mutex_);
      known_.push_back(known.changes);
      if (!answer_.ok()) return answer_.status();
      AccessUpdate update = *answer_;
      if (known.bindings == update.version.bindings) update.bindings.reset();
      if (known.changes == update.version.changes) update.revocations.clear();
      return update;
    };
  }
  void Say(absl::StatusOr<AccessUpdate> answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
    known_.clear();
  }
  bool HasConfirmed(std::int64_t version) {
    return Eventually([&] {
      absl::MutexLock lock(&mutex_);
      return std::find(known_.begin(), known_.end(), version) != known_.end();
    });
  }
  static AccessUpdate Update(std::int64_t version, std::vector<RoleBinding> bindings) {
    return {.version = {.changes = version, .bindings = version},
            .lease = absl::Seconds(5),
            .bindings = std::move(bindings),
            .revocations = {}};
  }

  absl::Mutex mutex_;
  absl::StatusOr<AccessUpdate> answer_ ABSL_GUARDED_BY(mutex_) = AccessUpdate();
  std::vector<std::int64_t> known_ ABSL_GUARDED_BY(mutex_);
  testing::FakeClock clock_;
  std::vector<std::string> lines_;
  logging::Logger logger_{"test", [this](std::string_view line) { lines_.emplace_back(line); }};
  InMemoryBindings bindings_{clock_};
  const Principal budi_{
      .subject = "employees/budi", .agency = kTown, .client = "", .session = "s1"};
  const RoleBinding role_{
      .agency = kTown, .subject = "employees/budi", .role = "unit_hr", .unit = ""};
};

TEST_F(AccessFollowerTest, WhatIsConfirmedIsInForce) {
  Say(Update(1, {role_}));
  const AccessFollower follower(
      Source(), bindings_, clock_, clock_, logger_, absl::Milliseconds(1));
  ASSERT_TRUE(HasConfirmed(1));
  EXPECT_EQ(bindings_.Of(budi_).size(), 1u);
  EXPECT_TRUE(bindings_.fresh());
  AccessUpdate next = Update(2, {});
  next.revocations = {{.key = SessionKey("s1"), .expire_time = absl::InfiniteFuture()}};
  Say(std::move(next));
  ASSERT_TRUE(HasConfirmed(2));
  EXPECT_TRUE(bindings_.Of(budi_).empty());
  EXPECT_TRUE(bindings_.Revoked(budi_));
}

TEST_F(AccessFollowerTest, NewsAreConfirmedWithoutWaiting) {
  Say(Update(7, {role_}));
  AccessFollower follower(Source(), bindings_, clock_, clock_, logger_, absl::Hours(1));
  EXPECT_TRUE(HasConfirmed(7));
  Say(Update(8, {}));
  follower.Refresh();
  EXPECT_TRUE(HasConfirmed(8));
}

TEST_F(AccessFollowerTest, AFailingSourceRunsOutOfItsLeaseAndNothingIsDecidedThen) {
  Say(Update(1, {role_}));
  const AccessFollower follower(
      Source(), bindings_, clock_, clock_, logger_, absl::Milliseconds(1));
  ASSERT_TRUE(HasConfirmed(1));
  Say(absl::UnavailableError("down"));
  ASSERT_TRUE(HasConfirmed(1));
  EXPECT_TRUE(bindings_.fresh());
  clock_.Advance(absl::Seconds(6));
  EXPECT_FALSE(bindings_.fresh());
  Say(Update(1, {role_}));
  EXPECT_TRUE(Eventually([&] { return bindings_.fresh(); }));
}

TEST_F(AccessFollowerTest, ALeaseOfAnotherDatabaseIsFollowedToo) {
  Say(Update(90, {role_}));
  const AccessFollower follower(
      Source(), bindings_, clock_, clock_, logger_, absl::Milliseconds(1));
  ASSERT_TRUE(HasConfirmed(90));
  Say(Update(3, {}));
  ASSERT_TRUE(HasConfirmed(3));
  EXPECT_TRUE(bindings_.Of(budi_).empty());
}

}  // namespace
}  // namespace teraju::auth
