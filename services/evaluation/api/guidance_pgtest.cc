// Doing and guiding: feedback notes, meetings whose actions come back, teams across units,
// check-ins.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

constexpr char kOfficerName[] = "agencies/plaju/employees/officer";
constexpr char kColleagueName[] = "agencies/plaju/employees/colleague";
constexpr char kHeadOfOffice[] = "agencies/plaju/employees/head";

class GuidanceTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    AgreeAll();
  }

  using N = v1::FeedbackNotes;
  using M = v1::Meetings;
  using T = v1::ProjectTeams;

  absl::StatusOr<v1::FeedbackNote> Tell(const Caller& caller,
                                        const std::string& employee,
                                        int year = 2025) {
    v1::CreateFeedbackNoteRequest request;
    request.set_parent(kAgency);
    *request.mutable_feedback_note() = Parse<v1::FeedbackNote>(R"pb(kind: PRAISE
                                                                    text: "Loket rapi"
                                                                    date { month: 3 day: 1 })pb");
    request.mutable_feedback_note()->mutable_date()->set_year(year);
    request.mutable_feedback_note()->set_employee(employee);
    return Call<N>(caller, &N::StubInterface::CreateFeedbackNote, request);
  }
  std::size_t NotesSeenBy(const Caller& caller) {
    v1::ListFeedbackNotesRequest request;
    request.set_parent(kAgency);
    const auto list = Call<N>(caller, &N::StubInterface::ListFeedbackNotes, request);
    EXPECT_THAT(list, IsOk());
    return list.ok() ? static_cast<std::size_t>(list->feedback_notes_size()) : 99;
  }
  absl::StatusOr<v1::Meeting> Meet(const Caller& caller,
                                   std::initializer_list<const char*> attendants,
                                   int month) {
    v1::CreateMeetingRequest request;
    request.set_parent(kAgency);
    request.mutable_meeting()->set_period(kQ1);
    *request.mutable_meeting()->mutable_date() = time::ToDate(absl::CivilDay(2025, month, 10));
    for (const char* attendant : attendants) request.mutable_meeting()->add_attendants(attendant);
    return Call<M>(caller, &M::StubInterface::CreateMeeting, request);
  }
  absl::StatusOr<v1::Meeting> GetMeeting(const Caller& caller, const std::string& name) {
    v1::GetMeetingRequest request;
    request.set_name(name);
    return Call<M>(caller, &M::StubInterface::GetMeeting, request);
  }
  absl::StatusOr<v1::ActionItem> Agreed(const std::string& meeting, const std::string& owner) {
    v1::CreateActionItemRequest request;
    request.set_parent(meeting);
    *request.mutable_action_item() =
        Parse<v1::ActionItem>(R"pb(text: "Perbaiki antrean"
                                   due_date { year: 2025 month: 5 day: 1 })pb");
    request.mutable_action_item()->set_owner(owner);
    return Call<M>(kHead, &M::StubInterface::CreateActionItem, request);
  }
  template <typename Request>
  absl::StatusOr<v1::ActionItem> OnAction(
      const Caller& caller,
      grpc::Status (M::StubInterface::*method)(grpc::ClientContext*,
                                               const Request&,
                                               v1::ActionItem*),
      const std::string& name) {
    Request request = Parse<Request>("");
    request.set_name(name);
    const auto* field = Request::descriptor()->FindFieldByNumber(5);
    Request::GetReflection()->SetString(&request, field, "Sudah dicek");
    return Call<M>(caller, method, request);
  }
  absl::StatusOr<v1::ProjectTeam> SetUpTeam(const Caller& caller) {
    v1::CreateProjectTeamRequest request;
    request.set_parent(kAgency);
    *request.mutable_project_team() = Parse<v1::ProjectTeam>(R"pb(
      title: "Data terpadu"
      lead: "agencies/plaju/employees/head"
      start_date { year: 2025 month: 3 day: 1 }
      end_date { year: 2025 month: 8 day: 31 }
      members { employee: "agencies/plaju/employees/officer" task: "Data" }
      members { employee: "agencies/plaju/employees/colleague" task: "Aplikasi" })pb");
    return Call<T>(caller, &T::StubInterface::CreateProjectTeam, request);
  }
  absl::StatusOr<v1::ProjectTeam> Assess(const Caller& caller,
                                         const std::string& team,
                                         const std::string& member) {
    v1::AssessContributionRequest request;
    request.set_name(team);
    request.set_employee(member);
    request.set_rating(v1::AS_EXPECTED);
    request.set_text("Lengkap dan tepat waktu");
    return Call<T>(caller, &T::StubInterface::AssessContribution, request);
  }
  absl::StatusOr<v1::ListTeamContributionsResponse> Contributions(const Caller& caller,
                                                                  const std::string& person) {
    v1::ListTeamContributionsRequest request;
    request.set_parent(PlanOf(person));
    return Call<T>(caller, &T::StubInterface::ListTeamContributions, request);
  }
};

TEST_F(GuidanceTest, AnybodyTellsACollegueAndBothSidesAndTheSuperiorReadIt) {
  EXPECT_THAT(Tell(kColleague, kColleagueName), HasReason(v1::FEEDBACK_NOTE_OWN));
  EXPECT_THAT(Tell(kColleague, kOfficerName, 2031), HasReason(v1::NO_PLAN_ON_DAY));
  EXPECT_THAT(Tell({.subject = "employees/x", .agency = "singkil"}, kOfficerName),
              HasReason(PERMISSION_DENIED));
  const auto note = Tell(kColleague, kOfficerName);
  ASSERT_THAT(note, IsOk());
  EXPECT_EQ(note->author(), kColleagueName);
  EXPECT_EQ(note->work_plan(), PlanOf("officer"));
  for (const Caller& reader : {kColleague, kOfficer, kHead, kMayor})
    EXPECT_EQ(NotesSeenBy(reader), 1U) << reader.subject;
  EXPECT_EQ(NotesSeenBy(As("stranger")), 0U);
  v1::AcknowledgeFeedbackNoteRequest request;
  request.set_name(note->name());
  request.set_reply("Terima kasih");
  const auto acknowledge = [&](const Caller& caller) {
    return Call<N>(caller, &N::StubInterface::AcknowledgeFeedbackNote, request);
  };
  EXPECT_THAT(acknowledge(kHead), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(acknowledge(kOfficer)->state(), v1::FeedbackNote::ACKNOWLEDGED);
  EXPECT_THAT(acknowledge(kOfficer), HasReason(v1::FEEDBACK_NOTE_ACKNOWLEDGED));
}

TEST_F(GuidanceTest, WhatAMeetingAgreedOnComesBackUntilItIsDone) {
  // A leader meets with people whom the leader appraises.
  for (const Caller& other : {kOfficer, kMayor, kHr})
    EXPECT_THAT(Meet(other, {kColleagueName}, 4), HasReason(PERMISSION_DENIED)) << other.subject;
  EXPECT_THAT(Meet(kHead, {kOfficerName, kHeadOfOffice}, 4), HasReason(PERMISSION_DENIED));
  const auto first = Meet(kHead, {kOfficerName, kColleagueName}, 4);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Agreed(first->name(), "agencies/plaju/officials/mayor"),
              ViolatesField("actionItem.owner"));
  const std::string queue = Agreed(first->name(), kOfficerName)->name();
  const std::string forms = Agreed(first->name(), kHeadOfOffice)->name();
  v1::CloseMeetingRequest close;
  close.set_name(first->name());
  ASSERT_THAT(Call<M>(kHead, &M::StubInterface::CloseMeeting, close), IsOk());
  EXPECT_THAT(Agreed(first->name(), kOfficerName), HasReason(v1::MEETING_CLOSED));
  EXPECT_EQ(GetMeeting(kOfficer, first->name())->actions_size(), 2);
  EXPECT_THAT(GetMeeting(As("stranger"), first->name()), HasReason(PERMISSION_DENIED));

  // Done before the next meeting: it does not come back.
  EXPECT_THAT(OnAction(kColleague, &M::StubInterface::CompleteActionItem, queue),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(OnAction(kOfficer, &M::StubInterface::DropActionItem, queue),
              HasReason(PERMISSION_DENIED));
  ASSERT_EQ(OnAction(kOfficer, &M::StubInterface::CompleteActionItem, queue)->state(),
            v1::ActionItem::DONE);
  EXPECT_THAT(OnAction(kOfficer, &M::StubInterface::CompleteActionItem, queue),
              HasReason(v1::ACTION_ITEM_WRONG_STATE));
  host_.clock().Advance(absl::Hours(24));
  const auto second = Meet(kHead, {kOfficerName}, 7);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second->follow_up(), SizeIs(1));
  EXPECT_EQ(second->follow_up(0).name(), forms);
  // Done in it: it shows as done there, and not in the third.
  host_.clock().Advance(absl::Hours(1));
  ASSERT_THAT(OnAction(kHead, &M::StubInterface::CompleteActionItem, forms), IsOk());
  EXPECT_EQ(GetMeeting(kOfficer, second->name())->follow_up(0).state(), v1::ActionItem::DONE);
  host_.clock().Advance(absl::Hours(24));
  EXPECT_THAT(Meet(kHead, {kOfficerName}, 10)->follow_up(), IsEmpty());
  // The leader finds it undone after all.
  ASSERT_THAT(OnAction(kHead, &M::StubInterface::ReopenActionItem, queue), IsOk());
  EXPECT_THAT(Meet(kHead, {kOfficerName}, 11)->follow_up(), SizeIs(1));
}

TEST_F(GuidanceTest, AMeetingIsEditedUntilItsMinutesAreComplete) {
  const auto meeting = Meet(kHead, {kOfficerName}, 4);
  ASSERT_THAT(meeting, IsOk());
  v1::UpdateMeetingRequest request;
  request.mutable_meeting()->set_name(meeting->name());
  request.mutable_meeting()->set_improvement_note("Antrean pagi terlalu panjang");
  request.mutable_update_mask()->add_paths("improvement_note");
  const auto update = [&](const Caller& caller) {
    return Call<M>(caller, &M::StubInterface::UpdateMeeting, request);
  };
  EXPECT_THAT(update(kOfficer), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(update(kHead)->attendants_size(), 1);
  v1::CloseMeetingRequest close;
  close.set_name(meeting->name());
  ASSERT_THAT(Call<M>(kHead, &M::StubInterface::CloseMeeting, close), IsOk());
  EXPECT_THAT(update(kHead), HasReason(v1::MEETING_CLOSED));
  v1::ListMeetingsRequest list;
  list.set_parent(kAgency);
  EXPECT_EQ(Call<M>(kOfficer, &M::StubInterface::ListMeetings, list)->meetings_size(), 1);
  EXPECT_EQ(Call<M>(kColleague, &M::StubInterface::ListMeetings, list)->meetings_size(), 0);
  EXPECT_EQ(Call<M>(kHr, &M::StubInterface::ListMeetings, list)->meetings_size(), 1);
}

TEST_F(GuidanceTest, ATeamsContributionsEnterTheMembersEvidence) {
  EXPECT_THAT(SetUpTeam(kOfficer), HasReason(PERMISSION_DENIED));
  const auto team = SetUpTeam(kHead);
  ASSERT_THAT(team, IsOk());
  EXPECT_FALSE(team->mates_can_rate());
  v1::ReportContributionRequest report;
  report.set_name(team->name());
  report.set_account("Basis data 12.000 keluarga");
  EXPECT_THAT(Call<T>(As("stranger"), &T::StubInterface::ReportContribution, report),
              HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Call<T>(kOfficer, &T::StubInterface::ReportContribution, report), IsOk());
  EXPECT_THAT(Assess(kColleague, team->name(), kOfficerName), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Assess(kHead, team->name(), kOfficerName), IsOk());
  v1::CloseProjectTeamRequest close;
  close.set_name(team->name());
  EXPECT_THAT(Call<T>(kHead, &T::StubInterface::CloseProjectTeam, close),
              HasMetadata("missing", "1"));
  ASSERT_THAT(Assess(kHead, team->name(), kColleagueName), IsOk());
  ASSERT_THAT(Call<T>(kHead, &T::StubInterface::CloseProjectTeam, close), IsOk());

  v1::GetProjectTeamRequest get;
  get.set_name(team->name());
  const auto seen = Call<T>(kOfficer, &T::StubInterface::GetProjectTeam, get);
  EXPECT_TRUE(seen->members(0).has_lead_view());
  EXPECT_FALSE(seen->members(1).has_lead_view());
  EXPECT_TRUE(Call<T>(kHr, &T::StubInterface::GetProjectTeam, get)->members(1).has_lead_view());
  v1::ListProjectTeamsRequest list;
  list.set_parent(kAgency);
  const auto own = Call<T>(kColleague, &T::StubInterface::ListProjectTeams, list);
  ASSERT_EQ(own->project_teams_size(), 1);
  EXPECT_FALSE(own->project_teams(0).members(0).has_lead_view());

  const auto evidence = Contributions(kHead, "officer");
  ASSERT_THAT(evidence, IsOk());
  ASSERT_EQ(evidence->team_contributions_size(), 1);
  EXPECT_EQ(evidence->team_contributions(0).contribution().account(), "Basis data 12.000 keluarga");
  EXPECT_EQ(evidence->team_contributions(0).contribution().lead_view().rating(), v1::AS_EXPECTED);
  EXPECT_THAT(Contributions(kColleague, "officer"), HasReason(PERMISSION_DENIED));
}

TEST_F(GuidanceTest, ACheckInNamesTheSupportAskedForAndTheNextDay) {
  v1::CreateSupportRequestRequest ask;
  ask.set_parent(PlanOf("officer"));
  *ask.mutable_support_request() =
      Parse<v1::SupportRequest>(R"pb(kind: ADVICE text: "Cara menghitung antrean")pb");
  const auto support = Call<v1::SupportRequests>(
      kOfficer, &v1::SupportRequests::StubInterface::CreateSupportRequest, ask);
  ASSERT_THAT(support, IsOk());
  v1::CreateDialogueRequest request;
  request.set_parent(PlanOf("officer"));
  *request.mutable_dialogue() = Parse<v1::Dialogue>(R"pb(
    date { year: 2025 month: 4 day: 10 }
    next_date { year: 2025 month: 5 day: 8 }
    obstacle_note: "Antrean")pb");
  request.mutable_dialogue()->add_support_requests(support->name());
  const auto hold = [&] {
    return Call<v1::Dialogues>(kHead, &v1::Dialogues::StubInterface::CreateDialogue, request);
  };
  const auto dialogue = hold();
  ASSERT_THAT(dialogue, IsOk());
  EXPECT_EQ(dialogue->support_requests(0), support->name());
  EXPECT_EQ(dialogue->next_date().month(), 5);
  // Of another plan.
  request.mutable_dialogue()->set_support_requests(
      0, PlanOf("colleague") + "/supportRequests/" + IdOf(support->name()));
  EXPECT_THAT(hold(), ViolatesField("dialogue.supportRequests[0]"));
  request.mutable_dialogue()->clear_support_requests();
  request.mutable_dialogue()->mutable_next_date()->set_month(4);
  EXPECT_THAT(hold(), ViolatesField("dialogue.nextDate"));
}

TEST_F(GuidanceTest, ACorrectionShowsOnBothEntries) {
  const auto wrong = Realise("officer", "999", 3, 30);
  ASSERT_THAT(wrong, IsOk());
  v1::CreateProgressEntryRequest request;
  request.set_parent(PlanOf("officer"));
  *request.mutable_progress_entry() = Parse<v1::ProgressEntry>(R"pb(
    item_id: "hk1"
    indicator_id: "apk"
    kind: REALISATION
    activity: "Salah ketik"
    realisation { value: "63" }
    date { year: 2025 month: 3 day: 30 })pb");
  request.mutable_progress_entry()->set_corrects(wrong->name());
  host_.clock().Advance(absl::Seconds(1));  // lists are in the order of time
  const auto right = Call<v1::ProgressEntries>(
      kOfficer, &v1::ProgressEntries::StubInterface::CreateProgressEntry, request);
  ASSERT_THAT(right, IsOk());
  v1::ListProgressEntriesRequest list;
  list.set_parent(PlanOf("officer"));
  const auto entries = Call<v1::ProgressEntries>(
      kHead, &v1::ProgressEntries::StubInterface::ListProgressEntries, list);
  ASSERT_EQ(entries->progress_entries_size(), 2);
  EXPECT_EQ(entries->progress_entries(0).corrected_by(), right->name());
  EXPECT_EQ(entries->progress_entries(1).corrects(), wrong->name());
}

}  // namespace
}  // namespace teraju::evaluation
