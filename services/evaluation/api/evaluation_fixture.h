// The fixture of this service's API tests: all services and the worker on a real database, fake
// peers, a small agency: the mayor over the head of an office, the head over an officer and a
// colleague.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/audit/sequencer.h"
#include "common/audit/signer.h"
#include "common/operations/worker.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "evaluation_migrations.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "services/evaluation/api/fake_clients.h"
#include "services/evaluation/api/long_work.h"
#include "services/evaluation/api/services.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {

using testing::Caller;

inline const Caller kHr{.subject = "apiClients/hr", .agency = "plaju"};
inline const Caller kMayor{.subject = "officials/mayor", .agency = "plaju"};
inline const Caller kHead{.subject = "employees/head", .agency = "plaju"};
inline const Caller kOfficer{.subject = "employees/officer", .agency = "plaju"};
inline const Caller kColleague{.subject = "employees/colleague", .agency = "plaju"};
inline const Caller kUnitHr{.subject = "employees/unit-hr", .agency = "plaju"};
inline constexpr char kAgency[] = "agencies/plaju";
inline constexpr char kCycle[] = "agencies/plaju/cycles/2025";
inline constexpr char kYearPeriod[] = "agencies/plaju/cycles/2025/periods/year";
inline constexpr char kQ1[] = "agencies/plaju/cycles/2025/periods/q1";
inline constexpr char kOffice[] = "agencies/plaju/units/dinas";

class EvaluationTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    ServeAll(host_, database(), catalog_, people_, feedback_);
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "employees/unit-hr", "unit_hr", kOffice}});
    worker_ = std::make_unique<operations::Worker>(
        operations::WorkerOptions{
            .service = "evaluation", .threads = 1, .poll = absl::Milliseconds(5)},
        LongWork(database(), identity_, feedback_),
        database(),
        testing::internal::DenyAll(),
        host_.logger());
    identity_.segments = {Segment("head", true, "officials/mayor", ""),
                          Segment("officer", false, "employees/head", "officials/mayor"),
                          Segment("colleague", false, "employees/head", "officials/mayor")};
  }

  static v1::Snapshot Segment(const std::string& person,
                              bool leads,
                              const std::string& appraiser,
                              const std::string& next,
                              const time::Period& days = time::Period::Year(2025),
                              const std::string& unit = "dinas") {
    v1::Snapshot segment;
    segment.set_employee("agencies/plaju/employees/" + person);
    segment.set_unit("agencies/plaju/units/" + unit);
    segment.add_unit_path(segment.unit());
    segment.add_unit_path("agencies/plaju/units/kota");
    segment.set_position_title("Analis");
    segment.set_position_kind("FUNCTIONAL");
    segment.set_leads_unit(leads);
    *segment.mutable_start_date() = time::ToDate(days.start());
    *segment.mutable_end_date() = time::ToDate(days.last());
    segment.set_appraiser("agencies/plaju/" + appraiser);
    if (!next.empty()) segment.set_next_appraiser("agencies/plaju/" + next);
    segment.set_explanation_id("Kepala unit");
    segment.set_explanation_en("Head of the unit");
    return segment;
  }

  template <typename Message>
  static Message Parse(const std::string& text) {
    Message message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return message;
  }

  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller,
                                grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                                const Request& request) {
    return host_.Client<Service>().Call(caller, method, request);
  }

  absl::StatusOr<v1::Cycle> CreateCycle(const Caller& caller = kHr,
                                        const std::string& local_pack = "") {
    auto request = Parse<v1::CreateCycleRequest>(R"pb(
      parent: "agencies/plaju"
      cycle_id: "2025"
      cycle {
        display_name: "2025"
        period_kind: QUARTERLY
        start_date { year: 2025 month: 1 day: 1 }
        end_date { year: 2025 month: 12 day: 31 }
      })pb");
    request.mutable_cycle()->set_local_pack(local_pack);
    return Call<v1::Cycles>(caller, &v1::Cycles::StubInterface::CreateCycle, request);
  }

  // Waits for an operation's end: its state as the row has it.
  std::string Finish(const absl::StatusOr<google::longrunning::Operation>& operation) {
    EXPECT_THAT(operation, testing::IsOk());
    if (!operation.ok()) return "REFUSED";
    const std::string id = operation->name().substr(operation->name().rfind('/') + 1);
    const std::string sql =
        "SELECT state FROM operations WHERE end_time IS NOT NULL AND operation_id = '" + id + "'";
    if (!testing::Eventually([&] { return !Query(sql).empty(); })) return "STILL RUNNING";
    return Query(sql).front();
  }

  std::string OpenCycle(const std::string& unit = "") {
    v1::OpenCycleRequest request;
    request.set_name(kCycle);
    request.set_unit(unit);
    return Finish(Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::OpenCycle, request));
  }
  absl::StatusOr<google::longrunning::Operation> StartScoring(const std::string& period,
                                                              const std::string& campaign = "") {
    v1::ScorePeriodRequest request;
    request.set_name(period);
    request.set_feedback_campaign(campaign);
    return Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::ScorePeriod, request);
  }
  absl::StatusOr<google::longrunning::Operation> StartPublishing(const std::string& period) {
    v1::PublishPeriodRequest request;
    request.set_name(period);
    return Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::PublishPeriod, request);
  }

  // Every record into the signed tree; one that a transaction elsewhere holds up is waited for.
  void SequenceAll(const audit::Signer& signer) {
    ASSERT_TRUE(testing::Eventually([&] {
      EXPECT_THAT(audit::SequenceOnce(database(), testing::TestCall(), "evaluation", signer),
                  testing::IsOk());
      return Query(
                 "SELECT 1 FROM audit_events e WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE "
                 "(l.agency_id, l.xid, l.event_number) = (e.agency_id, e.xid, e.event_number))")
          .empty();
    }));
  }

  std::string PlanOf(const std::string& person) {
    const auto ids = Query("SELECT plan_id FROM work_plans WHERE employee = 'employees/" + person +
                           "' ORDER BY start_date");
    EXPECT_FALSE(ids.empty());
    return ids.empty() ? "" : "agencies/plaju/workPlans/" + ids.front();
  }
  std::string EvaluationOf(const std::string& person, const std::string& period = "year") {
    const auto ids = Query("SELECT evaluation_id FROM evaluations WHERE employee = 'employees/" +
                           person + "' AND period_id = '" + period + "' ORDER BY start_date");
    EXPECT_FALSE(ids.empty());
    return ids.empty() ? "" : "agencies/plaju/evaluations/" + ids.front();
  }
  static Caller As(const std::string& person) {
    return {.subject = "employees/" + person, .agency = "plaju"};
  }

  absl::StatusOr<v1::WorkPlan> GetPlan(const std::string& name, const Caller& caller) {
    v1::GetWorkPlanRequest request;
    request.set_name(name);
    return Call<v1::WorkPlans>(caller, &v1::WorkPlans::StubInterface::GetWorkPlan, request);
  }
  // One result with one indicator of quality: 70 percent.
  absl::StatusOr<v1::WorkPlan> Draft(const std::string& person,
                                     const std::string& supports = "",
                                     const std::string& target = "70",
                                     const std::string& metric = "") {
    v1::UpdateWorkPlanRequest request;
    v1::WorkPlan& plan = *request.mutable_work_plan();
    plan = Parse<v1::WorkPlan>(R"pb(
      items {
        item_id: "hk1"
        kind: MAIN
        title: "Angka partisipasi"
        indicators {
          indicator_id: "apk"
          aspect: QUALITY
          title: "Partisipasi"
          unit_of_measure: "persen"
          polarity: HIGHER_IS_BETTER
        }
      })pb");
    plan.mutable_items(0)->mutable_indicators(0)->mutable_target()->set_value(target);
    plan.mutable_items(0)->mutable_indicators(0)->set_metric(metric);
    plan.mutable_items(0)->set_supports(supports);
    plan.set_name(PlanOf(person));
    return Call<v1::WorkPlans>(As(person), &v1::WorkPlans::StubInterface::UpdateWorkPlan, request);
  }
  absl::StatusOr<v1::WorkPlan> Submit(const std::string& plan, const Caller& caller) {
    v1::SubmitWorkPlanRequest request;
    request.set_name(plan);
    return Call<v1::WorkPlans>(caller, &v1::WorkPlans::StubInterface::SubmitWorkPlan, request);
  }
  absl::StatusOr<v1::WorkPlan> Approve(const std::string& plan, const Caller& caller) {
    v1::ApproveWorkPlanRequest request;
    request.set_name(plan);
    return Call<v1::WorkPlans>(caller, &v1::WorkPlans::StubInterface::ApproveWorkPlan, request);
  }
  void Agree(const std::string& person, const Caller& superior) {
    ASSERT_THAT(Draft(person), testing::IsOk());
    ASSERT_THAT(Submit(PlanOf(person), As(person)), testing::IsOk());
    ASSERT_THAT(Approve(PlanOf(person), superior), testing::IsOk());
  }
  // The agency with its cycle open and every plan approved.
  void AgreeAll() {
    ASSERT_THAT(CreateCycle(), testing::IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    Agree("head", kMayor);
    Agree("officer", kHead);
    Agree("colleague", kHead);
  }

  absl::StatusOr<v1::ProgressEntry> Realise(const std::string& person,
                                            const std::string& value,
                                            int month,
                                            int day) {
    v1::CreateProgressEntryRequest request;
    request.set_parent(PlanOf(person));
    v1::ProgressEntry& entry = *request.mutable_progress_entry();
    entry = Parse<v1::ProgressEntry>(
        R"pb(item_id: "hk1" indicator_id: "apk" kind: REALISATION activity: "Pendataan")pb");
    entry.mutable_realisation()->set_value(value);
    *entry.mutable_date() = time::ToDate(absl::CivilDay(2025, month, day));
    return Call<v1::ProgressEntries>(
        As(person), &v1::ProgressEntries::StubInterface::CreateProgressEntry, request);
  }
  absl::StatusOr<v1::Evaluation> GetEvaluation(const std::string& name,
                                               const Caller& caller = kHr) {
    v1::GetEvaluationRequest request;
    request.set_name(name);
    return Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::GetEvaluation, request);
  }
  absl::StatusOr<v1::Evaluation> Rate(const Caller& caller,
                                      const std::string& name,
                                      v1::Rating results,
                                      v1::Rating behavior,
                                      const std::string& reason = "Dibahas pada dialog kinerja") {
    v1::RateEvaluationRequest request;
    request.set_name(name);
    request.set_result_rating(results);
    request.set_behavior_rating(behavior);
    request.set_result_reason(reason);
    request.set_behavior_reason(reason);
    return Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::RateEvaluation, request);
  }

  FakeIdentity identity_;
  FakeCatalog catalog_;
  FakePeople people_;
  FakeFeedback feedback_;
  testing::RpcHost host_{"evaluation"};
  std::unique_ptr<operations::Worker> worker_;
};

}  // namespace teraju::evaluation
