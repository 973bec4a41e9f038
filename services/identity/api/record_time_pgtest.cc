// What held on a day and what was believed at a moment are two questions.
#include "common/errors/error.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;

constexpr v1::Assignment::Kind kDefinitive = v1::Assignment::DEFINITIVE;

class RecordTimeTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), IsOk());
    ASSERT_THAT(CreateUnit("dinas", "Dinas Kesehatan", "city"), IsOk());
    ASSERT_THAT(CreateUnit("other", "Dinas Sosial", "city"), IsOk());
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    person_ = CreateEmployee(MakeEmployee(1, "dinas"))->name();
    head_ = CreateEmployee(MakeEmployee(2, "dinas"))->name();
    post_ = *Assign(person_, "dinas", "Perawat Terampil", kDefinitive, Date(2025, 1, 1));
    lead_ = *Assign(head_, "dinas", "Kepala Dinas Kesehatan", kDefinitive, Date(2024, 1, 1));
  }

  // A moment between what is recorded already and what comes.
  google::protobuf::Timestamp Moment() {
    google::protobuf::Timestamp moment;
    const absl::Duration now =
        absl::Microseconds(std::stoll(Query("SELECT (extract(epoch FROM clock_timestamp()) * "
                                            "1000000)::bigint")[0]));
    moment.set_seconds(absl::ToInt64Seconds(now));
    moment.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(now % absl::Seconds(1))));
    return moment;
  }
  absl::StatusOr<v1::Assignment> Correct(const v1::Assignment& right,
                                         std::vector<std::string> paths,
                                         const Caller& caller = kAdmin,
                                         const std::string& reason = "SK diperbaiki") {
    v1::CorrectAssignmentRequest request;
    *request.mutable_assignment() = right;
    for (std::string& path : paths) request.mutable_update_mask()->add_paths(std::move(path));
    request.set_reason(reason);
    return Call<v1::Assignments>(
        caller, &v1::Assignments::StubInterface::CorrectAssignment, request);
  }
  absl::StatusOr<v1::Assignment> Withdraw(const std::string& name) {
    v1::WithdrawAssignmentRequest request;
    request.set_name(name);
    request.set_reason("orang lain");
    return Call<v1::Assignments>(
        kAdmin, &v1::Assignments::StubInterface::WithdrawAssignment, request);
  }
  absl::StatusOr<v1::ListRevisionsResponse> Revisions(const std::string& name,
                                                      const Caller& caller = kAdmin,
                                                      int size = 0,
                                                      const std::string& token = "") {
    v1::ListRevisionsRequest request;
    request.set_parent(name);
    request.set_page_size(size);
    request.set_page_token(token);
    return Call<v1::Revisions>(caller, &v1::Revisions::StubInterface::ListRevisions, request);
  }
  std::vector<std::string> Held(const google::type::Date& day,
                                const google::protobuf::Timestamp* known = nullptr) {
    v1::ListAssignmentsRequest request;
    request.set_parent(person_);
    *request.mutable_as_of_date() = day;
    if (known != nullptr) *request.mutable_known_at_time() = *known;
    std::vector<std::string> titles;
    const auto list =
        Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::ListAssignments, request);
    EXPECT_THAT(list, IsOk());
    for (const auto& held : list->assignments()) {
      titles.push_back(held.position_title());
    }
    return titles;
  }
  std::string Appraiser(const google::type::Date& day,
                        const google::protobuf::Timestamp* known = nullptr) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(person_);
    *request.mutable_date() = day;
    if (known != nullptr) *request.mutable_known_at_time() = *known;
    const auto line = Call<v1::ReportingLines>(
        kAdmin, &v1::ReportingLines::StubInterface::ResolveReportingLine, request);
    return line.ok() ? line->appraiser() : std::string(errors::ReasonOf(line.status()));
  }

  std::string mayor_, person_, head_;
  v1::Assignment post_, lead_;
};

TEST_F(RecordTimeTest, ACorrectionKeepsWhatWasBelievedBefore) {
  const auto before = Moment();
  post_.set_position_title("Perawat Mahir");
  *post_.mutable_start_date() = Date(2025, 3, 1);
  const auto corrected = Correct(post_, {"position_title", "start_date"});
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->etag(), "\"2\"");
  EXPECT_THAT(Held(Date(2025, 2, 1)), IsEmpty());
  EXPECT_THAT(Held(Date(2025, 3, 1)), ElementsAre("Perawat Mahir"));
  EXPECT_THAT(Held(Date(2025, 2, 1), &before), ElementsAre("Perawat Terampil"));
  v1::GetAssignmentRequest get;
  get.set_name(post_.name());
  *get.mutable_known_at_time() = before;
  EXPECT_EQ(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::GetAssignment, get)
                ->position_title(),
            "Perawat Terampil");

  const auto revisions = Revisions(post_.name());
  ASSERT_THAT(revisions, IsOk());
  ASSERT_EQ(revisions->revisions_size(), 2);
  const v1::Revision& now = revisions->revisions(0);
  const v1::Revision& then = revisions->revisions(1);
  EXPECT_EQ(now.assignment().position_title(), "Perawat Mahir");
  EXPECT_EQ(now.reason(), "SK diperbaiki");
  EXPECT_EQ(now.recorded_by(), "apiClients/admin");
  EXPECT_FALSE(now.has_record_end_time());
  EXPECT_EQ(then.assignment().position_title(), "Perawat Terampil");
  EXPECT_EQ(then.record_end_time().SerializeAsString(), now.record_time().SerializeAsString());
}

TEST_F(RecordTimeTest, ACorrectionIsCheckedLikeAnEntry) {
  v1::Assignment wrong = post_;
  wrong.set_unit("agencies/dumai/units/nowhere");
  EXPECT_THAT(Correct(wrong, {"unit"}), HasReason(v1::UNIT_UNKNOWN));
  wrong = post_;
  *wrong.mutable_end_date() = Date(2024, 1, 1);
  EXPECT_THAT(Correct(wrong, {"end_date"}), HasReason(v1::INTERVAL_INVALID));
  EXPECT_THAT(Correct(post_, {"position_title"}, kAdmin, ""), ViolatesField("reason"));
  EXPECT_THAT(Correct(post_, {"position_title"}, As(person_)), HasReason(PERMISSION_DENIED));
  // An additional task that turns out to be a second definitive post, and one that is there
  // already.
  const auto task =
      Assign(person_, "dinas", "Koordinator Program", v1::Assignment::ADDITIONAL, Date(2025, 2, 1));
  ASSERT_THAT(task, IsOk());
  EXPECT_TRUE(task->leads_unit());
  wrong = *task;
  wrong.set_kind(kDefinitive);
  EXPECT_THAT(Correct(wrong, {"kind"}), HasReason(v1::ASSIGNMENT_OVERLAP));
  *wrong.mutable_start_date() = Date(2025, 1, 1);
  EXPECT_THAT(Correct(wrong, {"kind", "start_date"}), HasReason(RESOURCE_EXISTS));
  // Whether it leads is derived anew.
  wrong = *task;
  wrong.clear_leads_unit();
  wrong.set_position_title("Bendahara");
  EXPECT_FALSE(Correct(wrong, {"position_title"})->leads_unit());
  EXPECT_THAT(Correct(wrong, {"position_title"}), HasReason(ETAG_MISMATCH));
}

TEST_F(RecordTimeTest, TheReportingLineIsThatOfTheDayAndOfWhatWasKnown) {
  const auto before = Moment();
  EXPECT_EQ(Appraiser(Date(2025, 6, 1)), head_);
  ASSERT_THAT(Withdraw(lead_.name()), IsOk());
  EXPECT_EQ(Appraiser(Date(2025, 6, 1)), mayor_);
  EXPECT_EQ(Appraiser(Date(2025, 6, 1), &before), head_);
  v1::GetAssignmentRequest get;
  get.set_name(lead_.name());
  EXPECT_THAT(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::GetAssignment, get),
              HasReason(RESOURCE_NOT_FOUND));
  EXPECT_TRUE(Revisions(lead_.name())->revisions(0).assignment().has_delete_time());
  EXPECT_THAT(Withdraw(lead_.name()), HasReason(RESOURCE_NOT_FOUND));
  // What was withdrawn does not stand in the way.
  EXPECT_THAT(Assign(head_, "dinas", "Kepala Dinas Kesehatan", kDefinitive, Date(2024, 1, 1)),
              IsOk());
  EXPECT_EQ(Appraiser(Date(2025, 6, 1)), head_);
}

TEST_F(RecordTimeTest, ANumberIsCorrectedAndThePersonStays) {
  const auto before = Moment();
  v1::UpdateEmployeeRequest update;
  update.mutable_employee()->set_name(person_);
  update.mutable_employee()->set_nip("196608011988031777");
  update.mutable_update_mask()->add_paths("nip");
  update.set_reason("SK konversi NIP");
  ASSERT_THAT(Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::UpdateEmployee, update),
              IsOk());
  v1::GetEmployeeRequest get;
  get.set_name(person_);
  *get.mutable_known_at_time() = before;
  get.set_view(v1::FULL);
  const auto then = Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::GetEmployee, get);
  ASSERT_THAT(then, IsOk());
  EXPECT_EQ(then->nip(), "196608011988031101");
  EXPECT_EQ(Revisions(person_)->revisions(0).reason(), "SK konversi NIP");
  EXPECT_THAT(Revisions(person_, As(person_)), IsOk());
  EXPECT_THAT(Revisions(person_, As(head_)), HasReason(PERMISSION_DENIED));
  // Papers of that time carry the former number.
  v1::LookupEmployeeRequest lookup;
  lookup.set_parent("agencies/dumai");
  lookup.set_nip("196608011988031101");
  const auto found =
      Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::LookupEmployee, lookup);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->name(), person_);
}

TEST_F(RecordTimeTest, AnEmployeeIsShownInThePostOfTheDay) {
  v1::EndAssignmentRequest end;
  end.set_name(post_.name());
  *end.mutable_end_date() = Date(2025, 4, 30);
  ASSERT_THAT(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::EndAssignment, end),
              IsOk());
  ASSERT_THAT(Assign(person_, "other", "Perawat Mahir", kDefinitive, Date(2025, 6, 1)), IsOk());
  const auto on = [&](const google::type::Date& day) {
    v1::GetEmployeeRequest get;
    get.set_name(person_);
    *get.mutable_as_of_date() = day;
    return *Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::GetEmployee, get);
  };
  EXPECT_EQ(on(Date(2025, 4, 30)).position_title(), "Perawat Terampil");
  EXPECT_EQ(on(Date(2025, 4, 30)).unit(), "agencies/dumai/units/dinas");
  EXPECT_EQ(on(Date(2025, 5, 1)).unit(), "");
  EXPECT_EQ(on(Date(2025, 6, 1)).unit(), "agencies/dumai/units/other");
  EXPECT_EQ(on(Date(2025, 6, 1)).position_kind(), v1::Employee::FUNCTIONAL);
  const auto listed = [&](const google::type::Date& day, const std::string& unit) {
    v1::ListEmployeesRequest list;
    list.set_parent("agencies/dumai");
    list.set_unit("agencies/dumai/units/" + unit);
    *list.mutable_as_of_date() = day;
    return Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::ListEmployees, list)
        ->employees_size();
  };
  EXPECT_EQ(listed(Date(2025, 4, 30), "dinas"), 2);
  EXPECT_EQ(listed(Date(2025, 6, 1), "dinas"), 1);
  EXPECT_EQ(listed(Date(2025, 6, 1), "other"), 1);
  v1::ListEmployeesRequest wrong;
  wrong.set_parent("agencies/dumai");
  wrong.mutable_as_of_date()->set_year(2025);
  EXPECT_THAT(Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::ListEmployees, wrong),
              ViolatesField("asOfDate"));
}

TEST_F(RecordTimeTest, ATermEndsAndTheNextBegins) {
  v1::UpdateOfficialRequest update;
  update.mutable_official()->set_name(mayor_);
  *update.mutable_official()->mutable_end_date() = Date(2025, 2, 19);
  update.mutable_update_mask()->add_paths("end_date");
  const auto change = [&](const Caller& caller) {
    return Call<v1::Officials>(caller, &v1::Officials::StubInterface::UpdateOfficial, update);
  };
  EXPECT_THAT(change(As(person_)), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(change(kAdmin), IsOk());
  const auto next = CreateOfficial("city", Date(2025, 2, 20));
  ASSERT_THAT(next, IsOk());
  const auto in_office = [&](const google::type::Date& day) {
    v1::ListOfficialsRequest list;
    list.set_parent("agencies/dumai");
    *list.mutable_as_of_date() = day;
    std::vector<std::string> names;
    const auto found =
        Call<v1::Officials>(kAdmin, &v1::Officials::StubInterface::ListOfficials, list);
    EXPECT_THAT(found, IsOk());
    for (const auto& official : found->officials()) {
      names.push_back(official.name());
    }
    return names;
  };
  EXPECT_THAT(in_office(Date(2025, 2, 19)), ElementsAre(mayor_));
  EXPECT_THAT(in_office(Date(2025, 2, 20)), ElementsAre(next->name()));
  update.mutable_official()->clear_end_date();
  EXPECT_THAT(change(kAdmin), HasReason(v1::OFFICIAL_OVERLAP));
  EXPECT_EQ(Revisions(mayor_)->revisions_size(), 2);
}

TEST_F(RecordTimeTest, VersionsNeverOverlapAndComeInPages) {
  for (int i = 0; i < 4; ++i) {
    v1::Assignment right = post_;
    right.clear_etag();
    right.set_decree_number("SK " + std::to_string(i));
    ASSERT_THAT(Correct(right, {"decree_number"}), IsOk());
  }
  // A transaction that began before all of them and writes last.
  Query("UPDATE assignments SET update_time = now() + interval '1 hour' WHERE assignment_id = '" +
        post_.name().substr(post_.name().rfind('/') + 1) + "'");
  std::vector<std::string> decrees;
  std::string token, until;
  do {
    const auto page = Revisions(post_.name(), kAdmin, 2, token);
    ASSERT_THAT(page, IsOk());
    for (const auto& revision : page->revisions()) {
      decrees.push_back(revision.assignment().decree_number());
      if (!until.empty()) {
        EXPECT_EQ(revision.record_end_time().SerializeAsString(), until);
      }
      until = revision.record_time().SerializeAsString();
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_THAT(decrees, ElementsAre("SK 3", "SK 3", "SK 2", "SK 1", "SK 0", ""));
  EXPECT_THAT(Revisions(person_ + "/assignments/01890000-0000-7000-8000-000000000000"),
              HasReason(RESOURCE_NOT_FOUND));
}

}  // namespace
}  // namespace teraju::identity
