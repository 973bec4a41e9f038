// From figures to final results: scoring, ratings, unit results, publication, receipts, awards.
#include "absl/strings/escaping.h"
#include "common/auth/encoding.h"
#include "common/engines/rules/cli/receipt_check.h"
#include "google/protobuf/util/json_util.h"
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

TEST_F(YearTest, ScoringComputesTheLatestFiguresUntilTheEndOfThePeriod) {
  ASSERT_THAT(Realise("officer", "35", 3, 31), IsOk());
  ASSERT_THAT(Realise("officer", "49", 4, 1), IsOk());
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  const auto officer = GetEvaluation(EvaluationOf("officer", "q1"));
  ASSERT_THAT(officer, IsOk());
  const v1::ComputedEvidence& computed = officer->computed();
  EXPECT_EQ(computed.items(0).indicators(0).realisation().value(), "35");
  EXPECT_EQ(computed.mean_achievement().value(), "50.00");
  EXPECT_EQ(computed.suggested_result_rating(), v1::BELOW_EXPECTATION);
  EXPECT_EQ(officer->state(), v1::Evaluation::OPEN);
  const auto colleague = GetEvaluation(EvaluationOf("colleague", "q1"));
  ASSERT_THAT(colleague, IsOk());
  EXPECT_FALSE(colleague->computed().has_mean_achievement());
  EXPECT_EQ(colleague->computed().warnings(0).code(), "NO_REALISATION");
  EXPECT_THAT(Query("SELECT state FROM periods ORDER BY period_id"),
              ElementsAre("SCORED", "OPEN", "OPEN", "OPEN", "OPEN"));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE computed IS NOT NULL"),
              ElementsAre("3"));
}

TEST_F(YearTest, ACorrectedEntryNoLongerCounts) {
  const auto wrong = Realise("officer", "999", 3, 30);
  ASSERT_THAT(wrong, IsOk());
  v1::CreateProgressEntryRequest request;
  request.set_parent(PlanOf("officer"));
  *request.mutable_progress_entry() = Parse<v1::ProgressEntry>(R"pb(
    item_id: "hk1"
    indicator_id: "apk"
    kind: REALISATION
    activity: "Koreksi"
    realisation { value: "63" }
    date { year: 2025 month: 3 day: 1 })pb");
  request.mutable_progress_entry()->set_corrects(wrong->name());
  ASSERT_THAT(Call<v1::ProgressEntries>(
                  kOfficer, &v1::ProgressEntries::StubInterface::CreateProgressEntry, request),
              IsOk());
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  EXPECT_EQ(GetEvaluation(EvaluationOf("officer", "q1"))->computed().mean_achievement().value(),
            "90.00");
}

TEST_F(YearTest, ScoringTakesTheFeedbackOfTheCampaignOver) {
  feedback_.reports = {
      {"agencies/plaju/campaigns/1/reports/1", "agencies/plaju/employees/officer", {}},
      {"agencies/plaju/campaigns/1/reports/2", "agencies/plaju/employees/head", {}}};
  feedback_.reports[0].overall_mean.set_value("4.2");
  ScoreYear("agencies/plaju/campaigns/1");
  const auto officer = GetEvaluation(EvaluationOf("officer"));
  ASSERT_THAT(officer, IsOk());
  EXPECT_EQ(officer->computed().feedback_mean().value(), "4.2");
  const auto head = GetEvaluation(EvaluationOf("head"));
  ASSERT_THAT(head, IsOk());
  EXPECT_FALSE(head->computed().has_feedback_mean());
  EXPECT_EQ(head->computed().feedback_report(), "agencies/plaju/campaigns/1/reports/2");
  // Scoring again without a campaign forgets it.
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  EXPECT_FALSE(GetEvaluation(EvaluationOf("officer"))->computed().has_feedback_mean());
}

TEST_F(YearTest, TheAppraiserRatesAndNobodyElse) {
  const std::string officer = EvaluationOf("officer");
  EXPECT_THAT(Rate(kHead, officer, v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(v1::PERIOD_NOT_SCORED));
  ScoreYear();
  for (const Caller& other : {kOfficer, kColleague, kMayor, kHr, kUnitHr}) {
    EXPECT_THAT(Rate(other, officer, v1::AS_EXPECTED, v1::AS_EXPECTED),
                HasReason(PERMISSION_DENIED))
        << other.subject;
  }
  EXPECT_THAT(Rate(kHead, officer, v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION, ""),
              HasReason(v1::RATING_REASON_MISSING));
  const auto rated = Rate(kHead, officer, v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION);
  ASSERT_THAT(rated, IsOk());
  EXPECT_EQ(rated->predicate(), v1::VERY_GOOD);
  EXPECT_EQ(rated->rated_by(), "agencies/plaju/employees/head");
  // Until final it may be repeated.
  EXPECT_EQ(Rate(kHead, officer, v1::AS_EXPECTED, v1::AS_EXPECTED)->predicate(), v1::GOOD);
}

TEST_F(YearTest, ABatchIsRatedAsAWholeOrNotAtAll) {
  ScoreYear();
  v1::BatchRateEvaluationsRequest request;
  request.set_parent(kAgency);
  for (const char* person : {"officer", "colleague"}) {
    v1::RateEvaluationRequest& one = *request.add_requests();
    one.set_name(EvaluationOf(person));
    one.set_result_rating(v1::ABOVE_EXPECTATION);
    one.set_behavior_rating(v1::AS_EXPECTED);
  }
  const auto batch = [&](const Caller& caller) {
    return Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::BatchRateEvaluations, request);
  };
  const auto refused = batch(kHead);
  EXPECT_THAT(refused, HasReason(v1::RATING_REASON_MISSING));
  EXPECT_THAT(refused, HasMetadata("field", "requests[1].resultReason"));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE state = 'RATED'"), ElementsAre("0"));
  request.mutable_requests(1)->set_result_reason("Tidak tercermin pada angka");
  EXPECT_THAT(batch(kColleague), HasReason(PERMISSION_DENIED));
  const auto rated = batch(kHead);
  ASSERT_THAT(rated, IsOk());
  EXPECT_EQ(rated->evaluations(1).name(), request.requests(1).name());
  request.mutable_requests(1)->set_name(request.requests(0).name());
  EXPECT_THAT(batch(kHead), ViolatesField("requests[1].name"));
}

TEST_F(YearTest, ThePersonsOwnAccountComesBeforeTheRating) {
  v1::SubmitSelfEvaluationRequest request;
  request.set_name(EvaluationOf("officer"));
  request.set_note("Kelas malam berjalan sejak Mei.");
  const auto submit = [&](const Caller& caller) {
    return Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::SubmitSelfEvaluation, request);
  };
  EXPECT_THAT(submit(kHead), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(submit(kOfficer)->self_note(), "Kelas malam berjalan sejak Mei.");
  ScoreYear();
  ASSERT_THAT(Rate(kHead, request.name(), v1::ABOVE_EXPECTATION, v1::AS_EXPECTED), IsOk());
  EXPECT_THAT(submit(kOfficer), HasReason(v1::EVALUATION_RATED));
}

TEST_F(YearTest, OthersReadingAResultLeavesATrace) {
  const std::string officer = EvaluationOf("officer");
  const auto traces = [&] {
    return Query("SELECT actor FROM audit_events WHERE type = 'evaluation.read' ORDER BY 1");
  };
  ASSERT_THAT(GetEvaluation(officer, kOfficer), IsOk());
  ASSERT_THAT(GetEvaluation(officer, {.subject = "services/training"}), IsOk());
  EXPECT_THAT(traces(), ElementsAre());
  ASSERT_THAT(GetEvaluation(officer, kHead), IsOk());
  EXPECT_THAT(traces(), ElementsAre("employees/head"));
  EXPECT_THAT(GetEvaluation(officer, kColleague), HasReason(PERMISSION_DENIED));
}

TEST_F(YearTest, AListShowsWhatTheSingleReadShows) {
  v1::ListEvaluationsRequest request;
  request.set_parent(kAgency);
  request.set_period(kYearPeriod);
  for (const Caller& caller : {kOfficer, kHead, kMayor, kUnitHr, kHr}) {
    const auto listed =
        Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::ListEvaluations, request);
    ASSERT_THAT(listed, IsOk());
    std::set<std::string> names;
    for (const v1::Evaluation& evaluation : listed->evaluations()) names.insert(evaluation.name());
    for (const char* person : {"head", "officer", "colleague"}) {
      EXPECT_EQ(GetEvaluation(EvaluationOf(person), caller).ok(),
                names.contains(EvaluationOf(person)))
          << caller.subject << " " << person;
    }
  }
  request.set_appraiser("agencies/plaju/employees/head");
  EXPECT_EQ(Call<v1::Evaluations>(kHead, &v1::Evaluations::StubInterface::ListEvaluations, request)
                ->evaluations_size(),
            2);
}

TEST_F(YearTest, TheHigherLeaderSetsTheUnitsResultAndItBindsTheHead) {
  ScoreYear();
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kHead), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kHr), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kMayor, "agencies/plaju/units/lain"),
              HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Rate(kMayor, EvaluationOf("head"), v1::BELOW_EXPECTATION, v1::ABOVE_EXPECTATION),
              IsOk());
  const auto result = SetUnitResult(v1::UNIT_EXCEPTIONAL);
  ASSERT_THAT(result, IsOk());
  // A head who was rated before follows.
  const auto head = GetEvaluation(EvaluationOf("head"));
  ASSERT_THAT(head, IsOk());
  EXPECT_EQ(head->result_rating(), v1::ABOVE_EXPECTATION);
  EXPECT_EQ(head->predicate(), v1::VERY_GOOD);
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Rate(kMayor, EvaluationOf("head"), v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(v1::UNIT_RESULT_BINDS));

  v1::UpdateUnitResultRequest update;
  update.mutable_unit_result()->set_name(result->name());
  update.mutable_unit_result()->set_predicate(v1::UNIT_GOOD);
  update.mutable_unit_result()->set_reason("Setelah ditinjau");
  ASSERT_THAT(
      Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::UpdateUnitResult, update),
      IsOk());
  EXPECT_EQ(GetEvaluation(EvaluationOf("head"))->result_rating(), v1::AS_EXPECTED);
}

TEST_F(YearTest, AUnitWithoutAHeadOfItsOwnHasAHigherLeaderToo) {
  // In badan somebody from elsewhere acts as head; in bidang, below the office, nobody does.
  identity_.segments.push_back(Segment(
      "clerk", false, "employees/acting", "officials/mayor", time::Period::Year(2025), "badan"));
  v1::Snapshot below = Segment("analyst", false, "employees/head", "officials/mayor");
  below.set_unit("agencies/plaju/units/bidang");
  below.set_unit_path(0, below.unit());
  below.set_unit_path(1, kOffice);
  below.add_unit_path("agencies/plaju/units/kota");
  identity_.segments.push_back(below);
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  ScoreYear();
  const std::string badan = "agencies/plaju/units/badan";
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, As("acting"), badan), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kMayor, badan), IsOk());
  const std::string bidang = "agencies/plaju/units/bidang";
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kMayor, bidang), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(SetUnitResult(v1::UNIT_GOOD, kHead, bidang), IsOk());
}

TEST_F(YearTest, TheDistributionIsCountedWithoutTheHeadAndConfirmedWithAReason) {
  ScoreYear();
  const auto result = SetUnitResult(v1::UNIT_GOOD);
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->distribution().population(), 2);
  EXPECT_EQ(result->distribution().rated(), 0);
  EXPECT_THAT(Confirm(result->name(), "x"), HasReason(v1::EVALUATIONS_OPEN));
  RateAll();
  v1::GetUnitResultRequest get;
  get.set_name(result->name());
  const auto counted =
      Call<v1::UnitResults>(kUnitHr, &v1::UnitResults::StubInterface::GetUnitResult, get);
  ASSERT_THAT(counted, IsOk());
  EXPECT_EQ(counted->distribution().very_good(), 1);
  EXPECT_EQ(counted->distribution().needs_improvement(), 1);
  EXPECT_FALSE(counted->distribution().conforms());
  EXPECT_THAT(Confirm(result->name(), ""), HasReason(v1::JUSTIFICATION_MISSING));
  const auto confirmed = Confirm(result->name(), "Unit kecil: dua orang");
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->state(), v1::UnitResult::CONFIRMED);
  EXPECT_EQ(confirmed->distribution().SerializeAsString(),
            counted->distribution().SerializeAsString());
  EXPECT_THAT(Confirm(result->name(), "lagi"), HasReason(v1::UNIT_RESULT_CONFIRMED));
  // What has been accepted does not change behind the leader's back.
  EXPECT_THAT(Rate(kHead, EvaluationOf("officer"), v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(v1::UNIT_RESULT_CONFIRMED));
  v1::ListUnitResultsRequest list;
  list.set_parent(kAgency);
  list.set_period(kYearPeriod);
  EXPECT_EQ(Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::ListUnitResults, list)
                ->unit_results_size(),
            1);
}

TEST_F(YearTest, APersonCountsInTheUnitOfTheLastSegment) {
  const time::Period first =
      *time::Period::Make(absl::CivilDay(2025, 1, 1), absl::CivilDay(2025, 7, 1));
  const time::Period second =
      *time::Period::Make(absl::CivilDay(2025, 7, 1), absl::CivilDay(2026, 1, 1));
  identity_.segments.push_back(Segment("mover", false, "employees/head", "officials/mayor", first));
  identity_.segments.push_back(Segment("mover", false, "officials/mayor", "", second, "badan"));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  ScoreYear();
  EXPECT_EQ(SetUnitResult(v1::UNIT_GOOD)->distribution().population(), 2);
  EXPECT_EQ(SetUnitResult(v1::UNIT_GOOD, kMayor, "agencies/plaju/units/badan")
                ->distribution()
                .population(),
            1);
}

TEST_F(YearTest, PublishingWaitsForRatingsAndUnitResults) {
  EXPECT_THAT(StartPublishing(kYearPeriod), HasReason(v1::PERIOD_NOT_SCORED));
  ScoreYear();
  EXPECT_THAT(StartPublishing(kYearPeriod), HasMetadata("open_count", "3"));
  ASSERT_THAT(Rate(kMayor, EvaluationOf("head"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  ASSERT_THAT(Rate(kHead, EvaluationOf("officer"), v1::ABOVE_EXPECTATION, v1::AS_EXPECTED), IsOk());
  ASSERT_THAT(Rate(kHead, EvaluationOf("colleague"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  const auto refused = StartPublishing(kYearPeriod);
  EXPECT_THAT(refused, HasReason(v1::UNIT_RESULTS_OPEN));
  EXPECT_THAT(refused, HasMetadata("units", kOffice));
}

TEST_F(YearTest, AFinalResultHasAReceiptThatAddsUp) {
  EXPECT_THAT(Receipt(EvaluationOf("officer"), kOfficer), HasReason(v1::EVALUATION_NOT_FINAL));
  PublishYear();
  const std::string name = EvaluationOf("officer");
  const auto receipt = Receipt(name, kOfficer);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(receipt->text_en(), HasSubstr("77 / 70 * 100 = 110"));
  EXPECT_THAT(receipt->text_id(), HasSubstr("Sangat Baik"));
  EXPECT_EQ(receipt->evaluation().predicate(), v1::VERY_GOOD);
  EXPECT_EQ(receipt->evaluation().state(), v1::Evaluation::FINAL);
  // The digest is that of the document, and stands in the decision log.
  EXPECT_EQ(receipt->digest(), absl::BytesToHexString(auth::Sha256(receipt->document())));
  EXPECT_THAT(Query("SELECT 'auditEvents/evaluation/' || event_id FROM audit_events WHERE type = "
                    "'evaluation.final' AND "
                    "resource = '" +
                    name + "' AND details LIKE '%" + receipt->digest() + "%'"),
              ElementsAre(receipt->audit_event()));
  EXPECT_THAT(Receipt(name, kColleague), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Query("SELECT count(*) FROM outbox WHERE type = 'evaluation.final'"),
              ElementsAre("3"));
  EXPECT_THAT(Query("SELECT state FROM unit_results"), ElementsAre("PUBLISHED"));
}

TEST_F(YearTest, AReceiptIsAlsoAPage) {
  PublishYear();
  const auto draw = [&](const Caller& caller, const std::string& language) {
    v1::DrawScoreReceiptRequest request;
    request.set_name(EvaluationOf("officer") + "/scoreReceipt");
    request.set_language_code(language);
    return Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::DrawScoreReceipt, request);
  };
  const auto page = draw(kOfficer, "");
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->content_type(), "text/html; charset=utf-8");
  EXPECT_THAT(page->data(), ::testing::HasSubstr("Tanda terima hasil kinerja"));
  EXPECT_THAT(draw(kOfficer, "en")->data(), ::testing::HasSubstr("Receipt of an appraisal result"));
  EXPECT_THAT(draw(kOfficer, "nl"), testing::ViolatesField("languageCode"));
  EXPECT_THAT(draw(kColleague, ""), HasReason(PERMISSION_DENIED));
}

TEST_F(YearTest, AReceiptCanBeCheckedByAnybodyAndChangedByNobody) {
  const auto file_of = [&](const Caller& caller) {
    v1::ExportScoreReceiptRequest request;
    request.set_name(EvaluationOf("officer") + "/scoreReceipt");
    return Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::ExportScoreReceipt, request);
  };
  PublishYear();
  EXPECT_THAT(file_of(kOfficer), HasReason(errors::reasons::PROOF_PENDING));
  const audit::Signer signer = *audit::Signer::Generate();
  SequenceAll(signer);
  const auto file = file_of(kOfficer);
  ASSERT_THAT(file, IsOk());
  EXPECT_THAT(file_of(kColleague), HasReason(PERMISSION_DENIED));

  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*file, &json).ok());
  const auto check = rules::CheckReceipt(json, signer.public_key());
  ASSERT_THAT(check, IsOk());
  EXPECT_THAT(check->findings, ::testing::SizeIs(7));
  for (const rules::Finding& finding : check->findings) EXPECT_TRUE(finding.ok) << finding.text.en;
  // Controls: the key of another agency; any letter changed.
  EXPECT_FALSE(rules::CheckReceipt(json, audit::Signer::Generate()->public_key())->ok());
  int accepted = 0;
  for (std::size_t i = 0; i < json.size(); i += 7) {  // every part of the file, in little time
    std::string changed = json;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto refused = rules::CheckReceipt(changed, signer.public_key());
    if (refused.ok() && refused->ok()) {
      ++accepted;
      ADD_FAILURE() << "accepted although changed at " << i << ": " << changed.substr(i, 40);
    }
  }
  EXPECT_EQ(accepted, 0);
}

TEST_F(YearTest, WhatIsFinalStays) {
  PublishYear();
  EXPECT_THAT(Rate(kHead, EvaluationOf("officer"), v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(v1::EVALUATION_FINAL));
  EXPECT_THAT(StartScoring(kYearPeriod), HasReason(v1::PERIOD_PUBLISHED));
  EXPECT_THAT(StartPublishing(kYearPeriod), HasReason(v1::PERIOD_PUBLISHED));
  EXPECT_THAT(Realise("officer", "80", 12, 1), HasReason(v1::PERIOD_PUBLISHED));
  v1::AcknowledgeEvaluationRequest request;
  request.set_name(EvaluationOf("officer"));
  const auto acknowledged = Call<v1::Evaluations>(
      kOfficer, &v1::Evaluations::StubInterface::AcknowledgeEvaluation, request);
  ASSERT_THAT(acknowledged, IsOk());
  EXPECT_EQ(acknowledged->state(), v1::Evaluation::ACKNOWLEDGED);
}

TEST_F(YearTest, AQuarterIsPublishedWithoutUnitResults) {
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  ASSERT_THAT(Rate(kMayor, EvaluationOf("head", "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  for (const char* person : {"officer", "colleague"}) {
    ASSERT_THAT(Rate(kHead, EvaluationOf(person, "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  }
  EXPECT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
  EXPECT_THAT(Query("SELECT count(*) FROM receipts"), ElementsAre("3"));
}

TEST_F(YearTest, AwardsAreNominatedByRuleAndDecidedByAPerson) {
  EXPECT_THAT(Nominate(50), HasReason(v1::PERIODS_OPEN));
  EXPECT_THAT(Nominate(50, kQ1), ViolatesField("period"));
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Nominate(50), HasReason(v1::SHADOW_CYCLE));
  Query("UPDATE cycles SET kind = 'ANNUAL' RETURNING 1");
  PublishYear();
  EXPECT_EQ(Nominate(33)->awards_size(), 0);  // a third of three, rounded down, is none
  const auto nominated = Nominate(34);
  ASSERT_THAT(nominated, IsOk());
  ASSERT_EQ(nominated->awards_size(), 1);
  const v1::Award& award = nominated->awards(0);
  EXPECT_EQ(award.employee(), "agencies/plaju/employees/officer");
  EXPECT_EQ(award.unit(), kOffice);
  EXPECT_THAT(award.reason_en(), HasSubstr("110.00%"));
  EXPECT_EQ(Nominate(100)->awards_size(), 0);  // nobody twice, nobody else is Sangat Baik

  v1::ListAwardsRequest list;
  list.set_parent(kAgency);
  EXPECT_EQ(Call<v1::Awards>(kOfficer, &v1::Awards::StubInterface::ListAwards, list)->awards_size(),
            1);
  EXPECT_EQ(
      Call<v1::Awards>(kColleague, &v1::Awards::StubInterface::ListAwards, list)->awards_size(), 0);
  v1::ConfirmAwardRequest confirm;
  confirm.set_name(award.name());
  confirm.set_confirmed(true);
  EXPECT_THAT(Call<v1::Awards>(kHr, &v1::Awards::StubInterface::ConfirmAward, confirm),
              HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Call<v1::Awards>(kMayor, &v1::Awards::StubInterface::ConfirmAward, confirm)->state(),
            v1::Award::CONFIRMED);
  EXPECT_THAT(Call<v1::Awards>(kMayor, &v1::Awards::StubInterface::ConfirmAward, confirm),
              HasReason(v1::AWARD_DECIDED));
}

TEST_F(YearTest, AYearReportedInDecemberIsToldFromOneReportedAllAlong) {
  for (const auto& [month, day] : {std::pair(12, 2), std::pair(12, 16), std::pair(12, 30)})
    ASSERT_THAT(Realise("officer", "77", month, day), IsOk());
  for (const auto& [month, day] : {std::pair(3, 28), std::pair(6, 27), std::pair(12, 30)})
    ASSERT_THAT(Realise("head", "77", month, day), IsOk());
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  const auto warned = [&](const std::string& person) {
    const auto evaluation = GetEvaluation(EvaluationOf(person));
    EXPECT_THAT(evaluation, IsOk());
    const auto& warnings = evaluation->computed().warnings();
    return std::any_of(warnings.begin(), warnings.end(), [](const v1::Warning& warning) {
      return warning.code() == "RECENT_ENTRIES_ONLY";
    });
  };
  EXPECT_TRUE(warned("officer"));
  EXPECT_FALSE(warned("head"));
}

}  // namespace
}  // namespace teraju::evaluation
