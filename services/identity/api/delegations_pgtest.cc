// Several appraisers with shares, and those who prepare appraisals for others.
#include "common/errors/error.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;

class DelegationsTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), IsOk());
    ASSERT_THAT(CreateUnit("home", "Bidang Asal", "city"), IsOk());
    ASSERT_THAT(CreateUnit("host", "Bidang Tujuan", "city"), IsOk());
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    head_ = Post(1, "home", "Kepala Bidang");
    host_head_ = Post(2, "host", "Kepala Bidang");
    member_ = Post(3, "home", "Staf");
    other_ = Post(4, "home", "Staf");
    host_.clock().Set(absl::FromCivil(absl::CivilDay(2025, 6, 15), absl::UTCTimeZone()));
  }
  std::string Post(int serial, const std::string& unit, const std::string& title) {
    const auto created = CreateEmployee(MakeEmployee(serial, unit));
    EXPECT_THAT(created, IsOk());
    EXPECT_THAT(Assign(created->name(), unit, title, v1::Assignment::DEFINITIVE, Date(2020, 1, 1)),
                IsOk());
    return created->name();
  }
  absl::StatusOr<v1::Assignment> Second(int share,
                                        const google::type::Date& start,
                                        const google::type::Date& end,
                                        v1::Assignment::Kind kind = v1::Assignment::ADDITIONAL,
                                        const std::string& title = "Analis (diperbantukan)") {
    v1::CreateAssignmentRequest request;
    request.set_parent(member_);
    request.mutable_assignment()->set_unit("agencies/dumai/units/host");
    request.mutable_assignment()->set_position_title(title);
    request.mutable_assignment()->set_kind(kind);
    request.mutable_assignment()->set_share_percent(share);
    *request.mutable_assignment()->mutable_start_date() = start;
    *request.mutable_assignment()->mutable_end_date() = end;
    return Call<v1::Assignments>(
        kAdmin, &v1::Assignments::StubInterface::CreateAssignment, request);
  }
  absl::StatusOr<v1::ReportingLine> Line(const std::string& person, const google::type::Date& day) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(person);
    *request.mutable_date() = day;
    return Call<v1::ReportingLines>(
        kAdmin, &v1::ReportingLines::StubInterface::ResolveReportingLine, request);
  }
  absl::StatusOr<v1::Delegation> Delegate(const std::string& from,
                                          const std::string& to,
                                          const google::type::Date& start,
                                          const google::type::Date& end,
                                          const Caller& caller) {
    v1::CreateDelegationRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_delegation()->set_delegator(from);
    request.mutable_delegation()->set_delegate(to);
    *request.mutable_delegation()->mutable_start_date() = start;
    *request.mutable_delegation()->mutable_end_date() = end;
    return Call<v1::Delegations>(
        caller, &v1::Delegations::StubInterface::CreateDelegation, request);
  }
  absl::StatusOr<v1::ListDelegationsResponse> List(const Caller& caller) {
    v1::ListDelegationsRequest request;
    request.set_parent("agencies/dumai");
    return Call<v1::Delegations>(caller, &v1::Delegations::StubInterface::ListDelegations, request);
  }

  std::string mayor_, head_, host_head_, member_, other_;
};

TEST_F(DelegationsTest, ASecondmentDividesTheAppraisalByShares) {
  ASSERT_THAT(Second(40, Date(2025, 3, 1), Date(2025, 6, 30)), IsOk());
  const auto line = Line(member_, Date(2025, 6, 30));
  ASSERT_THAT(line, IsOk());
  EXPECT_EQ(line->appraiser(), head_);
  ASSERT_THAT(line->appraisers(), SizeIs(2));
  EXPECT_EQ(line->appraisers(0).share_percent(), 60);
  EXPECT_EQ(line->appraisers(1).appraiser(), host_head_);
  EXPECT_EQ(line->appraisers(1).unit(), "agencies/dumai/units/host");
  EXPECT_EQ(line->appraisers(1).share_percent(), 40);
  EXPECT_THAT(Line(member_, Date(2025, 7, 1))->appraisers(), SizeIs(1));
  v1::ListSegmentsRequest request;
  request.set_parent("agencies/dumai");
  *request.mutable_start_date() = Date(2025, 1, 1);
  *request.mutable_end_date() = Date(2025, 12, 31);
  const auto segments = Call<v1::ReportingLines>(
      kEvaluation, &v1::ReportingLines::StubInterface::ListSegments, request);
  ASSERT_THAT(segments, IsOk());
  std::vector<int> days;
  for (const v1::Segment& segment : segments->segments()) {
    if (segment.employee() == member_) days.push_back(segment.days());
  }
  EXPECT_THAT(days, ElementsAre(59, 122, 184));
  // With the larger share the host's head appraises, and sees the person.
  ASSERT_THAT(Second(30, Date(2025, 6, 1), Date(2025, 6, 29)), IsOk());
  EXPECT_EQ(Line(member_, Date(2025, 6, 29))->appraisers_size(), 3);
  ASSERT_THAT(Second(31, Date(2025, 2, 1), Date(2025, 6, 1)), HasReason(v1::SHARE_INVALID));
}

TEST_F(DelegationsTest, OnlySecondmentsHaveShares) {
  const auto acting = v1::Assignment::ACTING;
  EXPECT_THAT(Second(10, Date(2025, 3, 1), Date(2025, 6, 30), acting),
              HasReason(v1::SHARE_INVALID));
  EXPECT_THAT(Second(10,
                     Date(2025, 3, 1),
                     Date(2025, 6, 30),
                     v1::Assignment::ADDITIONAL,
                     "Koordinator Program"),
              HasReason(v1::SHARE_INVALID));
  EXPECT_THAT(Second(101, Date(2025, 3, 1), Date(2025, 6, 30)),
              testing::ViolatesField("assignment.sharePercent"));
}

TEST_F(DelegationsTest, AnAppraiserDelegatesForSomeDays) {
  const auto given = Delegate(head_, other_, Date(2025, 6, 1), Date(2025, 6, 30), As(head_));
  ASSERT_THAT(given, IsOk());
  EXPECT_EQ(given->entered_by(), As(head_).subject);
  EXPECT_THAT(Delegate(head_, member_, Date(2025, 6, 30), Date(2025, 7, 30), As(head_)),
              HasReason(v1::DELEGATION_OVERLAP));
  const auto line = Line(member_, Date(2025, 6, 30));
  EXPECT_EQ(line->appraiser(), head_);
  EXPECT_EQ(line->delegate(), other_);
  EXPECT_THAT(line->explanation_id(), HasSubstr("Penilaian didelegasikan sampai 30-06-2025."));
  EXPECT_EQ(Line(member_, Date(2025, 7, 1))->delegate(), "");
  // Nobody prepares the own appraisal.
  EXPECT_EQ(Line(other_, Date(2025, 6, 30))->delegate(), "");
  EXPECT_THAT(Line(other_, Date(2025, 6, 30))->explanation_en(), HasSubstr("does not count"));
  // The mayor's delegate is a subordinate of one of the heads.
  ASSERT_THAT(Delegate(mayor_, member_, Date(2025, 6, 1), Date(2025, 6, 30), As(mayor_)), IsOk());
  EXPECT_EQ(Line(head_, Date(2025, 6, 30))->delegate(), "");
  EXPECT_EQ(Line(host_head_, Date(2025, 6, 30))->delegate(), member_);
  v1::RevokeDelegationRequest revoke;
  revoke.set_name(given->name());
  *revoke.mutable_end_date() = Date(2025, 6, 15);
  EXPECT_THAT(
      Call<v1::Delegations>(As(member_), &v1::Delegations::StubInterface::RevokeDelegation, revoke),
      HasReason(PERMISSION_DENIED));
  EXPECT_THAT(
      Call<v1::Delegations>(As(head_), &v1::Delegations::StubInterface::RevokeDelegation, revoke),
      IsOk());
  EXPECT_EQ(Line(member_, Date(2025, 6, 16))->delegate(), "");
  *revoke.mutable_end_date() = Date(2025, 5, 15);
  EXPECT_THAT(
      Call<v1::Delegations>(As(head_), &v1::Delegations::StubInterface::RevokeDelegation, revoke),
      HasReason(v1::INTERVAL_INVALID));
}

TEST_F(DelegationsTest, AreSeenByBothAndByHr) {
  const auto given = Delegate(head_, other_, Date(2025, 6, 1), Date(2025, 6, 30), kAdmin);
  ASSERT_THAT(given, IsOk());
  EXPECT_EQ(given->entered_by(), "apiClients/admin");
  EXPECT_THAT(List(As(head_))->delegations(), SizeIs(1));
  EXPECT_THAT(List(As(other_))->delegations(), SizeIs(1));
  EXPECT_THAT(List(As(member_))->delegations(), SizeIs(0));
  EXPECT_THAT(List(kAdmin)->delegations(), SizeIs(1));
  v1::GetDelegationRequest get;
  get.set_name(given->name());
  const auto read = [&](const Caller& caller) {
    return Call<v1::Delegations>(caller, &v1::Delegations::StubInterface::GetDelegation, get);
  };
  EXPECT_THAT(read(As(head_)), IsOk());
  EXPECT_THAT(read(As(other_)), IsOk());
  EXPECT_THAT(read(As(member_)), HasReason(PERMISSION_DENIED));
}

TEST_F(DelegationsTest, AreRefusedForOthersStrangersAndOneself) {
  const auto start = Date(2025, 6, 1);
  const auto end = Date(2025, 6, 30);
  EXPECT_THAT(Delegate(head_, other_, start, end, As(member_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Delegate(head_, head_, start, end, As(head_)), HasReason(v1::DELEGATE_EXCLUDED));
  EXPECT_THAT(Delegate(head_, mayor_, start, end, As(head_)), HasReason(v1::PERSON_UNKNOWN));
  EXPECT_THAT(Delegate(head_,
                       "agencies/dumai/employees/01890000-0000-7000-8000-000000000000",
                       start,
                       end,
                       As(head_)),
              HasReason(v1::PERSON_UNKNOWN));
  EXPECT_THAT(Delegate(head_, other_, end, start, As(head_)), HasReason(v1::INTERVAL_INVALID));
}

}  // namespace
}  // namespace teraju::identity
