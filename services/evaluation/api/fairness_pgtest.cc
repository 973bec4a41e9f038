// Fairness reports: who counts, who reads, and that nothing of a few people is told.
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::StartsWith;

constexpr char kFairness[] = "agencies/plaju/cycles/2025/fairnessReport";
const Caller kFairTeam{.subject = "employees/team", .agency = "plaju"};
const Caller kFairInspector{.subject = "employees/inspector", .agency = "plaju"};

class FairnessTest : public YearTest {
 protected:
  void SetUp() override {
    YearTest::SetUp();
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "employees/inspector", "inspector", ""},
                {AgencyId("plaju"), "employees/team", "appraisal_team", ""}});
  }
  absl::StatusOr<v1::FairnessReport> Publish(const Caller& caller) {
    v1::PublishFairnessReportRequest request;
    request.set_name(kFairness);
    return Call<v1::FairnessReports>(
        caller, &v1::FairnessReports::StubInterface::PublishFairnessReport, request);
  }
  absl::StatusOr<v1::FairnessReport> Get(const Caller& caller) {
    v1::GetFairnessReportRequest request;
    request.set_name(kFairness);
    return Call<v1::FairnessReports>(
        caller, &v1::FairnessReports::StubInterface::GetFairnessReport, request);
  }
  absl::StatusOr<google::api::HttpBody> Draw(const Caller& caller, const std::string& language) {
    v1::DrawFairnessReportRequest request;
    request.set_name(kFairness);
    request.set_language_code(language);
    return Call<v1::FairnessReports>(
        caller, &v1::FairnessReports::StubInterface::DrawFairnessReport, request);
  }
  static const v1::FairnessGroup* Find(const v1::FairnessReport& report, const std::string& name) {
    for (const v1::FairnessGroup& group : report.groups()) {
      if (group.group() == name) return &group;
    }
    return nullptr;
  }
  // Of people `first` to `last`, whose evaluations nobody asks for: foreign keys are not looked at.
  void PlantObjections(int first, int last, const std::string& state) {
    Query(
        "SET session_replication_role = replica; INSERT INTO objections (agency_id, objection_id, "
        "evaluation_id, cycle_id, period_id, employee, appraiser, unit_path, state, body, "
        "create_time) SELECT 'plaju', gen_random_uuid(), gen_random_uuid(), '2025', 'year', "
        "'employees/p' || n, 'employees/head', '{dinas,kota}', '" +
        state + "', '', now() FROM generate_series(" + std::to_string(first) + ", " +
        std::to_string(last) + ") n RETURNING 1");
  }
  // Forty people of two kinds of posts, two golongan and both genders, a third each of every
  // predicate.
  void PlantYear() {
    Query("DELETE FROM annual_results RETURNING 1");
    Query(
        "INSERT INTO annual_results (agency_id, annual_result_id, cycle_id, period_id, employee, "
        "unit_id, unit_path, position_title, position_kind, leads_unit, start_date, end_date, "
        "appraiser, explanation_id, explanation_en, state, predicate, body, document, final_time, "
        "create_time) SELECT 'plaju', gen_random_uuid(), '2025', 'year', 'employees/p' || n, "
        "'dinas', '{dinas,kota}', 'Analis', CASE WHEN n <= 20 THEN 'FUNCTIONAL' ELSE 'GENERAL' "
        "END, false, '2025-01-01', '2025-12-31', 'employees/head', '', '', 'FINAL', "
        "('{VERY_GOOD,GOOD,POOR}'::text[])[n % 3 + 1], '', '', now(), now() "
        "FROM generate_series(1, 40) n RETURNING 1");
    Query("UPDATE periods SET state = 'PUBLISHED' RETURNING 1");
    for (int i = 1; i <= 40; ++i) {
      people_.traits["agencies/plaju/employees/p" + std::to_string(i)] = {
          .grade = i % 2 == 1 ? "31" : "23", .gender = i % 4 < 2 ? "MALE" : "FEMALE"};
    }
  }
};

TEST_F(FairnessTest, IsForTheAppraisalTeamAndTheHrOfficeAlone) {
  PlantYear();
  for (const Caller& other : {kOfficer, kHead, kMayor, kUnitHr, kFairInspector, kFairTeam})
    EXPECT_THAT(Publish(other), HasReason(PERMISSION_DENIED)) << other.subject;
  EXPECT_THAT(Get(kHr), HasReason(RESOURCE_NOT_FOUND));
  const auto report = Publish(kHr);
  ASSERT_THAT(report, IsOk());
  ASSERT_GT(report->groups_size(), 0);
  EXPECT_EQ(report->groups(0).people(), 40);
  bool functional = false, rank = false;
  for (const v1::FairnessGroup& group : report->groups()) {
    functional = functional || (group.group() == "FUNCTIONAL" && group.people() == 20 &&
                                group.effect().difference().value() == "-5.0");
    rank = rank || (group.dimension() == v1::FairnessReport::RANK_GROUP && group.group() == "III");
  }
  EXPECT_TRUE(functional);
  EXPECT_TRUE(rank);
  EXPECT_THAT(Publish(kHr), HasReason(RESOURCE_EXISTS));
  for (const Caller& reader : {kHr, kFairTeam}) EXPECT_THAT(Get(reader), IsOk());
  for (const Caller& other : {kOfficer, kHead, kMayor, kUnitHr, kFairInspector})
    EXPECT_THAT(Get(other), HasReason(PERMISSION_DENIED)) << other.subject;
}

TEST_F(FairnessTest, ComparesGendersAndCountsObjectionsAsTheyStand) {
  PlantYear();
  PlantObjections(1, 12, "WITHDRAWN");
  PlantObjections(13, 24, "RESULT_CHANGED");
  const auto report = Publish(kHr);
  ASSERT_THAT(report, IsOk());
  for (const char* gender : {"MALE", "FEMALE"}) {
    const v1::FairnessGroup* group = Find(*report, gender);
    ASSERT_NE(group, nullptr) << gender;
    EXPECT_EQ(group->dimension(), v1::FairnessReport::GENDER);
    EXPECT_EQ(group->people(), 20);
    EXPECT_EQ(group->objections(), 12);
    EXPECT_EQ(group->objections_changed(), 6);
  }
  // What is filed later does not count.
  PlantObjections(25, 30, "FILED");
  EXPECT_EQ(Get(kHr)->groups(0).objections(), 24);
}

TEST_F(FairnessTest, IsDrawnForWhoeverMayReadIt) {
  EXPECT_THAT(Draw(kHr, ""), HasReason(RESOURCE_NOT_FOUND));
  PlantYear();
  ASSERT_THAT(Publish(kHr), IsOk());
  for (const Caller& reader : {kHr, kFairTeam}) {
    const auto picture = Draw(reader, "");
    ASSERT_THAT(picture, IsOk());
    EXPECT_EQ(picture->content_type(), "image/svg+xml");
    EXPECT_THAT(picture->data(), StartsWith("<svg"));
    EXPECT_THAT(picture->data(), HasSubstr("Perempuan"));
    EXPECT_THAT(picture->data(), HasSubstr("Dinas Pendidikan"));
  }
  EXPECT_THAT(Draw(kHr, "en")->data(), HasSubstr("Women"));
  EXPECT_THAT(Draw(kHr, "nl"), testing::ViolatesField("languageCode"));
  for (const Caller& other : {kOfficer, kHead, kMayor, kUnitHr, kFairInspector})
    EXPECT_THAT(Draw(other, ""), HasReason(PERMISSION_DENIED)) << other.subject;
  people_.available = false;
  EXPECT_THAT(Draw(kHr, ""), HasReason(DEPENDENCY_UNAVAILABLE));
}

TEST_F(FairnessTest, CountsFinalResultsOfABindingYearOnly) {
  EXPECT_THAT(Publish(kHr), HasReason(v1::PERIODS_OPEN));
  PlantYear();
  people_.available = false;
  EXPECT_THAT(Publish(kHr), HasReason(DEPENDENCY_UNAVAILABLE));
  people_.available = true;
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Publish(kHr), HasReason(v1::SHADOW_CYCLE));
}

TEST_F(FairnessTest, OfThreePeopleNothingIsTold) {
  PublishYear();
  const auto report = Publish(kHr);
  ASSERT_THAT(report, IsOk());
  for (const v1::FairnessGroup& group : report->groups()) {
    EXPECT_FALSE(group.has_very_good() || group.has_good() || group.has_lower());
    EXPECT_FALSE(group.has_effect());
  }
}

}  // namespace
}  // namespace teraju::evaluation
