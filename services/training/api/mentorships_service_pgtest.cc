#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;
using MentorshipsStub = v1::Mentorships::StubInterface;

std::string Employee(const std::string& id) { return "agencies/dumai/employees/" + id; }

class MentorshipsServiceTest : public TrainingApiTest {
 protected:
  void SetUp() override {
    TrainingApiTest::SetUp();
    Add("budi", "31").result_below = true;
    Add("dian", "34").result_above = true;
  }
  domain::Appraisal& Add(const std::string& id, const std::string& grade) {
    identity_.staff.push_back({.employee = Employee(id), .grade = grade});
    return evaluation_.appraisals.emplace_back(
        domain::Appraisal{.employee = Employee(id),
                          .unit_path = {"agencies/dumai/units/bidang"},
                          .appraiser = Employee("ani")});
  }
  absl::StatusOr<v1::MatchingRun> CreateRun(const std::string& agency = "dumai") {
    v1::CreateMatchingRunRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_matching_run()->set_cycle_period("agencies/" + agency +
                                                     "/cycles/2025/periods/year");
    request.mutable_matching_run()->set_capacity(2);
    return Call<v1::Mentorships>(kHr, &MentorshipsStub::CreateMatchingRun, request);
  }
  absl::StatusOr<google::longrunning::Operation> Solve(const std::string& run) {
    v1::SolveMatchingRunRequest request;
    request.set_name(run);
    return Call<v1::Mentorships>(kHr, &MentorshipsStub::SolveMatchingRun, request);
  }
  std::vector<v1::Mentorship> Pairs(const Caller& caller) {
    v1::ListMentorshipsRequest request;
    request.set_parent("agencies/dumai");
    const auto list = Call<v1::Mentorships>(caller, &MentorshipsStub::ListMentorships, request);
    EXPECT_THAT(list, IsOk());
    return {list->mentorships().begin(), list->mentorships().end()};
  }
  absl::StatusOr<v1::Mentorship> Accept(const Caller& caller, const std::string& name) {
    v1::AcceptMentorshipRequest request;
    request.set_name(name);
    return Call<v1::Mentorships>(caller, &MentorshipsStub::AcceptMentorship, request);
  }
  absl::StatusOr<v1::Mentorship> Veto(const Caller& caller, const std::string& name) {
    v1::VetoMentorshipRequest request;
    request.set_name(name);
    request.set_comment("Konflik kepentingan");
    return Call<v1::Mentorships>(caller, &MentorshipsStub::VetoMentorship, request);
  }

  const Caller kDian{.subject = "employees/dian", .agency = "dumai"};
};

TEST_F(MentorshipsServiceTest, BothAcceptAndThenItIsActive) {
  const auto run = CreateRun();
  ASSERT_THAT(run, IsOk());
  ASSERT_EQ(EndOf(Solve(run->name())), "SUCCEEDED");
  v1::GetMatchingRunRequest get;
  get.set_name(run->name());
  const auto solved = Call<v1::Mentorships>(kHr, &MentorshipsStub::GetMatchingRun, get);
  ASSERT_THAT(solved, IsOk());
  EXPECT_EQ(solved->state(), v1::MatchingRun::SOLVED);
  EXPECT_EQ(solved->pairs(), 1);
  const auto pairs = Pairs(kBudi);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].mentor(), Employee("dian"));
  EXPECT_EQ(pairs[0].mentee(), Employee("budi"));
  EXPECT_EQ(Pairs(kDian).size(), 1u);
  EXPECT_THAT(Pairs(kCitra), IsEmpty());
  EXPECT_THAT(Accept(kCitra, pairs[0].name()), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Accept(kBudi, pairs[0].name()), IsOk());
  const auto active = Accept(kDian, pairs[0].name());
  ASSERT_THAT(active, IsOk());
  EXPECT_EQ(active->state(), v1::Mentorship::ACTIVE);
  EXPECT_THAT(Solve(run->name()), HasReason(v1::MATCHING_RUN_SOLVED));
}

TEST_F(MentorshipsServiceTest, AVetoIsRespectedInLaterRuns) {
  const auto first = CreateRun();
  ASSERT_EQ(EndOf(Solve(first->name())), "SUCCEEDED");
  const auto vetoed = Veto(kBudi, Pairs(kBudi)[0].name());
  ASSERT_THAT(vetoed, IsOk());
  EXPECT_EQ(vetoed->state(), v1::Mentorship::VETOED);
  EXPECT_THAT(Veto(kDian, vetoed->name()), HasReason(v1::MENTORSHIP_WRONG_STATE));
  const auto second = CreateRun();
  ASSERT_EQ(EndOf(Solve(second->name())), "SUCCEEDED");
  EXPECT_EQ(Pairs(kHr).size(), 1u);
  v1::GetMatchingRunRequest get;
  get.set_name(second->name());
  const auto alone = Call<v1::Mentorships>(kHr, &MentorshipsStub::GetMatchingRun, get);
  ASSERT_EQ(alone->unmatched_size(), 1);
  EXPECT_EQ(alone->unmatched(0).reason_code(), "ONLY_VETOED");
  Add("eka", "41").result_above = true;
  ASSERT_EQ(EndOf(Solve(CreateRun()->name())), "SUCCEEDED");
  EXPECT_THAT(Query("SELECT mentor FROM mentorships WHERE state = 'PROPOSED'"),
              ElementsAre(Employee("eka")));
}

TEST_F(MentorshipsServiceTest, ThoseWithAMentorGetNoSecondOne) {
  ASSERT_EQ(EndOf(Solve(CreateRun()->name())), "SUCCEEDED");
  ASSERT_EQ(EndOf(Solve(CreateRun()->name())), "SUCCEEDED");
  EXPECT_EQ(Pairs(kHr).size(), 1u);
}

TEST_F(MentorshipsServiceTest, WaitsForTheResultsAndStaysInItsAgency) {
  EXPECT_THAT(CreateRun("plaju"), ViolatesField("matchingRun.cyclePeriod"));
  const auto run = CreateRun();
  evaluation_.published = false;
  EXPECT_THAT(Solve(run->name()), HasReason(v1::RESULTS_NOT_PUBLISHED));
}

}  // namespace
}  // namespace teraju::training
