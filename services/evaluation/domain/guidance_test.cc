#include "services/evaluation/domain/guidance.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/test_plans.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kThen = absl::FromUnixSeconds(1'750'000'000);
constexpr char kAni[] = "agencies/dumai/employees/ani";
constexpr char kBudi[] = "agencies/dumai/employees/budi";
constexpr char kCici[] = "agencies/dumai/employees/cici";
constexpr char kLead[] = "agencies/dumai/employees/lead";

v1::FeedbackNote Note(v1::FeedbackNote::Kind kind) {
  v1::FeedbackNote note;
  note.set_employee(kAni);
  note.set_kind(kind);
  note.set_state(v1::FeedbackNote::GIVEN);
  return note;
}

TEST(FeedbackNote, IsGivenToOthersAndAConcernSaysWhatToDo) {
  const v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  EXPECT_THAT(CheckFeedbackNote(Note(v1::FeedbackNote::PRAISE), plan, kBudi), IsOk());
  EXPECT_THAT(CheckFeedbackNote(Note(v1::FeedbackNote::PRAISE), plan, kAni),
              HasReason(v1::FEEDBACK_NOTE_OWN));
  v1::FeedbackNote concern = Note(v1::FeedbackNote::CONCERN);
  const auto bare = CheckFeedbackNote(concern, plan, kBudi);
  EXPECT_THAT(bare, ViolatesField("feedbackNote.action"));
  EXPECT_THAT(bare, ViolatesField("feedbackNote.actionDueDate"));
  concern.set_action("Laporan tiap Jumat");
  concern.mutable_action_due_date()->set_year(2025);
  EXPECT_THAT(CheckFeedbackNote(concern, plan, kBudi), IsOk());
  concern.set_item_id("h9");
  EXPECT_THAT(CheckFeedbackNote(concern, plan, kBudi), HasMetadata("item", "h9"));
}

TEST(FeedbackNote, IsAcknowledgedOnce) {
  v1::FeedbackNote note = Note(v1::FeedbackNote::PRAISE);
  ASSERT_THAT(AcknowledgeFeedbackNote(note, "Terima kasih", kThen), IsOk());
  EXPECT_EQ(note.reply(), "Terima kasih");
  EXPECT_THAT(AcknowledgeFeedbackNote(note, "", kThen), HasReason(v1::FEEDBACK_NOTE_ACKNOWLEDGED));
}

TEST(Meeting, MinutesAreCompletedOnce) {
  v1::Meeting meeting;
  meeting.set_state(v1::Meeting::DRAFT);
  EXPECT_THAT(CheckMeetingDraft(meeting), IsOk());
  ASSERT_THAT(CloseMeeting(meeting, kThen), IsOk());
  EXPECT_THAT(CheckMeetingDraft(meeting), HasReason(v1::MEETING_CLOSED));
  EXPECT_THAT(CloseMeeting(meeting, kThen), HasReason(v1::MEETING_CLOSED));
}

TEST(ActionItemStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = v1::ActionItem;
  using A = ActionItemAction;
  const std::map<std::pair<S::State, A>, S::State> allowed = {{{S::OPEN, A::kComplete}, S::DONE},
                                                              {{S::OPEN, A::kDrop}, S::DROPPED},
                                                              {{S::DONE, A::kReopen}, S::OPEN},
                                                              {{S::DROPPED, A::kReopen}, S::OPEN}};
  const auto* states = S::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<S::State>(states->value(i)->number());
    for (const A action : kActionItemActions) {
      v1::ActionItem item;
      item.set_state(state);
      const absl::Status status = ChangeActionItem(item, action, "Selesai", kThen);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(S::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(item.state(), cell != allowed.end() ? cell->second : state);
      EXPECT_EQ(item.has_end_time(), status.ok() && item.state() != S::OPEN);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::ACTION_ITEM_WRONG_STATE));
      }
    }
  }
}

TEST(ActionItem, BelongsToSomebodyOfTheMeeting) {
  v1::Meeting meeting;
  meeting.set_leader(kLead);
  meeting.add_attendants(kAni);
  v1::ActionItem item;
  for (const char* owner : {kLead, kAni}) {
    item.set_owner(owner);
    EXPECT_THAT(CheckActionItem(item, meeting), IsOk());
  }
  item.set_owner(kBudi);
  EXPECT_THAT(CheckActionItem(item, meeting), ViolatesField("actionItem.owner"));
}

v1::ProjectTeam Team() {
  v1::ProjectTeam team = Parse<v1::ProjectTeam>(R"pb(
    lead: "agencies/dumai/employees/lead"
    start_date { year: 2025 month: 3 day: 1 }
    end_date { year: 2025 month: 8 day: 31 }
    state: ACTIVE
    members { employee: "agencies/dumai/employees/ani" task: "Data" }
    members { employee: "agencies/dumai/employees/budi" task: "Aplikasi" })pb");
  return team;
}

v1::LeadView View(v1::Rating rating) {
  v1::LeadView view;
  view.set_rating(rating);
  view.set_text("Data lengkap");
  return view;
}

TEST(ProjectTeam, MembersAreDifferentPeopleAndDaysInOrder) {
  v1::ProjectTeam team = Team();
  EXPECT_THAT(EditProjectTeam({}, team), IsOk());
  team.mutable_members(1)->set_employee(kLead);
  team.mutable_end_date()->set_month(1);
  const auto wrong = EditProjectTeam({}, team);
  EXPECT_THAT(wrong, ViolatesField("projectTeam.members[1].employee"));
  EXPECT_THAT(wrong, ViolatesField("projectTeam.endDate"));
}

TEST(ProjectTeam, AccountsAndViewsStayWhenTheTeamChanges) {
  v1::ProjectTeam before = Team();
  ASSERT_THAT(ReportContribution(before, kAni, "Basis data penduduk"), IsOk());
  EXPECT_THAT(ReportContribution(before, kCici, "-"), HasReason(v1::TEAM_MEMBER_UNKNOWN));
  v1::ProjectTeam team = Team();
  team.mutable_members(0)->set_account("diubah");
  team.mutable_members(1)->set_employee(kCici);
  ASSERT_THAT(EditProjectTeam(before, team), IsOk());
  EXPECT_EQ(team.members(0).account(), "Basis data penduduk");
  team.mutable_members()->DeleteSubrange(0, 1);
  EXPECT_THAT(EditProjectTeam(before, team), HasReason(v1::TEAM_MEMBER_KEPT));
}

TEST(ProjectTeam, AWeakContributionGetsAnActionAndEveryoneAView) {
  v1::ProjectTeam team = Team();
  EXPECT_THAT(AssessContribution(team, kAni, View(v1::BELOW_EXPECTATION)), ViolatesField("action"));
  v1::LeadView weak = View(v1::BELOW_EXPECTATION);
  weak.set_action("Dampingi tim data");
  weak.mutable_action_due_date()->set_year(2025);
  ASSERT_THAT(AssessContribution(team, kAni, weak), IsOk());
  EXPECT_THAT(CloseProjectTeam(team), HasMetadata("missing", "1"));
  ASSERT_THAT(AssessContribution(team, kBudi, View(v1::AS_EXPECTED)), IsOk());
  ASSERT_THAT(CloseProjectTeam(team), IsOk());
  for (const absl::Status& after : {CloseProjectTeam(team),
                                    ReportContribution(team, kAni, "-"),
                                    AssessContribution(team, kAni, weak)}) {
    EXPECT_THAT(after, HasReason(v1::PROJECT_TEAM_CLOSED));
  }
  v1::ProjectTeam edited = team;
  EXPECT_THAT(EditProjectTeam(team, edited), HasReason(v1::PROJECT_TEAM_CLOSED));
}

TEST(ProjectTeam, AMemberReadsTheLeadsViewOfTheOwnContributionOnly) {
  v1::ProjectTeam team = Team();
  ASSERT_THAT(AssessContribution(team, kAni, View(v1::AS_EXPECTED)), IsOk());
  ASSERT_THAT(AssessContribution(team, kBudi, View(v1::AS_EXPECTED)), IsOk());
  EXPECT_TRUE(SeenBy(team, kAni, false).members(0).has_lead_view());
  EXPECT_FALSE(SeenBy(team, kAni, false).members(1).has_lead_view());
  for (const v1::ProjectTeam& whole : {SeenBy(team, kLead, false), SeenBy(team, "", true)})
    EXPECT_TRUE(whole.members(0).has_lead_view() && whole.members(1).has_lead_view());
}

TEST(ProjectTeam, IsToldWhetherMatesCanRateWithoutNames) {
  v1::ProjectTeam team = Team();
  EXPECT_FALSE(SeenBy(team, kLead, false).mates_can_rate());
  EXPECT_THAT(SeenBy(team, kLead, false).mates_text_id(), HasSubstr("terlalu kecil"));
  team.add_members()->set_employee("c");
  team.add_members()->set_employee("d");
  EXPECT_TRUE(SeenBy(team, kLead, false).mates_can_rate());
}

}  // namespace
}  // namespace teraju::evaluation::domain
