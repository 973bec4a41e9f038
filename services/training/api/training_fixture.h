// The fixture of tests of training's methods: real PostgreSQL, a real server, a worker for the
// operations, fake peers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/api/resource_key.h"
#include "common/errors/error.h"
#include "common/operations/worker.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "services/training/api/long_work.h"
#include "services/training/api/services.h"
#include "teraju/training/v1/error_reason.pb.h"
#include "training_migrations.h"

namespace teraju::training {

class FakeEvaluationClient final : public EvaluationClient {
 public:
  absl::Status CheckPublished(const CallContext&, const std::string& period) override {
    if (published) return absl::OkStatus();
    return errors::FailedPrecondition(v1::RESULTS_NOT_PUBLISHED, "Not yet.").With("period", period);
  }
  absl::StatusOr<std::vector<domain::Appraisal>> ListAppraisals(
      const CallContext&, const std::string& period) override {
    const auto found = results.find(period);
    return found == results.end() ? appraisals : found->second;
  }
  absl::StatusOr<std::vector<domain::CompetencyGap>> ListCompetencyGaps(
      const CallContext&, const std::string&) override {
    return gaps;
  }

  bool published = true;
  std::vector<domain::Appraisal> appraisals;
  std::map<std::string, std::vector<domain::Appraisal>> results;  // of single periods
  std::vector<domain::CompetencyGap> gaps;
};

class FakeFeedbackClient final : public FeedbackClient {
 public:
  absl::StatusOr<std::vector<domain::TopicFeedback>> ListTopics(const CallContext&,
                                                                const std::string&) override {
    return topics;
  }

  std::vector<domain::TopicFeedback> topics;
};

class FakeIdentityClient final : public IdentityClient {
 public:
  // Everybody but `nobody` works in `bidang` under `ani`.
  absl::StatusOr<ReportingLine> ReportingLineOf(const CallContext&,
                                                const AgencyId& agency,
                                                const std::string& employee,
                                                absl::CivilDay) override {
    const std::string root = "agencies/" + agency.value();
    if (employee == root + "/employees/nobody") {
      return errors::FailedPrecondition(v1::EMPLOYEE_UNKNOWN, "Nobody.").With("employee", employee);
    }
    return ReportingLine{.unit_path = {root + "/units/bidang", root + "/units/dinas"},
                         .appraiser = root + "/employees/ani"};
  }
  absl::StatusOr<std::vector<domain::StaffMember>> ListStaff(const CallContext&,
                                                             const AgencyId&) override {
    return staff;
  }

  std::vector<domain::StaffMember> staff;
};

inline const testing::Caller kHr{.subject = "employees/hr", .agency = "dumai"};
// Enters nothing, so may approve what kHr has entered.
inline const testing::Caller kChief{.subject = "employees/chief", .agency = "dumai"};
inline const testing::Caller kUnitHr{.subject = "apiClients/unit-hr", .agency = "dumai"};
inline const testing::Caller kAni{.subject = "employees/ani", .agency = "dumai"};
inline const testing::Caller kBudi{.subject = "employees/budi", .agency = "dumai"};
inline const testing::Caller kCitra{.subject = "employees/citra", .agency = "dumai"};

class TrainingApiTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"},
                {.agency = AgencyId("dumai"), .subject = kChief.subject, .role = "regional_hr"},
                {.agency = AgencyId("dumai"),
                 .subject = kUnitHr.subject,
                 .role = "unit_hr",
                 .unit = "agencies/dumai/units/dinas"}});
    ServeAll(host_, database(), identity_, evaluation_);
    worker_ = std::make_unique<operations::Worker>(
        operations::WorkerOptions{.service = "training", .poll = absl::Milliseconds(10)},
        LongWork(database(), identity_, evaluation_, feedback_),
        database(),
        testing::internal::DenyAll(),
        host_.logger());
  }
  void TearDown() override { worker_.reset(); }

  // Waits for the end of an operation and returns its state.
  std::string EndOf(const absl::StatusOr<google::longrunning::Operation>& operation) {
    if (!operation.ok()) return operation.status().ToString();
    const std::string id = operation->name().substr(operation->name().rfind('/') + 1);
    const std::string sql =
        "SELECT state FROM operations WHERE operation_id = '" + id + "' AND end_time IS NOT NULL";
    if (!testing::Eventually([&] { return !Query(sql).empty(); }, absl::Minutes(4)))
      return "not ended";
    return Query(sql)[0];
  }

  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Call(const testing::Caller& caller,
                                grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                                const Request& request) {
    return host_.Client<Service>().Call(caller, method, request);
  }

  // What everybody below needs: a published course on `topic`, given once in 2026.
  std::string AddOffering(const std::string& topic, int seats, std::int64_t cost) {
    v1::CreateCourseRequest create;
    create.set_parent("agencies/dumai");
    create.mutable_course()->set_title("Kursus " + topic);
    create.mutable_course()->add_topics(topic);
    create.mutable_course()->set_type("8");
    create.mutable_course()->set_learning_hours(24);
    const auto course = Call<v1::Courses>(kHr, &v1::Courses::StubInterface::CreateCourse, create);
    EXPECT_THAT(course, testing::IsOk());
    v1::PublishCourseRequest publish;
    publish.set_name(course->name());
    EXPECT_THAT(Call<v1::Courses>(kHr, &v1::Courses::StubInterface::PublishCourse, publish),
                testing::IsOk());
    v1::CreateOfferingRequest offer;
    offer.set_parent(course->name());
    SetDate(*offer.mutable_offering()->mutable_start_date(), 2026, 2, 2);
    SetDate(*offer.mutable_offering()->mutable_end_date(), 2026, 2, 4);
    offer.mutable_offering()->set_seats(seats);
    offer.mutable_offering()->mutable_cost_per_seat()->set_currency_code("IDR");
    offer.mutable_offering()->mutable_cost_per_seat()->set_units(cost);
    const auto offering =
        Call<v1::Courses>(kHr, &v1::Courses::StubInterface::CreateOffering, offer);
    EXPECT_THAT(offering, testing::IsOk());
    return offering.ok() ? offering->name() : "";
  }
  void AddBudget(std::int64_t amount) {
    v1::CreateBudgetRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_budget()->set_fiscal_year(2026);
    request.mutable_budget()->set_source("APBD");
    request.mutable_budget()->mutable_amount()->set_currency_code("IDR");
    request.mutable_budget()->mutable_amount()->set_units(amount);
    EXPECT_THAT(Call<v1::Budgets>(kHr, &v1::Budgets::StubInterface::CreateBudget, request),
                testing::IsOk());
  }
  // A need that `employee` enters, or the superior `ani` enters for them.
  absl::StatusOr<v1::Need> AddNeed(const testing::Caller& caller,
                                   const std::string& employee,
                                   const std::string& topic) {
    v1::CreateNeedRequest request;
    request.set_parent("agencies/dumai");
    request.set_fiscal_year(2026);
    request.mutable_need()->set_employee("agencies/dumai/employees/" + employee);
    request.mutable_need()->set_topic(topic);
    return Call<v1::Needs>(caller, &v1::Needs::StubInterface::CreateNeed, request);
  }
  static void SetDate(google::type::Date& date, int year, int month, int day) {
    date.set_year(year);
    date.set_month(month);
    date.set_day(day);
  }

  testing::RpcHost host_{"training"};
  FakeIdentityClient identity_;
  FakeEvaluationClient evaluation_;
  FakeFeedbackClient feedback_;
  std::unique_ptr<operations::Worker> worker_;
};

}  // namespace teraju::training
