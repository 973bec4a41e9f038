#include "services/training/domain/lifecycle.h"

#include <set>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

TEST(EnterNeed, ASuperiorsNeedIsConfirmedAndWeighsMore) {
  v1::Need superior, self;
  EnterNeed(superior, v1::Need::SUPERIOR);
  EnterNeed(self, v1::Need::SELF);
  EXPECT_EQ(superior.state(), v1::Need::CONFIRMED);
  EXPECT_EQ(self.state(), v1::Need::PROPOSED);
  EXPECT_EQ(superior.weight().value(), "5.0");
  EXPECT_EQ(self.weight().value(), "3.0");
  EXPECT_FALSE(self.reason_id().empty());
}

// Every state of the enum, so that a new one is decided here.
TEST(DismissNeed, IsPossibleUntilItIsDecided) {
  const std::set<int> open = {v1::Need::PROPOSED, v1::Need::CONFIRMED};
  const auto* states = v1::Need::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const int state = states->value(i)->number();
    v1::Need need;
    need.set_state(static_cast<v1::Need::State>(state));
    const absl::Status dismissed = DismissNeed(need, "Sudah mengikuti");
    if (open.contains(state)) {
      EXPECT_THAT(dismissed, IsOk());
      EXPECT_EQ(need.state(), v1::Need::DISMISSED);
      EXPECT_EQ(need.dismiss_comment(), "Sudah mengikuti");
    } else {
      EXPECT_THAT(dismissed, HasReason(v1::NEED_DECIDED));
    }
  }
}

TEST(Enrollment, EndsOnce) {
  const auto* states = v1::Enrollment::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::Enrollment::State>(states->value(i)->number());
    v1::Enrollment completed, withdrawn;
    completed.set_state(state);
    withdrawn.set_state(state);
    const absl::Status complete = CompleteEnrollment(completed, 24, {}, "Lebih cepat");
    const absl::Status withdraw = WithdrawEnrollment(withdrawn, "Sakit");
    if (state == v1::Enrollment::PLANNED) {
      EXPECT_THAT(complete, IsOk());
      EXPECT_EQ(completed.learning_hours(), 24);
      EXPECT_EQ(completed.state(), v1::Enrollment::COMPLETED);
      EXPECT_THAT(withdraw, IsOk());
      EXPECT_EQ(withdrawn.state(), v1::Enrollment::WITHDRAWN);
    } else {
      EXPECT_THAT(complete, HasReason(v1::ENROLLMENT_WRONG_STATE));
      EXPECT_THAT(withdraw, HasReason(v1::ENROLLMENT_WRONG_STATE));
    }
  }
}

v1::Mentorship Pair(v1::Mentorship::State state) {
  v1::Mentorship pair;
  pair.set_mentor("ani");
  pair.set_mentee("budi");
  pair.set_state(state);
  return pair;
}

TEST(AcceptMentorship, NeedsBoth) {
  v1::Mentorship pair = Pair(v1::Mentorship::PROPOSED);
  EXPECT_THAT(AcceptMentorship(pair, "budi"), IsOk());
  EXPECT_THAT(AcceptMentorship(pair, "budi"), IsOk());
  EXPECT_EQ(pair.state(), v1::Mentorship::PROPOSED);
  EXPECT_THAT(AcceptMentorship(pair, "ani"), IsOk());
  EXPECT_EQ(pair.state(), v1::Mentorship::ACTIVE);
}

TEST(VetoMentorship, EndsItForGood) {
  for (const auto state : {v1::Mentorship::PROPOSED, v1::Mentorship::ACTIVE}) {
    v1::Mentorship pair = Pair(state);
    EXPECT_THAT(VetoMentorship(pair, "Konflik kepentingan"), IsOk());
    EXPECT_EQ(pair.state(), v1::Mentorship::VETOED);
    EXPECT_THAT(AcceptMentorship(pair, "ani"), HasReason(v1::MENTORSHIP_WRONG_STATE));
    EXPECT_THAT(VetoMentorship(pair, "Lagi"), HasReason(v1::MENTORSHIP_WRONG_STATE));
  }
}

// Every state of the enum, so that a new one is decided here.
TEST(Mentorship, IsLoggedAndClosedOnlyWhileItIsActive) {
  v1::MentoringSession session;
  session.mutable_date()->set_year(2026);
  session.mutable_date()->set_month(3);
  session.mutable_date()->set_day(2);
  const absl::CivilDay same_day(2026, 3, 2);
  const auto* states = v1::Mentorship::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    v1::Mentorship pair = Pair(static_cast<v1::Mentorship::State>(states->value(i)->number()));
    const bool active = pair.state() == v1::Mentorship::ACTIVE;
    const absl::Status logged = CheckSession(pair, session, same_day);
    const absl::Status closed = CloseMentorship(pair, v1::Mentorship::REACHED, "Mandiri");
    if (active) {
      EXPECT_THAT(logged, IsOk());
      EXPECT_THAT(closed, IsOk());
      EXPECT_EQ(pair.state(), v1::Mentorship::CLOSED);
      EXPECT_EQ(pair.outcome(), v1::Mentorship::REACHED);
    } else {
      EXPECT_THAT(logged, HasReason(v1::MENTORSHIP_WRONG_STATE));
      EXPECT_THAT(closed, HasReason(v1::MENTORSHIP_WRONG_STATE));
    }
  }
  EXPECT_THAT(CheckSession(Pair(v1::Mentorship::ACTIVE), session, same_day - 1),
              ViolatesField("session.date"));
  session.mutable_date()->set_day(31);
  session.mutable_date()->set_month(2);
  EXPECT_THAT(CheckSession(Pair(v1::Mentorship::ACTIVE), session, same_day),
              ViolatesField("session.date"));
}

}  // namespace
}  // namespace teraju::training::domain
