#include "services/evaluation/domain/progress.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/evidence.h"
#include "services/evaluation/domain/test_plans.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'740'000'000);

v1::ProgressEntry Realised() {
  return Parse<v1::ProgressEntry>(R"pb(
    item_id: "h1"
    indicator_id: "k1"
    kind: REALISATION
    date { year: 2025 month: 5 day: 2 }
    activity: "Menyusun"
    realisation { value: "12" })pb");
}

TEST(CheckProgressEntry, AcceptsARealisationOfAnApprovedPlan) {
  EXPECT_THAT(CheckProgressEntry(Realised(), MakePlan(v1::WorkPlan::APPROVED), MakeCycle()),
              IsOk());
}

TEST(CheckProgressEntry, NeedsAnApprovedPlanOfAnOpenCycle) {
  for (const auto state : {v1::WorkPlan::DRAFT, v1::WorkPlan::SUBMITTED, v1::WorkPlan::RETURNED}) {
    EXPECT_THAT(CheckProgressEntry(Realised(), MakePlan(state), MakeCycle()),
                HasReason(v1::WORK_PLAN_NOT_APPROVED));
  }
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  EXPECT_THAT(CheckProgressEntry(Realised(), plan, MakeCycle(v1::Cycle::CLOSED)),
              HasReason(v1::CYCLE_CLOSED));
}

TEST(CheckProgressEntry, NamesWhatThePlanDoesNotHave) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  v1::ProgressEntry entry = Realised();
  entry.set_item_id("h9");
  EXPECT_THAT(CheckProgressEntry(entry, plan, MakeCycle()), HasMetadata("item", "h9"));
  entry = Realised();
  entry.set_indicator_id("k9");
  EXPECT_THAT(CheckProgressEntry(entry, plan, MakeCycle()), HasReason(v1::ITEM_UNKNOWN));
}

TEST(CheckProgressEntry, ARealisationNeedsIndicatorAndValueAnInitiativeDoesNot) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  v1::ProgressEntry entry = Realised();
  entry.clear_indicator_id();
  EXPECT_THAT(CheckProgressEntry(entry, plan, MakeCycle()),
              ViolatesField("progressEntry.indicatorId"));
  entry = Realised();
  entry.clear_realisation();
  EXPECT_THAT(CheckProgressEntry(entry, plan, MakeCycle()),
              ViolatesField("progressEntry.realisation"));
  entry.clear_indicator_id();
  entry.set_kind(v1::ProgressEntry::INITIATIVE);
  EXPECT_THAT(CheckProgressEntry(entry, plan, MakeCycle()), IsOk());
}

TEST(CheckProgressEntry, TheDayLiesInTheSegmentAndInNoPublishedPeriod) {
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  *plan.mutable_snapshot()->mutable_start_date() = time::ToDate(absl::CivilDay(2025, 3, 1));
  v1::ProgressEntry entry = Realised();
  *entry.mutable_date() = time::ToDate(absl::CivilDay(2025, 2, 28));
  const absl::Status outside = CheckProgressEntry(entry, plan, MakeCycle());
  EXPECT_THAT(outside, HasReason(v1::ENTRY_DATE_OUTSIDE));
  EXPECT_THAT(outside, HasMetadata("start_date", "2025-03-01"));
  *entry.mutable_date() = time::ToDate(absl::CivilDay(2025, 3, 1));
  v1::Cycle cycle = MakeCycle();
  EXPECT_THAT(CheckProgressEntry(entry, plan, cycle), IsOk());
  cycle.mutable_periods(1)->set_state(v1::Period::PUBLISHED);
  EXPECT_THAT(CheckProgressEntry(entry, plan, cycle), HasReason(v1::PERIOD_PUBLISHED));
  *entry.mutable_date() = time::ToDate(absl::CivilDay(2025, 4, 1));
  EXPECT_THAT(CheckProgressEntry(entry, plan, cycle), IsOk());
}

TEST(Dialogues, NeedANoteAndAreAcknowledgedOnceByTheOtherSide) {
  v1::Dialogue dialogue;
  EXPECT_THAT(CheckDialogue(dialogue, "agencies/plaju/workPlans/1"),
              ViolatesField("dialogue.progressNote"));
  dialogue.set_obstacle_note("Data terlambat");
  EXPECT_THAT(CheckDialogue(dialogue, "agencies/plaju/workPlans/1"), IsOk());
  dialogue.set_entered_by("agencies/plaju/employees/boss");
  EXPECT_THAT(AcknowledgeDialogue(dialogue, "agencies/plaju/employees/boss", "", kNow),
              HasReason(v1::DIALOGUE_OWN));
  EXPECT_THAT(AcknowledgeDialogue(dialogue, "agencies/plaju/employees/e", "Setuju", kNow), IsOk());
  EXPECT_EQ(dialogue.acknowledgement_note(), "Setuju");
  EXPECT_TRUE(dialogue.has_acknowledge_time());
  EXPECT_THAT(AcknowledgeDialogue(dialogue, "agencies/plaju/employees/e", "", kNow),
              HasReason(v1::DIALOGUE_ACKNOWLEDGED));
}

TEST(SupportStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  const std::map<std::pair<v1::SupportRequest::State, SupportAction>, v1::SupportRequest::State>
      allowed = {
          {{v1::SupportRequest::REQUESTED, SupportAction::kGrant}, v1::SupportRequest::GRANTED},
          {{v1::SupportRequest::REQUESTED, SupportAction::kDecline}, v1::SupportRequest::DECLINED},
          {{v1::SupportRequest::GRANTED, SupportAction::kFulfil}, v1::SupportRequest::FULFILLED}};
  const auto* states = v1::SupportRequest::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::SupportRequest::State>(states->value(i)->number());
    for (const SupportAction action : kSupportActions) {
      v1::SupportRequest request;
      request.set_state(state);
      const google::type::Date due = time::ToDate(absl::CivilDay(2025, 5, 1));
      const absl::Status status = action == SupportAction::kGrant ? GrantSupport(request, "ya", due)
                                  : action == SupportAction::kDecline
                                      ? DeclineSupport(request, "tidak")
                                      : FulfilSupport(request, "terima kasih");
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(v1::SupportRequest::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end());
      EXPECT_EQ(request.state(), cell != allowed.end() ? cell->second : state);
      EXPECT_EQ(errors::ReasonOf(status), status.ok() ? "" : "SUPPORT_REQUEST_WRONG_STATE");
    }
  }
}

TEST(EvidenceTypes, AreKnownAndWhatTheySay) {
  EXPECT_EQ(BareMediaType(" Text/CSV; charset=utf-8"), "text/csv");
  EXPECT_THAT(CheckMediaType("application/pdf"), IsOk());
  EXPECT_THAT(CheckMediaType("application/zip"), HasReason(v1::EVIDENCE_TYPE_UNSUPPORTED));
  EXPECT_THAT(CheckContent("application/pdf", "%PDF-1.7", true, 8), IsOk());
  EXPECT_THAT(CheckContent("application/pdf", "MZ\x90", true, 8),
              HasReason(v1::EVIDENCE_TYPE_UNSUPPORTED));
  EXPECT_THAT(CheckContent("text/plain", "Laporan", false, 7), IsOk());
  EXPECT_THAT(CheckContent("text/plain", "Laporan", true, 9),
              HasReason(v1::EVIDENCE_TYPE_UNSUPPORTED));
  EXPECT_THAT(CheckContent("text/plain", "", false, 0), ViolatesField("body"));
}

}  // namespace
}  // namespace teraju::evaluation::domain
