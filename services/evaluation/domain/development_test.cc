#include "services/evaluation/domain/development.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "gmock/gmock.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kProgrammeTime = absl::FromUnixSeconds(1'770'000'000);
constexpr absl::CivilDay kOpened(2026, 2, 2);

google::type::Date OnDay(int year, int month, int day) {
  return time::ToDate(absl::CivilDay(year, month, day));
}

v1::AnnualResult LowResult(v1::Predicate predicate = v1::POOR) {
  v1::AnnualResult result;
  result.set_name("agencies/a/annualResults/1");
  result.mutable_snapshot()->set_employee("agencies/a/employees/e");
  result.set_state(v1::AnnualResult::FINAL);
  result.set_predicate(predicate);
  return result;
}

Programme Opened() {
  Programme programme;
  for (const int month : {4, 7}) {
    v1::DevelopmentGoal& goal = *programme.add_goals();
    goal.set_text("Laporan tepat waktu");
    *goal.mutable_due_date() = OnDay(2026, month, 1);
  }
  EXPECT_THAT(OpenProgramme(LowResult(), kOpened, kProgrammeTime, programme), IsOk());
  return programme;
}

v1::DevelopmentReview ReviewOn(int month, const char* goal = nullptr) {
  v1::DevelopmentReview review;
  *review.mutable_date() = OnDay(2026, month, 3);
  review.set_note("Membaik");
  if (goal != nullptr) review.add_reached_goals(goal);
  return review;
}

TEST(DevelopmentStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = Programme;
  using A = DevelopmentAction;
  const std::map<std::pair<S::State, A>, S::State> allowed = {
      {{S::OPEN, A::kAcknowledge}, S::OPEN},
      {{S::OPEN, A::kReview}, S::OPEN},
      {{S::OPEN, A::kExtend}, S::EXTENDED},
      {{S::OPEN, A::kSucceed}, S::IMPROVED},
      {{S::OPEN, A::kFail}, S::NOT_IMPROVED},
      {{S::OPEN, A::kCancel}, S::CANCELLED},
      {{S::EXTENDED, A::kAcknowledge}, S::EXTENDED},
      {{S::EXTENDED, A::kReview}, S::EXTENDED},
      {{S::EXTENDED, A::kSucceed}, S::IMPROVED},
      {{S::EXTENDED, A::kFail}, S::NOT_IMPROVED},
      {{S::EXTENDED, A::kCancel}, S::CANCELLED}};
  const auto* states = S::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<S::State>(states->value(i)->number());
    for (const A action : kDevelopmentActions) {
      S programme;
      programme.set_state(state);
      const absl::Status status = MoveProgramme(programme, action);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(S::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(programme.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::DEVELOPMENT_WRONG_STATE));
      }
    }
  }
}

TEST(OpenProgramme, GivesSixMonthsAfterALowFinalResult) {
  const Programme programme = Opened();
  EXPECT_EQ(programme.state(), Programme::OPEN);
  EXPECT_EQ(time::FormatDay(*time::ToCivilDay(programme.start_date())), "2026-02-02");
  EXPECT_EQ(time::FormatDay(*time::ToCivilDay(programme.end_date())), "2026-08-01");
  EXPECT_EQ(programme.goals(1).goal_id(), "2");
  EXPECT_EQ(programme.snapshot().employee(), "agencies/a/employees/e");
  Programme other;
  for (const v1::Predicate good : {v1::VERY_GOOD, v1::GOOD}) {
    EXPECT_THAT(OpenProgramme(LowResult(good), kOpened, kProgrammeTime, other),
                HasReason(v1::DEVELOPMENT_NOT_NEEDED));
  }
  for (const v1::Predicate low : {v1::NEEDS_IMPROVEMENT, v1::POOR, v1::VERY_POOR})
    EXPECT_THAT(OpenProgramme(LowResult(low), kOpened, kProgrammeTime, other), IsOk());
  v1::AnnualResult draft = LowResult();
  draft.set_state(v1::AnnualResult::DRAFT);
  EXPECT_THAT(OpenProgramme(draft, kOpened, kProgrammeTime, other),
              HasReason(v1::EVALUATION_NOT_FINAL));
}

TEST(OpenProgramme, EndsInAShorterMonthToo) {
  Programme programme;
  EXPECT_THAT(OpenProgramme(LowResult(), absl::CivilDay(2025, 8, 31), kProgrammeTime, programme),
              IsOk());
  EXPECT_EQ(time::FormatDay(*time::ToCivilDay(programme.end_date())), "2026-02-27");
}

TEST(OpenProgramme, GoalsLieWithinIt) {
  for (const absl::CivilDay day : {absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 8, 2)}) {
    Programme programme;
    *programme.add_goals()->mutable_due_date() = time::ToDate(day);
    EXPECT_THAT(OpenProgramme(LowResult(), kOpened, kProgrammeTime, programme),
                ViolatesField("developmentProgramme.goals[0].dueDate"));
  }
}

TEST(AcknowledgeProgramme, Once) {
  Programme programme = Opened();
  ASSERT_THAT(AcknowledgeProgramme(programme, "Saya mulai Senin", kProgrammeTime), IsOk());
  EXPECT_EQ(programme.acknowledgement(), "Saya mulai Senin");
  EXPECT_THAT(AcknowledgeProgramme(programme, "", kProgrammeTime),
              HasReason(v1::DEVELOPMENT_ACKNOWLEDGED));
}

TEST(ReviewProgramme, RecordsWhichGoalsWereReachedFirst) {
  Programme programme = Opened();
  const absl::CivilDay today(2026, 5, 3);
  ASSERT_THAT(ReviewProgramme(programme, ReviewOn(3, "1"), today), IsOk());
  ASSERT_THAT(ReviewProgramme(programme, ReviewOn(4, "1"), today), IsOk());
  EXPECT_EQ(programme.reviews_size(), 2);
  EXPECT_EQ(programme.goals(0).reach_date().month(), 3);
  EXPECT_FALSE(programme.goals(1).has_reach_date());
  EXPECT_THAT(ReviewProgramme(programme, ReviewOn(4, "9"), today),
              ViolatesField("reachedGoals[0]"));
  EXPECT_THAT(ReviewProgramme(programme, ReviewOn(6), today), ViolatesField("date"));
  EXPECT_THAT(ReviewProgramme(programme, ReviewOn(1), today), ViolatesField("date"));
  EXPECT_EQ(programme.reviews_size(), 2);
}

TEST(ExtendProgramme, OnceByAtMostSixMonths) {
  Programme programme = Opened();
  Programme tried = programme;
  EXPECT_THAT(ExtendProgramme(tried, OnDay(2026, 8, 1), "Banjir"), ViolatesField("endDate"));
  tried = programme;
  EXPECT_THAT(ExtendProgramme(tried, OnDay(2027, 2, 2), "Banjir"), ViolatesField("endDate"));
  ASSERT_THAT(ExtendProgramme(programme, OnDay(2027, 2, 1), "Banjir"), IsOk());
  EXPECT_EQ(programme.state(), Programme::EXTENDED);
  EXPECT_EQ(programme.extend_reason(), "Banjir");
  EXPECT_THAT(ExtendProgramme(programme, OnDay(2027, 3, 1), "Lagi"),
              HasReason(v1::DEVELOPMENT_WRONG_STATE));
}

TEST(ConcludeProgramme, WhoHasNotImprovedHasTheWholeTime) {
  Programme programme = Opened();
  const absl::CivilDay last(2026, 8, 1);
  Programme tried = programme;
  EXPECT_THAT(ConcludeProgramme(tried, true, "Baik", last, kProgrammeTime),
              HasReason(v1::DEVELOPMENT_NOT_REVIEWED));
  ASSERT_THAT(ReviewProgramme(programme, ReviewOn(3), last), IsOk());
  tried = programme;
  EXPECT_THAT(ConcludeProgramme(tried, false, "Belum", last, kProgrammeTime),
              HasMetadata("end_date", "2026-08-01"));
  tried = programme;
  EXPECT_THAT(ConcludeProgramme(tried, false, "Belum", last + 1, kProgrammeTime), IsOk());
  EXPECT_EQ(tried.state(), Programme::NOT_IMPROVED);
  // Who has improved need not wait.
  EXPECT_THAT(ConcludeProgramme(programme, true, "Baik", last - 60, kProgrammeTime), IsOk());
  EXPECT_EQ(programme.state(), Programme::IMPROVED);
  EXPECT_EQ(programme.end_reason(), "Baik");
}

}  // namespace
}  // namespace teraju::evaluation::domain
