#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

class ProgressTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    AgreeAll();
  }
  absl::StatusOr<v1::ListProgressEntriesResponse> List(const std::string& plan,
                                                       const Caller& caller) {
    v1::ListProgressEntriesRequest request;
    request.set_parent(plan);
    return Call<v1::ProgressEntries>(
        caller, &v1::ProgressEntries::StubInterface::ListProgressEntries, request);
  }
  absl::StatusOr<v1::ProgressEntry> Correct(const std::string& entry, const std::string& value) {
    v1::CreateProgressEntryRequest request;
    request.set_parent(PlanOf("officer"));
    *request.mutable_progress_entry() = Parse<v1::ProgressEntry>(R"pb(
      item_id: "hk1"
      indicator_id: "apk"
      kind: REALISATION
      activity: "Koreksi"
      date { year: 2025 month: 3 day: 31 })pb");
    request.mutable_progress_entry()->mutable_realisation()->set_value(value);
    request.mutable_progress_entry()->set_corrects(entry);
    return Call<v1::ProgressEntries>(
        kOfficer, &v1::ProgressEntries::StubInterface::CreateProgressEntry, request);
  }
  absl::StatusOr<v1::SupportRequest> AskForSupport() {
    v1::CreateSupportRequestRequest request;
    request.set_parent(PlanOf("officer"));
    request.mutable_support_request()->set_kind(v1::SupportRequest::RESOURCE);
    request.mutable_support_request()->set_text("Ruang kelas malam");
    return Call<v1::SupportRequests>(
        kOfficer, &v1::SupportRequests::StubInterface::CreateSupportRequest, request);
  }
};

TEST_F(ProgressTest, EntriesAreAddedByThePersonAndReadByTheLine) {
  const auto entry = Realise("officer", "64.5", 3, 31);
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ(entry->entered_by(), "agencies/plaju/employees/officer");
  const auto listed = List(PlanOf("officer"), kHead);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->progress_entries_size(), 1);
  EXPECT_EQ(listed->progress_entries(0).SerializeAsString(), entry->SerializeAsString());
  EXPECT_THAT(List(PlanOf("officer"), kColleague), HasReason(PERMISSION_DENIED));
}

TEST_F(ProgressTest, ABatchIsKeptAsAWholeOrNotAtAll) {
  v1::BatchCreateProgressEntriesRequest request;
  request.set_parent(PlanOf("officer"));
  *request.add_progress_entries() = Parse<v1::ProgressEntry>(R"pb(
    item_id: "hk1"
    indicator_id: "apk"
    kind: REALISATION
    activity: "Pendataan"
    realisation { value: "77" }
    date { year: 2025 month: 3 day: 31 })pb");
  *request.add_progress_entries() = Parse<v1::ProgressEntry>(R"pb(
    item_id: "tidak-ada"
    kind: INITIATIVE
    activity: "Lain"
    date { year: 2025 month: 3 day: 31 })pb");
  const auto batch = [&] {
    return Call<v1::ProgressEntries>(
        kOfficer, &v1::ProgressEntries::StubInterface::BatchCreateProgressEntries, request);
  };
  EXPECT_THAT(batch(), HasReason(v1::ITEM_UNKNOWN));
  EXPECT_EQ(List(PlanOf("officer"), kOfficer)->progress_entries_size(), 0);
  request.mutable_progress_entries(1)->set_item_id("hk1");
  const auto stored = batch();
  ASSERT_THAT(stored, IsOk());
  const auto listed = List(PlanOf("officer"), kOfficer);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->progress_entries_size(), 2);
  EXPECT_EQ(listed->progress_entries(0).name(), stored->progress_entries(0).name());
}

TEST_F(ProgressTest, ACorrectionNamesAnEntryThatStands) {
  const auto entry = Realise("officer", "99", 3, 31);
  ASSERT_THAT(entry, IsOk());
  const auto correction = Correct(entry->name(), "77");
  ASSERT_THAT(correction, IsOk());
  EXPECT_EQ(correction->corrects(), entry->name());
  EXPECT_THAT(Correct(entry->name(), "78"), ViolatesField("progressEntry.corrects"));
  EXPECT_THAT(
      Correct(PlanOf("officer") + "/progressEntries/01890000-0000-7000-8000-000000000000", "1"),
      ViolatesField("progressEntry.corrects"));
  EXPECT_THAT(Correct(correction->name(), "76"), IsOk());
}

TEST_F(ProgressTest, EvidenceOfAnEntryMustBeOfThePlan) {
  v1::CreateProgressEntryRequest request;
  request.set_parent(PlanOf("officer"));
  *request.mutable_progress_entry() = Parse<v1::ProgressEntry>(R"pb(
    item_id: "hk1"
    kind: INITIATIVE
    activity: "Kelas malam"
    date { year: 2025 month: 3 day: 31 })pb");
  request.mutable_progress_entry()->add_evidence(PlanOf("officer") +
                                                 "/evidence/01890000-0000-7000-8000-000000000000");
  EXPECT_THAT(Call<v1::ProgressEntries>(
                  kOfficer, &v1::ProgressEntries::StubInterface::CreateProgressEntry, request),
              ViolatesField("progressEntry.evidence"));
}

TEST_F(ProgressTest, DialoguesAreHeldByBothSides) {
  v1::CreateDialogueRequest create;
  create.set_parent(PlanOf("officer"));
  *create.mutable_dialogue() = Parse<v1::Dialogue>(R"pb(date { year: 2025 month: 4 day: 10 }
                                                        obstacle_note: "Tidak ada ruang")pb");
  const auto dialogue =
      Call<v1::Dialogues>(kHead, &v1::Dialogues::StubInterface::CreateDialogue, create);
  ASSERT_THAT(dialogue, IsOk());
  EXPECT_THAT(
      Call<v1::Dialogues>(kColleague, &v1::Dialogues::StubInterface::CreateDialogue, create),
      HasReason(PERMISSION_DENIED));
  v1::AcknowledgeDialogueRequest acknowledge;
  acknowledge.set_name(dialogue->name());
  acknowledge.set_note("Setuju");
  const auto by = [&](const Caller& caller) {
    return Call<v1::Dialogues>(
        caller, &v1::Dialogues::StubInterface::AcknowledgeDialogue, acknowledge);
  };
  EXPECT_THAT(by(kHead), HasReason(v1::DIALOGUE_OWN));
  const auto acknowledged = by(kOfficer);
  ASSERT_THAT(acknowledged, IsOk());
  EXPECT_EQ(acknowledged->acknowledged_by(), "agencies/plaju/employees/officer");
  EXPECT_THAT(by(kOfficer), HasReason(v1::DIALOGUE_ACKNOWLEDGED));
  v1::ListDialoguesRequest list;
  list.set_parent(PlanOf("officer"));
  const auto listed =
      Call<v1::Dialogues>(kOfficer, &v1::Dialogues::StubInterface::ListDialogues, list);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->dialogues_size(), 1);
  EXPECT_EQ(listed->dialogues(0).SerializeAsString(), acknowledged->SerializeAsString());
}

TEST_F(ProgressTest, SupportIsTrackedUntilItIsGiven) {
  const auto asked = AskForSupport();
  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->state(), v1::SupportRequest::REQUESTED);
  v1::FulfilSupportRequestRequest fulfil;
  fulfil.set_name(asked->name());
  const auto given = [&] {
    return Call<v1::SupportRequests>(
        kOfficer, &v1::SupportRequests::StubInterface::FulfilSupportRequest, fulfil);
  };
  EXPECT_THAT(given(), HasReason(v1::SUPPORT_REQUEST_WRONG_STATE));
  v1::GrantSupportRequestRequest grant;
  grant.set_name(asked->name());
  *grant.mutable_due_date() = time::ToDate(absl::CivilDay(2025, 5, 1));
  EXPECT_THAT(Call<v1::SupportRequests>(
                  kOfficer, &v1::SupportRequests::StubInterface::GrantSupportRequest, grant),
              HasReason(PERMISSION_DENIED));
  const auto granted = Call<v1::SupportRequests>(
      kHead, &v1::SupportRequests::StubInterface::GrantSupportRequest, grant);
  ASSERT_THAT(granted, IsOk());
  EXPECT_EQ(granted->due_date().month(), 5);
  EXPECT_EQ(given()->state(), v1::SupportRequest::FULFILLED);

  host_.clock().Advance(absl::Seconds(1));
  const auto other = AskForSupport();
  ASSERT_THAT(other, IsOk());
  v1::DeclineSupportRequestRequest decline;
  decline.set_name(other->name());
  decline.set_comment("Anggaran habis");
  ASSERT_THAT(Call<v1::SupportRequests>(
                  kHead, &v1::SupportRequests::StubInterface::DeclineSupportRequest, decline),
              IsOk());
  v1::ListSupportRequestsRequest list;
  list.set_parent(PlanOf("officer"));
  const auto listed = Call<v1::SupportRequests>(
      kHead, &v1::SupportRequests::StubInterface::ListSupportRequests, list);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->support_requests_size(), 2);
  EXPECT_EQ(listed->support_requests(0).state(), v1::SupportRequest::FULFILLED);
  EXPECT_EQ(listed->support_requests(1).comment(), "Anggaran habis");
}

class EvidenceTest : public ProgressTest {
 protected:
  // Sends `content` in chunks of 256 KiB.
  absl::StatusOr<v1::Evidence> Upload(const std::string& person,
                                      const std::string& media_type,
                                      const std::string& content,
                                      const std::string& item = "hk1") {
    auto stub = v1::EvidenceFiles::NewStub(host_.channel());
    grpc::ClientContext context;
    host_.Prepare(context, As(person));
    v1::Evidence evidence;
    auto writer = stub->UploadEvidence(&context, &evidence);
    v1::UploadEvidenceRequest message;
    message.set_parent(PlanOf(person));
    message.set_item_id(item);
    message.mutable_body()->set_content_type(media_type);
    constexpr std::size_t kChunk = 256 * 1024;
    for (std::size_t at = 0; at == 0 || at < content.size(); at += kChunk) {
      message.mutable_body()->set_data(content.substr(at, kChunk));
      if (!writer->Write(message)) break;
      message.Clear();
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return errors::FromGrpc(status);
    return evidence;
  }
  absl::StatusOr<std::string> Download(const std::string& name, const Caller& caller) {
    auto stub = v1::EvidenceFiles::NewStub(host_.channel());
    grpc::ClientContext context;
    host_.Prepare(context, caller);
    v1::DownloadEvidenceRequest request;
    request.set_name(name);
    auto reader = stub->DownloadEvidence(&context, request);
    std::string content;
    google::api::HttpBody chunk;
    while (reader->Read(&chunk)) content += chunk.data();
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return errors::FromGrpc(status);
    return content;
  }
};

TEST_F(EvidenceTest, IsKeptInBlocksUnderItsHashAndComesBackUnchanged) {
  std::string content = "%PDF-1.7\n";
  for (int i = 0; content.size() < 2'500'000; ++i) content += std::to_string(i) + '\0';
  const auto evidence = Upload("officer", "application/pdf", content);
  ASSERT_THAT(evidence, IsOk());
  EXPECT_EQ(evidence->size_bytes(), static_cast<std::int64_t>(content.size()));
  EXPECT_EQ(evidence->sha256().size(), 64);
  EXPECT_FALSE(evidence->reused());
  EXPECT_THAT(Query("SELECT length(data) FROM evidence_blocks ORDER BY block_number"),
              ElementsAre("1048576", "1048576", std::to_string(content.size() - 2 * 1048576)));
  EXPECT_THAT(Query("SELECT encode(sha256, 'hex') FROM evidence_contents"),
              ElementsAre(evidence->sha256()));
  const auto back = Download(evidence->name(), kHead);
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(*back, content);
  EXPECT_THAT(Download(evidence->name(), kColleague), HasReason(PERMISSION_DENIED));
}

TEST_F(EvidenceTest, TheSameContentIsKeptOnceAndFlagged) {
  ASSERT_THAT(Upload("officer", "text/plain", "Laporan"), IsOk());
  const auto again = Upload("officer", "text/plain", "Laporan");
  ASSERT_THAT(again, IsOk());
  EXPECT_FALSE(again->reused());
  const auto elsewhere = Upload("colleague", "text/plain", "Laporan");
  ASSERT_THAT(elsewhere, IsOk());
  EXPECT_TRUE(elsewhere->reused());
  EXPECT_TRUE(Upload("officer", "text/plain", "Laporan", "")->reused());
  EXPECT_THAT(Query("SELECT count(*) FROM evidence_contents"), ElementsAre("1"));
  v1::ListEvidenceRequest list;
  list.set_parent(PlanOf("officer"));
  EXPECT_EQ(Call<v1::EvidenceFiles>(kOfficer, &v1::EvidenceFiles::StubInterface::ListEvidence, list)
                ->evidence_size(),
            3);
}

TEST_F(EvidenceTest, WhatIsNotSupportedIsRefusedAndLeavesNothing) {
  EXPECT_THAT(Upload("officer", "application/zip", "PK"), HasReason(v1::EVIDENCE_TYPE_UNSUPPORTED));
  EXPECT_THAT(Upload("officer", "application/pdf", "MZ"), HasReason(v1::EVIDENCE_TYPE_UNSUPPORTED));
  EXPECT_THAT(Upload("officer", "text/plain", "x", "hk9"), HasReason(v1::ITEM_UNKNOWN));
  EXPECT_THAT(Upload("officer", "text/plain", ""), ViolatesField("body"));
  EXPECT_THAT(Upload("officer", "text/plain", std::string(20 * 1024 * 1024 + 1, 'x')),
              HasReason(errors::reasons::BODY_TOO_LARGE));
  EXPECT_THAT(Query("SELECT count(*) FROM evidence_contents"), ElementsAre("0"));
}

}  // namespace
}  // namespace teraju::evaluation
