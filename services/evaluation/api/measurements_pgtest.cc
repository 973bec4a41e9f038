#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;

// Everybody's indicator `apk` names the figure `data.apk`.
class MeasurementsTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    for (const auto& [person, superior] :
         {std::pair(std::string("head"), kMayor), std::pair(std::string("officer"), kHead)}) {
      ASSERT_THAT(Draft(person, "", "70", "data.apk"), IsOk());
      ASSERT_THAT(Submit(PlanOf(person), As(person)), IsOk());
      ASSERT_THAT(Approve(PlanOf(person), superior), IsOk());
    }
  }
  static v1::Measurement Figure(const std::string& value, const std::string& person = "officer") {
    auto figure = Parse<v1::Measurement>(R"pb(
      metric: "data.apk"
      date { year: 2025 month: 6 day: 30 }
      source: "Dapodik"
      measure_time { seconds: 1751328000 nanos: 123456789 }
      sample_size: 412)pb");
    figure.mutable_value()->set_value(value);
    figure.set_employee("agencies/plaju/employees/" + person);
    return figure;
  }
  absl::StatusOr<v1::BatchCreateMeasurementsResponse> Record(
      const std::vector<v1::Measurement>& figures, const Caller& caller = kHr) {
    v1::BatchCreateMeasurementsRequest request;
    request.set_parent(kAgency);
    for (const v1::Measurement& figure : figures) *request.add_measurements() = figure;
    return Call<v1::Measurements>(
        caller, &v1::Measurements::StubInterface::BatchCreateMeasurements, request);
  }
  absl::StatusOr<v1::BatchCreateMeasurementsResponse> Import(const std::string& text,
                                                             bool validate_only = false) {
    v1::ImportMeasurementsRequest request;
    request.set_parent(kAgency);
    request.mutable_body()->set_content_type("text/csv");
    request.mutable_body()->set_data(text);
    request.set_validate_only(validate_only);
    return Call<v1::Measurements>(
        kHr, &v1::Measurements::StubInterface::ImportMeasurements, request);
  }
  static std::vector<std::string> States(
      const absl::StatusOr<v1::BatchCreateMeasurementsResponse>& reply) {
    EXPECT_THAT(reply, IsOk());
    std::vector<std::string> states;
    if (!reply.ok()) return states;
    for (const v1::MeasurementResult& result : reply->results())
      states.push_back(v1::MeasurementResult::State_Name(result.state()));
    return states;
  }
  std::vector<std::string> Values() {
    return Query(
        "SELECT concat_ws(' ', w.employee, e.realisation, e.sample_size, (e.corrects IS NOT NULL)) "
        "FROM progress_entries e JOIN work_plans w USING (agency_id, plan_id) ORDER BY e.entry_id");
  }
};

TEST_F(MeasurementsTest, AreRecordedOnceAndCorrectedVisibly) {
  const auto recorded = Record({Figure("71.5")});
  EXPECT_THAT(States(recorded), ElementsAre("RECORDED"));
  EXPECT_THAT(States(Record({Figure("71.50")})), ElementsAre("UNCHANGED"));
  host_.clock().Advance(absl::Seconds(1));
  const auto corrected = Record({Figure("72")});
  EXPECT_THAT(States(corrected), ElementsAre("CORRECTED"));
  EXPECT_THAT(Values(), ElementsAre("employees/officer 71.5 412 f", "employees/officer 72 412 t"));

  // The person reads where it comes from, and cannot correct it.
  v1::ListProgressEntriesRequest list;
  list.set_parent(PlanOf("officer"));
  const auto entries = Call<v1::ProgressEntries>(
      kOfficer, &v1::ProgressEntries::StubInterface::ListProgressEntries, list);
  ASSERT_THAT(entries, IsOk());
  EXPECT_EQ(entries->progress_entries(0).corrected_by(), corrected->results(0).progress_entries(0));
  EXPECT_EQ(entries->progress_entries(1).measured().source(), "Dapodik");
  EXPECT_EQ(entries->progress_entries(1).measured().sample_size(), 412);
  EXPECT_EQ(entries->progress_entries(1).entered_by(), "agencies/plaju/apiClients/hr");
  v1::CreateProgressEntryRequest own;
  own.set_parent(PlanOf("officer"));
  *own.mutable_progress_entry() = entries->progress_entries(1);
  own.mutable_progress_entry()->set_corrects(entries->progress_entries(1).name());
  EXPECT_THAT(Call<v1::ProgressEntries>(
                  kOfficer, &v1::ProgressEntries::StubInterface::CreateProgressEntry, own),
              ViolatesField("progressEntry.corrects"));
}

TEST_F(MeasurementsTest, OneThatGoesNowhereHoldsUpNoneOfTheOthers) {
  v1::Measurement of_unit = Figure("80");
  of_unit.clear_employee();
  of_unit.set_unit(kOffice);
  const auto reply = Record(
      {Figure("71"), Figure("71", "stranger"), Figure("71", "colleague"), of_unit, Figure("71.2")});
  EXPECT_THAT(States(reply), ElementsAre("RECORDED", "REFUSED", "REFUSED", "RECORDED", "REFUSED"));
  EXPECT_THAT(reply->results(1).text_en(), HasSubstr("no approved plan"));
  EXPECT_THAT(reply->results(1).text_id(), HasSubstr("Tidak ada SKP"));
  // Which of two in one batch is right nobody can tell; a unit's figure is its head's.
  EXPECT_THAT(reply->results(4).text_en(), HasSubstr("another value"));
  EXPECT_THAT(Query("SELECT concat_ws(' ', w.employee, e.realisation) FROM progress_entries e JOIN "
                    "work_plans w USING (agency_id, plan_id) ORDER BY 1"),
              ElementsAre("employees/head 80", "employees/officer 71"));
}

TEST_F(MeasurementsTest, OnlyWithTheRightAndForTheOwnAgency) {
  EXPECT_THAT(Record({Figure("71")}, kOfficer), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Record({Figure("71")}, kHead), HasReason(PERMISSION_DENIED));
  v1::Measurement both = Figure("71");
  both.set_unit(kOffice);
  EXPECT_THAT(Record({both}), ViolatesField("measurements[0]"));
  both.clear_employee();
  both.set_unit("agencies/dumai/units/dinas");
  EXPECT_THAT(Record({both}), ViolatesField("measurements[0].unit"));
  v1::Measurement none = Figure("71");
  none.set_sample_size(0);
  EXPECT_THAT(Record({none}), ViolatesField("measurements[0].sampleSize"));
  EXPECT_THAT(Values(), IsEmpty());
}

TEST_F(MeasurementsTest, AFileSaysTheSameInADryRunAndASecondTimeChangesNothing) {
  people_.nips["198001012005011001"] = "agencies/plaju/employees/officer";
  const std::string file =
      "nip;metric;date;value;source;measure_time;sample_size\n"
      "198001012005011001;data.apk;2025-06-30;71,5;Dapodik;2025-07-01T00:00:00Z;412\n"
      "199901012005011009;data.apk;2025-06-30;71,5;Dapodik;2025-07-01T00:00:00Z;412\n"
      "198001012005011001;data.apk;kemarin;71,5;Dapodik;2025-07-01T00:00:00Z;412\n";
  const auto dry = Import(file, true);
  EXPECT_THAT(States(dry), ElementsAre("RECORDED", "REFUSED", "REFUSED"));
  EXPECT_THAT(Values(), IsEmpty());
  EXPECT_THAT(States(Import(file)), ElementsAre("RECORDED", "REFUSED", "REFUSED"));
  EXPECT_THAT(dry->results(1).text_en(), HasSubstr("NIP"));
  EXPECT_THAT(dry->results(2).text_en(), HasSubstr("Column date"));
  EXPECT_THAT(States(Import(file)), ElementsAre("UNCHANGED", "REFUSED", "REFUSED"));
  EXPECT_THAT(Values(), ElementsAre("employees/officer 71.5 412 f"));
  EXPECT_THAT(Import("nip;metric\n"), ViolatesField("body"));
}

}  // namespace
}  // namespace teraju::evaluation
