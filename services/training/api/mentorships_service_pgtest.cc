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

const Caller kDian{.subject = "employees/dian", .agency = "dumai"};

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

  // An active pair of Dian (mentor) and Budi.
  std::string ActivePair() {
    EXPECT_EQ(EndOf(Solve(CreateRun()->name())), "SUCCEEDED");
    std::string name = Pairs(kBudi)[0].name();
    EXPECT_THAT(Accept(kBudi, name), IsOk());
    EXPECT_THAT(Accept(kDian, name), IsOk());
    return name;
  }
  absl::StatusOr<v1::MentoringSession> Log(const Caller& caller,
                                           const std::string& pair,
                                           int day,
                                           const std::string& request_id = "") {
    v1::CreateMentoringSessionRequest request;
    request.set_parent(pair);
    request.set_request_id(request_id);
    v1::MentoringSession& session = *request.mutable_session();
    session.mutable_date()->set_year(2024);
    session.mutable_date()->set_month(8);
    session.mutable_date()->set_day(day);
    session.set_minutes(45);
    session.set_discussed("Cara menyusun laporan");
    session.set_agreed("Mencoba sendiri");
    return Call<v1::Mentorships>(caller, &MentorshipsStub::CreateMentoringSession, request);
  }
  absl::StatusOr<v1::ListMentoringSessionsResponse> Sessions(const Caller& caller,
                                                             const std::string& pair,
                                                             int size = 0,
                                                             const std::string& token = "") {
    v1::ListMentoringSessionsRequest request;
    request.set_parent(pair);
    request.set_page_size(size);
    request.set_page_token(token);
    return Call<v1::Mentorships>(caller, &MentorshipsStub::ListMentoringSessions, request);
  }
  absl::StatusOr<v1::Mentorship> Close(
      const Caller& caller,
      const std::string& pair,
      v1::Mentorship::Outcome outcome = v1::Mentorship::PARTLY_REACHED) {
    v1::CloseMentorshipRequest request;
    request.set_name(pair);
    request.set_outcome(outcome);
    request.set_comment("Laporan ditulis sendiri, analisis belum");
    return Call<v1::Mentorships>(caller, &MentorshipsStub::CloseMentorship, request);
  }
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

TEST_F(MentorshipsServiceTest, WhatPeopleSayAboutThemselvesCounts) {
  const auto say = [&](const Caller& caller, const std::string& language, bool no_mentees) {
    v1::UpdateMentoringPreferenceRequest request;
    v1::MentoringPreference& said = *request.mutable_mentoring_preference();
    said.set_name("agencies/dumai/" + caller.subject + "/mentoringPreference");
    said.add_languages(language);
    said.set_no_mentees(no_mentees);
    request.mutable_update_mask()->add_paths("*");
    ASSERT_THAT(
        Call<v1::MentoringPreferences>(
            caller, &v1::MentoringPreferences::StubInterface::UpdateMentoringPreference, request),
        IsOk());
  };
  const auto pairs = [&] {
    const auto run = CreateRun();
    EXPECT_EQ(EndOf(Solve(run->name())), "SUCCEEDED");
    v1::GetMatchingRunRequest get;
    get.set_name(run->name());
    return Call<v1::Mentorships>(kHr, &MentorshipsStub::GetMatchingRun, get)->pairs();
  };
  say(kBudi, "id", false);
  say(kDian, "min", false);
  EXPECT_EQ(pairs(), 0);
  say(kDian, "id", true);
  EXPECT_EQ(pairs(), 0);
  say(kDian, "id", false);
  EXPECT_EQ(pairs(), 1);
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

TEST_F(MentorshipsServiceTest, WhatTheTwoSaidStaysWithThem) {
  const std::string pair = ActivePair();
  const std::string id = "5f0c5f6e-57c5-4a0f-9f0e-6f0d7a1f7c11";
  ASSERT_THAT(Log(kDian, pair, 4, id), IsOk());
  ASSERT_THAT(Log(kDian, pair, 4, id), IsOk());  // a repetition is no second meeting
  const auto second = Log(kBudi, pair, 11);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->entered_by(), Employee("budi"));
  EXPECT_THAT(Log(kCitra, pair, 12), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Sessions(kCitra, pair), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Sessions(kHr, pair), HasReason(PERMISSION_DENIED));
  const auto first = Sessions(kBudi, pair, 1);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->sessions_size(), 1);
  EXPECT_EQ(first->sessions(0).agreed(), "Mencoba sendiri");
  const auto rest = Sessions(kDian, pair, 1, first->next_page_token());
  ASSERT_THAT(rest, IsOk());
  EXPECT_EQ(rest->sessions(0).name(), second->name());
  // The HR office sees that they met, and how long.
  const v1::Mentorship seen = Pairs(kHr)[0];
  EXPECT_EQ(seen.sessions(), 2);
  EXPECT_EQ(seen.minutes(), 90);
  EXPECT_EQ(seen.last_session_date().day(), 11);
}

TEST_F(MentorshipsServiceTest, ClosesOnceWithWhatCameOfIt) {
  const std::string pair = ActivePair();
  EXPECT_THAT(Close(kCitra, pair), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Close(kBudi, pair, v1::Mentorship::OUTCOME_UNSPECIFIED), ViolatesField("outcome"));
  const auto closed = Close(kBudi, pair);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->outcome(), v1::Mentorship::PARTLY_REACHED);
  EXPECT_TRUE(closed->has_close_time());
  EXPECT_THAT(Close(kDian, pair), HasReason(v1::MENTORSHIP_WRONG_STATE));
  EXPECT_THAT(Log(kDian, pair, 12), HasReason(v1::MENTORSHIP_WRONG_STATE));
  // Whoever has finished may have a mentor again.
  ASSERT_EQ(EndOf(Solve(CreateRun()->name())), "SUCCEEDED");
  EXPECT_EQ(Pairs(kBudi).size(), 2u);
}

TEST_F(MentorshipsServiceTest, TheEffectOfMeetingsIsAnObservationOfTheRun) {
  const auto run = CreateRun();
  ASSERT_EQ(EndOf(Solve(run->name())), "SUCCEEDED");
  v1::EstimateMentoringEffectRequest request;
  request.set_name(run->name());
  request.set_before_period("agencies/dumai/cycles/2025/periods/q2");
  request.set_after_period("agencies/dumai/cycles/2025/periods/q2");
  const auto estimate = [&](const Caller& caller) {
    return Call<v1::Mentorships>(caller, &MentorshipsStub::EstimateMentoringEffect, request);
  };
  EXPECT_THAT(estimate(kHr), ViolatesField("afterPeriod"));
  request.set_after_period("agencies/dumai/cycles/2025/periods/year");
  EXPECT_THAT(estimate(kBudi), HasReason(PERMISSION_DENIED));
  ASSERT_EQ(EndOf(estimate(kHr)), "SUCCEEDED");
  v1::GetMatchingRunRequest get;
  get.set_name(run->name());
  const auto estimated = Call<v1::Mentorships>(kHr, &MentorshipsStub::GetMatchingRun, get);
  ASSERT_THAT(estimated, IsOk());
  EXPECT_EQ(estimated->effect().trained(), 0);  // nobody has met
  EXPECT_EQ(estimated->effect().refusal_code(), "TOO_FEW_PAIRS");
  EXPECT_FALSE(estimated->effect().has_expected_effect());
  EXPECT_EQ(estimated->pairs(), 1);
}

// Ten mentees gain fourteen points beside ten colleagues, and go on meeting their mentors after the
// year that is compared; one had begun before it.
TEST_F(MentorshipsServiceTest, WhoBeganToMeetInBetweenIsComparedWithColleagues) {
  const std::string before = "agencies/dumai/cycles/2022/periods/year";
  const std::string after = "agencies/dumai/cycles/2023/periods/year";
  const auto run = CreateRun();
  ASSERT_THAT(run, IsOk());
  const auto add_result = [&](const std::string& id, int year, int mean) {
    evaluation_.results[year == 2022 ? before : after].push_back(
        {.employee = Employee(id),
         .unit_path = {"agencies/dumai/units/dinas"},
         .segment_start = absl::CivilDay(year, 1, 1),
         .segment_end = absl::CivilDay(year, 12, 31),
         .mean_achievement = Decimal(mean)});
  };
  for (int i = 0; i < 22; ++i) {
    const bool mentee = i < 11;
    const std::string id = (mentee ? "m" : "c") + std::to_string(i % 11);
    add_result(id, 2022, 70 + i % 3);
    add_result(id, 2023, 70 + i % 3 + (mentee ? 14 + i % 2 : i % 2));
    if (!mentee) continue;
    const std::string first = i == 10 ? "2021-05-01" : "2023-02-03";
    Query(
        "INSERT INTO mentorships (agency_id, mentorship_id, run_id, mentor, mentee, topic, state, "
        "reason_id, reason_en, mentor_accepted, mentee_accepted, create_time) "
        "SELECT agency_id, 'p" +
        std::to_string(i) + "', run_id, 'someone', '" + Employee(id) +
        "', 'KOMPETEN', 'ACTIVE', '', '', true, true, now() FROM matching_runs RETURNING 1");
    Query(
        "INSERT INTO mentoring_sessions (agency_id, mentorship_id, session_id, date, minutes, "
        "discussed, entered_by, create_time) "
        "SELECT 'dumai', 'p" +
        std::to_string(i) +
        "', d::text, d, 60, 'Laporan', 'someone', now() "
        "FROM unnest('{" +
        first + ",2024-03-01}'::date[]) d RETURNING 1");
  }
  v1::EstimateMentoringEffectRequest request;
  request.set_name(run->name());
  request.set_before_period(before);
  request.set_after_period(after);
  ASSERT_EQ(EndOf(Call<v1::Mentorships>(kHr, &MentorshipsStub::EstimateMentoringEffect, request)),
            "SUCCEEDED");
  v1::GetMatchingRunRequest get;
  get.set_name(run->name());
  const auto estimated = Call<v1::Mentorships>(kHr, &MentorshipsStub::GetMatchingRun, get);
  ASSERT_THAT(estimated, IsOk());
  EXPECT_EQ(estimated->effect().trained(), 10);
  EXPECT_EQ(estimated->effect().pairs(), 10);
  EXPECT_TRUE(estimated->effect().significant());
  EXPECT_GT(Decimal::Parse(estimated->effect().mean().value()).value(), Decimal(10));
}

TEST_F(MentorshipsServiceTest, WaitsForTheResultsAndStaysInItsAgency) {
  EXPECT_THAT(CreateRun("plaju"), ViolatesField("matchingRun.cyclePeriod"));
  const auto run = CreateRun();
  evaluation_.published = false;
  EXPECT_THAT(Solve(run->name()), HasReason(v1::RESULTS_NOT_PUBLISHED));
}

}  // namespace
}  // namespace teraju::training
