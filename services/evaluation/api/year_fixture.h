// A year that is scored, rated and published, on the fixture's small agency.
#pragma once

#include <string>

#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {

class YearTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    AgreeAll();
  }
  // Officer 77 and head 70 of 70, the colleague nothing.
  void ScoreYear(const std::string& campaign = "") {
    ASSERT_THAT(Realise("officer", "60", 6, 30), testing::IsOk());
    ASSERT_THAT(Realise("officer", "77", 12, 31), testing::IsOk());
    ASSERT_THAT(Realise("head", "70", 12, 31), testing::IsOk());
    ASSERT_EQ(Finish(StartScoring(kYearPeriod, campaign)), "SUCCEEDED");
  }
  absl::StatusOr<v1::UnitResult> SetUnitResult(v1::UnitPredicate predicate,
                                               const Caller& caller = kMayor,
                                               const std::string& unit = kOffice) {
    v1::CreateUnitResultRequest request;
    request.set_parent(kAgency);
    request.mutable_unit_result()->set_unit(unit);
    request.mutable_unit_result()->set_period(kYearPeriod);
    request.mutable_unit_result()->set_predicate(predicate);
    request.mutable_unit_result()->set_reason("Perjanjian kinerja tercapai");
    return Call<v1::UnitResults>(
        caller, &v1::UnitResults::StubInterface::CreateUnitResult, request);
  }
  absl::StatusOr<v1::UnitResult> Confirm(const std::string& name,
                                         const std::string& justification) {
    v1::ConfirmUnitResultRequest request;
    request.set_name(name);
    request.set_justification(justification);
    return Call<v1::UnitResults>(
        kMayor, &v1::UnitResults::StubInterface::ConfirmUnitResult, request);
  }
  void RateAll() {
    ASSERT_THAT(Rate(kMayor, EvaluationOf("head"), v1::RATING_UNSPECIFIED, v1::AS_EXPECTED),
                testing::IsOk());
    ASSERT_THAT(Rate(kHead, EvaluationOf("officer"), v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION),
                testing::IsOk());
    ASSERT_THAT(Rate(kHead, EvaluationOf("colleague"), v1::BELOW_EXPECTATION, v1::AS_EXPECTED),
                testing::IsOk());
  }
  void PublishYear() {
    ScoreYear();
    const auto result = SetUnitResult(v1::UNIT_GOOD);
    ASSERT_THAT(result, testing::IsOk());
    RateAll();
    ASSERT_THAT(Confirm(result->name(), "Unit kecil"), testing::IsOk());
    ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  }
  absl::StatusOr<v1::ScoreReceipt> Receipt(const std::string& evaluation, const Caller& caller) {
    v1::GetScoreReceiptRequest request;
    request.set_name(evaluation + "/scoreReceipt");
    return Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::GetScoreReceipt, request);
  }
  absl::StatusOr<v1::NominateAwardsResponse> Nominate(int share,
                                                      const std::string& period = kYearPeriod) {
    v1::NominateAwardsRequest request;
    request.set_parent(kAgency);
    request.set_period(period);
    request.set_share_percent(share);
    return Call<v1::Awards>(kHr, &v1::Awards::StubInterface::NominateAwards, request);
  }
};

}  // namespace teraju::evaluation
