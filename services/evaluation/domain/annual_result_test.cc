#include "services/evaluation/domain/annual_result.h"

#include <map>
#include <optional>
#include <string>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/receipt_document.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'740'000'000);
const time::Period kYear2025 = time::Period::Year(2025);

LocalPack Shipped(const std::string& name) {
  return {"agencies/plaju/policyPacks/" + name + "/revisions/1", "", *rules::FindShippedPack(name)};
}

AnnualPart Part(const std::string& id,
                absl::CivilDay start,
                absl::CivilDay last,
                v1::Predicate predicate,
                const std::string& local_score = "",
                const std::string& local_predicate = "") {
  AnnualPart part;
  v1::Evaluation& evaluation = part.evaluation;
  evaluation.set_name("agencies/plaju/evaluations/" + id);
  v1::Snapshot& snapshot = *evaluation.mutable_snapshot();
  snapshot.set_position_title("Jabatan " + id);
  *snapshot.mutable_start_date() = time::ToDate(start);
  *snapshot.mutable_end_date() = time::ToDate(last);
  evaluation.set_predicate(predicate);
  if (!local_score.empty())
    evaluation.mutable_local_result()->mutable_score()->set_value(local_score);
  evaluation.mutable_local_result()->set_predicate(local_predicate);
  part.receipt_digest = "digest-" + id;
  return part;
}

// Transferred on 1 July, given in the wrong order: the first half ends in the year, the second goes
// on beyond it.
std::vector<AnnualPart> Transferred(v1::Predicate first, v1::Predicate second) {
  return {Part("b", absl::CivilDay(2025, 7, 1), absl::CivilDay(2026, 3, 31), second, "90", "GOOD"),
          Part("a", absl::CivilDay(2024, 5, 1), absl::CivilDay(2025, 6, 30), first, "80", "GOOD")};
}

v1::AnnualResult Draft() {
  v1::AnnualResult result;
  result.set_name("agencies/plaju/annualResults/1");
  result.set_state(v1::AnnualResult::DRAFT);
  return result;
}

TEST(AnnualStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = v1::AnnualResult;
  const std::map<std::pair<S::State, AnnualAction>, S::State> allowed = {
      {{S::DRAFT, AnnualAction::kDecide}, S::DRAFT},
      {{S::DRAFT, AnnualAction::kPublish}, S::FINAL},
      {{S::FINAL, AnnualAction::kChangeByObjection}, S::FINAL}};
  const auto* states = S::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<S::State>(states->value(i)->number());
    for (const AnnualAction action : kAnnualActions) {
      SCOPED_TRACE(S::State_Name(state) + " " + std::string(ActionName(action)));
      v1::AnnualResult result = Draft();
      ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::GOOD), kYear2025, nullptr, kNow),
                  IsOk());
      result.set_state(state);
      const absl::Status status =
          action == AnnualAction::kDecide
              ? DecideYear(result,
                           {.segments = 2},
                           {.predicate = v1::GOOD, .reason = "Alasan", .by = "x"},
                           kNow)
              : FinaliseYear(result, action, kYear2025, nullptr, "00", kNow).status();
      const auto cell = allowed.find({state, action});
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(result.state(), cell != allowed.end() ? cell->second : state);
    }
  }
}

TEST(Combine, TakesTheLastSegmentsPredicateAndShowsEveryone) {
  v1::AnnualResult result = Draft();
  ASSERT_THAT(
      Combine(result, Transferred(v1::VERY_GOOD, v1::NEEDS_IMPROVEMENT), kYear2025, nullptr, kNow),
      IsOk());
  EXPECT_EQ(result.predicate(), v1::NEEDS_IMPROVEMENT);
  ASSERT_EQ(result.segments_size(), 2);
  EXPECT_EQ(result.segments(0).position_title(), "Jabatan a");
  EXPECT_EQ(result.segments(0).days(), 181);  // from 1 January, not from May of the year before
  EXPECT_EQ(result.segments(1).days(), 184);  // until 31 December
  EXPECT_THAT(result.text_id(),
              HasSubstr("2025-01-01 – 2025-06-30, Jabatan a (181 hari): Sangat Baik"));
  EXPECT_THAT(result.text_en(), HasSubstr("that of the last assignment: "));
}

TEST(Combine, SaysNothingBeforeEverySegmentIsRated) {
  v1::AnnualResult result = Draft();
  ASSERT_THAT(
      Combine(result, Transferred(v1::PREDICATE_UNSPECIFIED, v1::GOOD), kYear2025, nullptr, kNow),
      IsOk());
  EXPECT_EQ(result.predicate(), v1::PREDICATE_UNSPECIFIED);
  EXPECT_THAT(result.text_id(), HasSubstr("Jabatan a (181 hari): belum dinilai"));
  EXPECT_FALSE(FinaliseYear(result, AnnualAction::kPublish, kYear2025, nullptr, "00", kNow).ok());
}

TEST(Combine, FollowsTheLastAppraisersDecision) {
  v1::AnnualResult result = Draft();
  ASSERT_THAT(
      DecideYear(result,
                 {.segments = 2},
                 {.predicate = v1::GOOD, .reason = "Semester pertama sangat baik", .by = "boss"},
                 kNow),
      IsOk());
  ASSERT_THAT(
      Combine(result, Transferred(v1::VERY_GOOD, v1::NEEDS_IMPROVEMENT), kYear2025, nullptr, kNow),
      IsOk());
  EXPECT_EQ(result.predicate(), v1::GOOD);
  EXPECT_THAT(result.text_id(),
              HasSubstr("ditetapkan pejabat penilai terakhir: Baik. Alasan: Semester"));
  // Taken back, it is the last segment's again.
  ASSERT_THAT(DecideYear(result, {.segments = 2}, {}, kNow), IsOk());
  ASSERT_THAT(
      Combine(result, Transferred(v1::VERY_GOOD, v1::NEEDS_IMPROVEMENT), kYear2025, nullptr, kNow),
      IsOk());
  EXPECT_EQ(result.predicate(), v1::NEEDS_IMPROVEMENT);
}

TEST(DecideYear, NeedsAReasonAndSeveralSegments) {
  v1::AnnualResult result = Draft();
  EXPECT_THAT(
      DecideYear(result, {.segments = 2}, {.predicate = v1::GOOD, .reason = "", .by = ""}, kNow),
      ViolatesField("reason"));
  EXPECT_THAT(
      DecideYear(
          result, {.segments = 1}, {.predicate = v1::GOOD, .reason = "Alasan", .by = ""}, kNow),
      HasReason(v1::ANNUAL_RESULT_SINGLE));
  EXPECT_THAT(DecideYear(result,
                         {.segments = 2, .confirmed = true},
                         {.predicate = v1::GOOD, .reason = "Alasan", .by = ""},
                         kNow),
              HasReason(v1::UNIT_RESULT_CONFIRMED));
  result.set_state(v1::AnnualResult::FINAL);
  EXPECT_THAT(
      DecideYear(
          result, {.segments = 2}, {.predicate = v1::GOOD, .reason = "Alasan", .by = ""}, kNow),
      HasReason(v1::ANNUAL_RESULT_FINAL));
  EXPECT_FALSE(result.has_decision());
}

TEST(Combine, WeighsLocalScoresByDaysWhereThePackDoes) {
  const LocalPack pack = Shipped("plaju");
  v1::AnnualResult result = Draft();
  ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::GOOD), kYear2025, &pack, kNow), IsOk());
  // (181 * 80 + 184 * 90) / 365 = 85.0410…, half up to two digits.
  EXPECT_EQ(result.local_result().score().value(), "85.04");
  EXPECT_EQ(result.local_result().method(), "year");
  // The official predicate does not follow from it.
  EXPECT_EQ(result.predicate(), v1::GOOD);
}

TEST(Combine, NeverCountsAMissingLocalScoreAsZero) {
  const LocalPack pack = Shipped("plaju");
  std::vector<AnnualPart> parts = Transferred(v1::GOOD, v1::GOOD);
  parts[0].evaluation.clear_local_result();
  v1::AnnualResult result = Draft();
  ASSERT_THAT(Combine(result, std::move(parts), kYear2025, &pack, kNow), IsOk());
  EXPECT_FALSE(result.local_result().has_score());
  ASSERT_GT(result.local_result().missing_size(), 0);
  EXPECT_THAT(result.local_result().missing(0).input(), HasSubstr("segments[1].score"));
  EXPECT_THAT(result.text_en(), HasSubstr("does not count as zero"));
  const absl::StatusOr<std::string> document =
      FinaliseYear(result, AnnualAction::kPublish, kYear2025, &pack, "00", kNow);
  ASSERT_THAT(document, IsOk());
  EXPECT_THAT(*document, HasSubstr(R"("missing":[)"));
}

TEST(FinaliseYear, GivesADocumentThatThePackComputesAgain) {
  const LocalPack pack = Shipped("mulyorejo");
  v1::AnnualResult result = Draft();
  ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::VERY_GOOD), kYear2025, &pack, kNow),
              IsOk());
  const absl::StatusOr<std::string> text =
      FinaliseYear(result, AnnualAction::kPublish, kYear2025, &pack, "ab", kNow);
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(result.state(), v1::AnnualResult::FINAL);
  const absl::StatusOr<rules::Json> document = rules::ParseJson(*text);
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(result.digest(), rules::DigestOf(*document));
  EXPECT_THAT(rules::CheckAccount(OfficialPack(), *document->Find("result")), IsOk());
  EXPECT_THAT(rules::CheckAccount(pack.rules, *document->Find("local")), IsOk());
  // It names the segments' receipts, so that nothing below it can change.
  EXPECT_THAT(*text, HasSubstr("digest-a"));
  // Another salt, another digest: it tells nothing about what is in it.
  v1::AnnualResult again = Draft();
  ASSERT_THAT(Combine(again, Transferred(v1::GOOD, v1::VERY_GOOD), kYear2025, &pack, kNow), IsOk());
  ASSERT_THAT(FinaliseYear(again, AnnualAction::kPublish, kYear2025, &pack, "cd", kNow), IsOk());
  EXPECT_THAT(again.digest(), Not(result.digest()));
}

TEST(FinaliseYear, NamesWhatItReplacesAfterAnObjection) {
  v1::AnnualResult result = Draft();
  ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::GOOD), kYear2025, nullptr, kNow), IsOk());
  ASSERT_THAT(FinaliseYear(result, AnnualAction::kPublish, kYear2025, nullptr, "00", kNow), IsOk());
  const std::string before = result.digest();
  ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::VERY_GOOD), kYear2025, nullptr, kNow),
              IsOk());
  const absl::StatusOr<std::string> document =
      FinaliseYear(result, AnnualAction::kChangeByObjection, kYear2025, nullptr, "00", kNow);
  ASSERT_THAT(document, IsOk());
  EXPECT_EQ(result.predicate(), v1::VERY_GOOD);
  EXPECT_THAT(*document, HasSubstr("\"replaces\":\"" + before + "\""));
}

TEST(Combine, FitsEveryShippedPackWithAYear) {
  for (const rules::ShippedPack& shipped : rules::ShippedPacks()) {
    const LocalPack pack = Shipped(std::string(shipped.name));
    if (pack.rules.FindMethod("year") == nullptr) continue;
    SCOPED_TRACE(shipped.name);
    v1::AnnualResult result = Draft();
    ASSERT_THAT(Combine(result, Transferred(v1::GOOD, v1::GOOD), kYear2025, &pack, kNow), IsOk());
    for (const v1::MissingInput& missing : result.local_result().missing())
      EXPECT_EQ(missing.input(), "new_idea");  // a figure, which nobody entered here
  }
}

}  // namespace
}  // namespace teraju::evaluation::domain
