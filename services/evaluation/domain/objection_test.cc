#include "services/evaluation/domain/objection.h"

#include <map>
#include <vector>

#include "common/engines/rules/json.h"
#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/objection_statistics.h"
#include "services/evaluation/domain/revised_receipt.h"
#include "services/evaluation/domain/test_plans.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

constexpr char kPerson[] = "agencies/plaju/employees/person";
constexpr char kSuperior[] = "agencies/plaju/employees/superior";
constexpr char kDecides[] = "agencies/plaju/officials/mayor";
constexpr char kOther[] = "agencies/plaju/employees/other";

absl::Time Jakarta(int year, int month, int day, int hour = 12) {
  absl::TimeZone zone;
  absl::LoadTimeZone("Asia/Jakarta", &zone);
  return absl::FromCivil(absl::CivilHour(year, month, day, hour), zone);
}

// Final on Thursday 8 January 2026.
v1::Evaluation FinalResult(v1::Evaluation::State state = v1::Evaluation::FINAL) {
  v1::Evaluation evaluation = Parse<v1::Evaluation>(R"pb(
    name: "agencies/plaju/evaluations/1"
    period: "agencies/plaju/cycles/2025/periods/year"
    snapshot {
      employee: "agencies/plaju/employees/person"
      appraiser: "agencies/plaju/employees/superior"
      next_appraiser: "agencies/plaju/officials/mayor"
    }
    result_rating: BELOW_EXPECTATION
    behavior_rating: AS_EXPECTED
    result_reason: "Lama"
    predicate: NEEDS_IMPROVEMENT
    rated_by: "agencies/plaju/employees/superior")pb");
  evaluation.set_state(state);
  evaluation.mutable_final_time()->set_seconds(absl::ToUnixSeconds(Jakarta(2026, 1, 8)));
  return evaluation;
}

v1::ObjectionRules Working() {
  v1::ObjectionRules rules = DefaultObjectionRules("plaju");
  rules.set_day_kind(v1::ObjectionRules::WORKING_DAYS);
  *rules.add_holidays() = time::ToDate(absl::CivilDay(2026, 1, 16));
  return rules;
}

// Filed on 9 January 2026.
v1::Objection Case(v1::Objection::State state = v1::Objection::FILED) {
  auto objection = FileObjection(
      FinalResult(), "Angka keliru", DefaultObjectionRules("plaju"), Jakarta(2026, 1, 9));
  EXPECT_THAT(objection, IsOk());
  objection->set_name("agencies/plaju/objections/1");
  objection->set_decider(kDecides);
  objection->set_state(state);
  return *std::move(objection);
}

absl::Status Do(v1::Objection& objection, ObjectionAction action) {
  const absl::Time now = Jakarta(2026, 1, 20);  // the response is overdue
  v1::Evaluation evaluation = FinalResult();
  switch (action) {
    case ObjectionAction::kState:
      return AddStatement(objection, kPerson, "Lihat lampiran.", now);
    case ObjectionAction::kRespond:
      return AddStatement(objection, kSuperior, "Angka dari register.", now);
    case ObjectionAction::kRecuse:
      return ChangeDecider(objection, {v1::DeciderChange::RECUSED, "", "Kerabat"}, now);
    case ObjectionAction::kEscalate:
      return ChangeDecider(objection, {v1::DeciderChange::ESCALATED, "", ""}, now);
    case ObjectionAction::kAssign:
      return ChangeDecider(objection, {v1::DeciderChange::ASSIGNED, kOther, "Ditunjuk"}, now);
    case ObjectionAction::kUphold:
      return DecideObjection(objection, evaluation, {.reason = "Tetap"}, std::nullopt, now);
    case ObjectionAction::kChange:
      return DecideObjection(
          objection, evaluation, {.results = v1::AS_EXPECTED, .reason = "Ubah"}, std::nullopt, now);
    case ObjectionAction::kWithdraw:
      return WithdrawObjection(objection, now);
  }
  return absl::UnknownError("no such action");
}

TEST(ObjectionStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using O = v1::Objection;
  using A = ObjectionAction;
  std::map<std::pair<O::State, A>, O::State> allowed;
  for (const O::State open : {O::FILED, O::HEARD}) {
    for (const A action : {A::kState, A::kRecuse, A::kEscalate, A::kAssign})
      allowed[{open, action}] = open;
    allowed[{open, A::kRespond}] = O::HEARD;
    allowed[{open, A::kUphold}] = O::RESULT_UPHELD;
    allowed[{open, A::kChange}] = O::RESULT_CHANGED;
    allowed[{open, A::kWithdraw}] = O::WITHDRAWN;
  }
  const auto* states = O::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<O::State>(states->value(i)->number());
    for (const A action : kObjectionActions) {
      v1::Objection objection = Case(state);
      const absl::Status status = Do(objection, action);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(O::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(objection.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::OBJECTION_WRONG_STATE));
        EXPECT_THAT(status, HasMetadata("allowed", "FILED, HEARD"));
      }
    }
  }
}

TEST(ObjectionStates, EveryActionBelongsToTheseParties) {
  using A = ObjectionAction;
  using P = ObjectionParty;
  const std::map<A, std::vector<P>> allowed = {{A::kState, {P::kObjector, P::kDecider}},
                                               {A::kRespond, {P::kAppraiser}},
                                               {A::kRecuse, {P::kDecider}},
                                               {A::kEscalate, {P::kHrOffice}},
                                               {A::kAssign, {P::kHrOffice}},
                                               {A::kUphold, {P::kDecider}},
                                               {A::kChange, {P::kDecider}},
                                               {A::kWithdraw, {P::kObjector}}};
  for (const A action : kObjectionActions) {
    for (const P party : kObjectionParties) {
      const std::vector<P>& may = allowed.at(action);
      EXPECT_EQ(MayAct(party, action), std::find(may.begin(), may.end(), party) != may.end())
          << ActionName(action) << " " << static_cast<int>(party);
    }
  }
}

TEST(FileObjection, TakesWhatIsFinalUntilTheEndOfTheFourteenthDay) {
  const v1::ObjectionRules law = DefaultObjectionRules("plaju");
  EXPECT_THAT(FileObjection(FinalResult(v1::Evaluation::RATED), "", law, Jakarta(2026, 1, 9)),
              HasReason(v1::EVALUATION_NOT_FINAL));
  EXPECT_THAT(
      FileObjection(FinalResult(v1::Evaluation::ACKNOWLEDGED), "", law, Jakarta(2026, 1, 22, 23)),
      IsOk());
  const auto late = FileObjection(FinalResult(), "", law, Jakarta(2026, 1, 23, 0));
  EXPECT_THAT(late, HasReason(v1::OBJECTION_TOO_LATE));
  EXPECT_THAT(late, HasMetadata("deadline", "2026-01-22"));
}

TEST(FileObjection, CountsWorkingDaysWhereTheAgencySaysSo) {
  // Weekends of 10, 17, 24 January and the holiday of the 16th do not count.
  EXPECT_EQ(*DueDay(Working(), Jakarta(2026, 1, 8), 14), absl::CivilDay(2026, 1, 29));
  v1::ObjectionRules six_days = Working();
  six_days.set_works_on_saturday(true);
  EXPECT_EQ(*DueDay(six_days, Jakarta(2026, 1, 8), 14), absl::CivilDay(2026, 1, 26));
  // The last minute of the day in Papua is over two hours before Jakarta's.
  v1::ObjectionRules papua = DefaultObjectionRules("plaju");
  papua.set_time_zone("Asia/Jayapura");
  EXPECT_THAT(FileObjection(FinalResult(), "", papua, Jakarta(2026, 1, 22, 21)), IsOk());
  EXPECT_THAT(FileObjection(FinalResult(), "", papua, Jakarta(2026, 1, 22, 22)),
              HasReason(v1::OBJECTION_TOO_LATE));
}

TEST(ObjectionRules, HolidaysAreDaysOfTheCalendar) {
  v1::ObjectionRules rules = Working();
  EXPECT_THAT(CheckObjectionRules(rules), IsOk());
  rules.add_holidays()->set_year(2026);
  EXPECT_THAT(CheckObjectionRules(rules), ViolatesField("objectionRules.holidays[1]"));
  *rules.mutable_holidays(1) = Parse<google::type::Date>("year: 2026 month: 2 day: 30");
  EXPECT_THAT(CheckObjectionRules(rules), ViolatesField("objectionRules.holidays[1]"));
}

TEST(DecideObjection, HearsBothSidesOrWaitsUntilTheAppraisersDaysHavePassed) {
  v1::Evaluation evaluation = FinalResult();
  v1::Objection objection = Case();
  const ObjectionRuling uphold{.reason = "Tetap", .decider = kDecides};
  const auto early = DecideObjection(objection, evaluation, uphold, {}, Jakarta(2026, 1, 14, 23));
  EXPECT_THAT(early, HasReason(v1::OBJECTION_NOT_HEARD));
  EXPECT_THAT(early, HasMetadata("due_date", "2026-01-14"));
  objection = Case();
  ASSERT_THAT(DecideObjection(objection, evaluation, uphold, {}, Jakarta(2026, 1, 15, 0)), IsOk());
  EXPECT_TRUE(objection.decision().appraiser_silent());
  objection = Case();
  ASSERT_THAT(AddStatement(objection, kSuperior, "Benar.", Jakarta(2026, 1, 9)), IsOk());
  ASSERT_THAT(DecideObjection(objection, evaluation, uphold, {}, Jakarta(2026, 1, 9)), IsOk());
  EXPECT_FALSE(objection.decision().appraiser_silent());
  EXPECT_EQ(objection.decision().before().predicate(), v1::NEEDS_IMPROVEMENT);
  EXPECT_FALSE(objection.decision().has_after());
  EXPECT_EQ(evaluation.result_reason(), "Lama");
}

TEST(DecideObjection, ChangesRatingsAndWhatFollowsFromThem) {
  v1::Evaluation evaluation = FinalResult(v1::Evaluation::ACKNOWLEDGED);
  evaluation.mutable_acknowledge_time()->set_seconds(1);
  v1::Objection objection = Case(v1::Objection::HEARD);
  const absl::Time now = Jakarta(2026, 1, 12);
  ASSERT_THAT(
      DecideObjection(objection,
                      evaluation,
                      {.results = v1::AS_EXPECTED, .reason = "Register", .decider = kDecides},
                      {},
                      now),
      IsOk());
  EXPECT_EQ(evaluation.predicate(), v1::GOOD);
  EXPECT_EQ(evaluation.state(), v1::Evaluation::FINAL);
  EXPECT_FALSE(evaluation.has_acknowledge_time());
  EXPECT_EQ(evaluation.rated_by(), kDecides);
  EXPECT_EQ(evaluation.result_reason(), "Register");
  EXPECT_EQ(evaluation.final_time().seconds(), absl::ToUnixSeconds(now));
  EXPECT_EQ(objection.decision().after().predicate(), v1::GOOD);
}

TEST(DecideObjection, RefusesWhatChangesNothingAndTheHeadsRatingAgainstTheUnits) {
  v1::Evaluation evaluation = FinalResult();
  v1::Objection objection = Case(v1::Objection::HEARD);
  const absl::Time now = Jakarta(2026, 1, 12);
  EXPECT_THAT(DecideObjection(objection, evaluation, {.results = v1::BELOW_EXPECTATION}, {}, now),
              HasReason(v1::OBJECTION_CHANGES_NOTHING));
  objection = Case(v1::Objection::HEARD);
  EXPECT_THAT(
      DecideObjection(objection, evaluation, {.results = v1::AS_EXPECTED}, v1::UNIT_POOR, now),
      HasReason(v1::UNIT_RESULT_BINDS));
  objection = Case(v1::Objection::HEARD);
  EXPECT_THAT(DecideObjection(
                  objection, evaluation, {.behavior = v1::ABOVE_EXPECTATION}, v1::UNIT_POOR, now),
              IsOk());
}

TEST(ChangeDecider, NoSideDecidesAndNobodyWhoSteppedBack) {
  const absl::Time now = Jakarta(2026, 1, 12);
  for (const char* side : {kPerson, kSuperior}) {
    v1::Objection objection = Case();
    EXPECT_THAT(ChangeDecider(objection, {v1::DeciderChange::ASSIGNED, side, "x"}, now),
                HasReason(v1::OBJECTION_DECIDER_PARTIAL))
        << side;
  }
  v1::Objection objection = Case();
  ASSERT_THAT(ChangeDecider(objection, {v1::DeciderChange::RECUSED, kOther, "Kerabat"}, now),
              IsOk());
  EXPECT_EQ(objection.decider(), kOther);
  EXPECT_EQ(objection.decider_changes(0).from(), kDecides);
  // The days of the new decider begin now.
  EXPECT_EQ(objection.decision_due_date().day(), 26);
  EXPECT_FALSE(MayDecide(objection, kDecides));
  EXPECT_THAT(ChangeDecider(objection, {v1::DeciderChange::ASSIGNED, kDecides, "x"}, now),
              HasReason(v1::OBJECTION_DECIDER_PARTIAL));
}

TEST(DuesOf, WarnsThreeDaysBeforeAndKnowsWhatIsOverdue) {
  const v1::Objection objection = Case();  // response 14, decision 23 January
  EXPECT_FALSE(DuesOf(objection, Jakarta(2026, 1, 10))->response);
  EXPECT_TRUE(DuesOf(objection, Jakarta(2026, 1, 11))->response);
  EXPECT_FALSE(DuesOf(objection, Jakarta(2026, 1, 19))->decision);
  EXPECT_TRUE(DuesOf(objection, Jakarta(2026, 1, 20))->decision);
  EXPECT_FALSE(DuesOf(objection, Jakarta(2026, 1, 23))->overdue);
  EXPECT_TRUE(DuesOf(objection, Jakarta(2026, 1, 24))->overdue);
  v1::Objection heard = Case(v1::Objection::HEARD);
  EXPECT_FALSE(DuesOf(heard, Jakarta(2026, 1, 20))->response);
  heard.clear_decider();
  EXPECT_FALSE(DuesOf(heard, Jakarta(2026, 1, 24))->overdue);
}

v1::ObjectionCounts Counts(const char* unit, int filed, int changed) {
  v1::ObjectionCounts counts;
  counts.set_unit(unit);
  counts.set_results(100);
  counts.set_filed(filed);
  counts.set_changed(changed);
  counts.set_upheld(filed - changed);
  return counts;
}

TEST(ObjectionStatistics, WithholdSmallCountsAlsoAgainstSubtraction) {
  const std::vector<v1::ObjectionCounts> units = {
      Counts("a", 9, 3), Counts("b", 6, 1), Counts("c", 2, 1), Counts("d", 0, 0)};
  const v1::ObjectionStatistics shown = MakeObjectionStatistics(units);
  EXPECT_EQ(shown.total().filed(), 17);
  EXPECT_EQ(shown.total().changed(), 5);
  EXPECT_EQ(shown.units(0).changed(), 3);
  // 17 - 9 - 6 would give c away: b goes with it.
  for (const int i : {1, 2}) {
    EXPECT_TRUE(shown.units(i).suppressed()) << i;
    EXPECT_EQ(shown.units(i).filed(), 0);
    EXPECT_EQ(shown.units(i).changed(), 0);
    EXPECT_EQ(shown.units(i).results(), 100);
  }
  const v1::ObjectionStatistics few = MakeObjectionStatistics({{Counts("a", 4, 1)}});
  EXPECT_TRUE(few.total().suppressed());
  EXPECT_EQ(few.total().filed(), 0);
}

TEST(ReviseReceipt, NamesWhatTheResultWasAndCountsOn) {
  v1::ScoreReceipt replaced;
  *replaced.mutable_evaluation() = FinalResult();
  replaced.set_digest("abc");
  v1::ScoreReceipt receipt;
  *receipt.mutable_evaluation() = FinalResult();
  receipt.mutable_evaluation()->set_result_rating(v1::AS_EXPECTED);
  receipt.mutable_evaluation()->set_predicate(v1::GOOD);
  receipt.set_document(R"({"format":"teraju-receipt-document/1"})");
  receipt.set_text_en("The account.");
  ASSERT_THAT(ReviseReceipt(replaced, "agencies/plaju/objections/1", "Register", receipt), IsOk());
  EXPECT_EQ(receipt.revision(), 2);
  EXPECT_EQ(receipt.before().predicate(), v1::NEEDS_IMPROVEMENT);
  const auto document = rules::ParseJson(receipt.document());
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(document->Find("before")->Find("digest")->text, "abc");
  EXPECT_EQ(receipt.digest(), rules::DigestOf(*document));
  EXPECT_THAT(receipt.text_en(), HasSubstr("Before: "));
  EXPECT_THAT(receipt.text_en(), HasSubstr("Register\nThe account."));
  v1::ScoreReceipt again = receipt;
  ASSERT_THAT(ReviseReceipt(receipt, "agencies/plaju/objections/2", "", again), IsOk());
  EXPECT_EQ(again.revision(), 3);
}

}  // namespace
}  // namespace teraju::evaluation::domain
