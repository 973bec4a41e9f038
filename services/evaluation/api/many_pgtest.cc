// A population that takes several steps of each operation. SCALE_PERSONS sets its size, for looking
// at the figures of a larger one by hand.
#include <cstdio>
#include <cstdlib>

#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;

class ManyTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    const char* size = std::getenv("SCALE_PERSONS");
    persons_ = size == nullptr ? 1100 : std::atoi(size);
    identity_.page_size = 500;
    identity_.segments.clear();
    for (int i = 0; i < persons_; ++i) {
      identity_.segments.push_back(
          Segment("p" + std::to_string(i), false, "employees/head", "officials/mayor"));
    }
  }
  // Plans and progress as if everybody had entered them, in two statements.
  void AgreeEverybody() {
    ASSERT_THAT(Draft("p0"), IsOk());
    Query(
        "UPDATE work_plans SET state = 'APPROVED', body = (SELECT body FROM work_plans WHERE "
        "employee = 'employees/p0') "
        "RETURNING 1");
    Query(
        "INSERT INTO progress_entries (agency_id, plan_id, entry_id, item_id, indicator_id, kind, "
        "date, activity, "
        "realisation, create_time, entered_by) "
        "SELECT agency_id, plan_id, gen_random_uuid(), 'hk1', 'apk', 'REALISATION', '2025-12-31', "
        "'x', 70, now(), employee "
        "FROM work_plans RETURNING 1");
  }
  void RateEverybody() {
    const auto names = Query("SELECT evaluation_id FROM evaluations WHERE period_id = 'year'");
    v1::BatchRateEvaluationsRequest request;
    for (std::size_t i = 0; i < names.size(); ++i) {
      v1::RateEvaluationRequest& one = *request.add_requests();
      one.set_name("agencies/plaju/evaluations/" + names[i]);
      one.set_result_rating(v1::AS_EXPECTED);
      one.set_behavior_rating(v1::AS_EXPECTED);
      if (request.requests_size() < 100 && i + 1 < names.size()) continue;
      request.set_parent(kAgency);
      ASSERT_THAT(Call<v1::Evaluations>(
                      kHead, &v1::Evaluations::StubInterface::BatchRateEvaluations, request),
                  IsOk());
      request.Clear();
    }
  }
  void Step(const char* what, const std::function<void()>& work) const {
    const absl::Time begin = absl::Now();
    work();
    std::printf(
        "%d persons, %s: %.2f s\n", persons_, what, absl::ToDoubleSeconds(absl::Now() - begin));
  }

  int persons_ = 0;
};

TEST_F(ManyTest, EverybodyIsOpenedScoredRatedAndPublishedOnce) {
  // Nobody heads the office: everybody reports to somebody who acts as head.
  const std::string all = std::to_string(persons_);
  ASSERT_THAT(CreateCycle(), IsOk());
  Step("open", [&] { ASSERT_EQ(OpenCycle(), "SUCCEEDED"); });
  EXPECT_THAT(Query("SELECT count(*) FROM work_plans"), ElementsAre(all));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations"), ElementsAre(std::to_string(5 * persons_)));
  AgreeEverybody();
  Step("score", [&] { ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED"); });
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE mean_achievement = 100"),
              ElementsAre(all));
  Step("rate", [&] { RateEverybody(); });
  v1::CreateUnitResultRequest create;
  create.set_parent(kAgency);
  create.mutable_unit_result()->set_unit(kOffice);
  create.mutable_unit_result()->set_period(kYearPeriod);
  create.mutable_unit_result()->set_predicate(v1::UNIT_GOOD);
  create.mutable_unit_result()->set_reason("Tercapai");
  absl::StatusOr<v1::UnitResult> result =
      Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::CreateUnitResult, create);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->distribution().population(), persons_);
  v1::ConfirmUnitResultRequest confirm;
  confirm.set_name(result->name());
  confirm.set_justification("Semua mencapai target");
  ASSERT_THAT(
      Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::ConfirmUnitResult, confirm),
      IsOk());
  Step("publish", [&] { ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED"); });
  EXPECT_THAT(Query("SELECT count(*) FROM receipts"), ElementsAre(all));
  EXPECT_THAT(
      Query("SELECT count(DISTINCT resource) FROM audit_events WHERE type = 'evaluation.final'"),
      ElementsAre(all));
  EXPECT_THAT(Query("SELECT count(*) FROM annual_results WHERE state = 'FINAL'"), ElementsAre(all));
  // Each evaluation and each annual result.
  EXPECT_THAT(Query("SELECT done || '/' || total FROM operations WHERE kind = 'publish_period'"),
              ElementsAre(std::to_string(2 * persons_) + "/" + std::to_string(2 * persons_)));
}

}  // namespace
}  // namespace teraju::evaluation
