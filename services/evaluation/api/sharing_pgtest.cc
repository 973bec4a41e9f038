// What others read of final results: only the agreed fields, only in force, only with consent where
// it is needed, and the person sees it.
#include "services/evaluation/api/planted_years.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

const Caller kPartner{.subject = "apiClients/bkn", .agency = "plaju"};
const Caller kStranger{.subject = "apiClients/lain", .agency = "plaju"};
constexpr char kNip[] = "199001012015011001";

class SharingTest : public PlantedYearsTest {
 protected:
  void SetUp() override {
    PlantedYearsTest::SetUp();
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "apiClients/bkn", "other_agency", ""},
                {AgencyId("plaju"), "apiClients/lain", "other_agency", ""}});
    for (const char* year : {"2024", "2025"}) {
      PlantYear(year, "ANNUAL");
      PlantYearOf("officer", year, year == std::string("2024") ? "GOOD" : "VERY_GOOD", "110");
    }
    PlantYear("2023-uji", "SHADOW");
    PlantYearOf("officer", "2023-uji", "POOR", "40");
    people_.nips = {{kNip, "agencies/plaju/employees/officer"}};
  }
  absl::StatusOr<v1::SharingAgreement> Agree(const Caller& caller = kHr,
                                             const std::string& more = "fields: PREDICATE") {
    const absl::CivilDay today = absl::ToCivilDay(host_.clock().Now(), absl::UTCTimeZone());
    auto request = Parse<v1::CreateSharingAgreementRequest>(
        "parent: 'agencies/plaju' sharing_agreement { display_name: 'BKN' client: "
        "'agencies/plaju/apiClients/bkn' legal_ground: 'PP 30/2019' purpose: 'Manajemen talenta' " +
        more + " }");
    *request.mutable_sharing_agreement()->mutable_start_date() = time::ToDate(today - 2);
    *request.mutable_sharing_agreement()->mutable_end_date() = time::ToDate(today + 30);
    return Call<v1::SharingAgreements>(
        caller, &v1::SharingAgreements::StubInterface::CreateSharingAgreement, request);
  }
  absl::StatusOr<v1::LookupSharedResultsResponse> LookUp(const v1::SharingAgreement& agreement,
                                                         int year,
                                                         const Caller& caller = kPartner,
                                                         const std::string& nip = kNip) {
    v1::LookupSharedResultsRequest request;
    request.set_name(agreement.name());
    request.set_nip(nip);
    request.set_year(year);
    return Call<v1::SharingAgreements>(
        caller, &v1::SharingAgreements::StubInterface::LookupSharedResults, request);
  }
  absl::StatusOr<v1::SharingConsent> Consent(const Caller& caller,
                                             const v1::SharingAgreement& agreement) {
    v1::CreateSharingConsentRequest request;
    request.set_parent("agencies/plaju");
    request.mutable_sharing_consent()->set_agreement(agreement.name());
    return Call<v1::SharingConsents>(
        caller, &v1::SharingConsents::StubInterface::CreateSharingConsent, request);
  }
};

TEST_F(SharingTest, TheHrOfficeAgreesAndEverybodyMayKnow) {
  for (const Caller& other : {kOfficer, kHead, kPartner})
    EXPECT_THAT(Agree(other), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Agree(kHr, "fields: PREDICATE fields: PREDICATE"),
              ViolatesField("sharingAgreement.fields[1]"));
  const auto agreement = Agree();
  ASSERT_TRUE(agreement.ok()) << agreement.status();
  v1::ListSharingAgreementsRequest request;
  request.set_parent("agencies/plaju");
  const auto listed = Call<v1::SharingAgreements>(
      kOfficer, &v1::SharingAgreements::StubInterface::ListSharingAgreements, request);
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->sharing_agreements(), SizeIs(1));
  EXPECT_EQ(listed->sharing_agreements(0).legal_ground(), "PP 30/2019");
}

TEST_F(SharingTest, OneYearOrTheHistoryAndThePersonSeesWhoRead) {
  const auto agreement = Agree();
  ASSERT_THAT(agreement, IsOk());
  const auto year = LookUp(*agreement, 2025);
  ASSERT_THAT(year, IsOk());
  ASSERT_THAT(year->results(), SizeIs(1));
  EXPECT_EQ(year->results(0).predicate(), v1::VERY_GOOD);
  EXPECT_EQ(year->results(0).position_title(), "");  // not agreed
  const auto history = LookUp(*agreement, 0);
  ASSERT_THAT(history, IsOk());
  ASSERT_THAT(history->results(), SizeIs(2));  // the rehearsal is none
  EXPECT_EQ(history->results(0).year(), 2024);
  EXPECT_THAT(
      Query("SELECT actor || ' ' || about FROM audit_events WHERE type = 'sharing.resultRead'"),
      ElementsAre("apiClients/bkn agencies/plaju/employees/officer",
                  "apiClients/bkn agencies/plaju/employees/officer"));
}

TEST_F(SharingTest, NobodyElseAndNothingElse) {
  const auto agreement = Agree();
  ASSERT_THAT(agreement, IsOk());
  for (const Caller& other : {kStranger, kHr, kOfficer, kHead})
    EXPECT_THAT(LookUp(*agreement, 2025, other), HasReason(PERMISSION_DENIED));
  v1::SharingAgreement unknown;
  unknown.set_name("agencies/plaju/sharingAgreements/" + NewUuid7(absl::Now()));
  EXPECT_THAT(LookUp(unknown, 2025), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(LookUp(*agreement, 2023), HasReason(v1::NO_SHARED_RESULT));
  EXPECT_THAT(LookUp(*agreement, 2025, kPartner, "199001012015011009"),
              HasReason(v1::NO_SHARED_RESULT));
  EXPECT_THAT(Query("SELECT 1 FROM audit_events WHERE type = 'sharing.resultRead'"), IsEmpty());
}

TEST_F(SharingTest, AnEndedAgreementLetsNothingOut) {
  const auto agreement = Agree();
  ASSERT_THAT(agreement, IsOk());
  v1::EndSharingAgreementRequest end;
  end.set_name(agreement->name());
  end.set_reason("Tujuan tercapai");
  ASSERT_THAT(Call<v1::SharingAgreements>(
                  kHr, &v1::SharingAgreements::StubInterface::EndSharingAgreement, end),
              IsOk());
  EXPECT_THAT(LookUp(*agreement, 2025), HasReason(v1::SHARING_NOT_IN_FORCE));
  EXPECT_THAT(Call<v1::SharingAgreements>(
                  kHr, &v1::SharingAgreements::StubInterface::EndSharingAgreement, end),
              HasReason(v1::SHARING_ENDED));
}

TEST_F(SharingTest, WhereConsentIsNeededThePersonGivesAndWithdrawsIt) {
  const auto agreement = Agree(kHr, "fields: PREDICATE needs_consent: true");
  ASSERT_THAT(agreement, IsOk());
  EXPECT_THAT(LookUp(*agreement, 2025), HasReason(v1::NO_SHARED_RESULT));
  EXPECT_THAT(Consent(kHr, *agreement), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Consent(kColleague, *agreement), IsOk());  // somebody else's does not help
  EXPECT_THAT(LookUp(*agreement, 2025), HasReason(v1::NO_SHARED_RESULT));
  const auto consent = Consent(kOfficer, *agreement);
  ASSERT_THAT(consent, IsOk());
  EXPECT_THAT(LookUp(*agreement, 2025), IsOk());
  EXPECT_THAT(Consent(kOfficer, *agreement), HasReason(RESOURCE_EXISTS));

  v1::RevokeSharingConsentRequest revoke;
  revoke.set_name(consent->name());
  EXPECT_THAT(Call<v1::SharingConsents>(
                  kColleague, &v1::SharingConsents::StubInterface::RevokeSharingConsent, revoke),
              HasReason(PERMISSION_DENIED));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Call<v1::SharingConsents>(
                    kOfficer, &v1::SharingConsents::StubInterface::RevokeSharingConsent, revoke),
                IsOk());
  }
  EXPECT_THAT(LookUp(*agreement, 2025), HasReason(v1::NO_SHARED_RESULT));
  v1::ListSharingConsentsRequest own;
  own.set_parent("agencies/plaju");
  const auto listed = Call<v1::SharingConsents>(
      kOfficer, &v1::SharingConsents::StubInterface::ListSharingConsents, own);
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->sharing_consents(), SizeIs(1));
  EXPECT_TRUE(listed->sharing_consents(0).has_revoke_time());
}

TEST_F(SharingTest, WithoutNeedThereIsNothingToConsentTo) {
  const auto agreement = Agree();
  ASSERT_THAT(agreement, IsOk());
  EXPECT_THAT(Consent(kOfficer, *agreement), HasReason(v1::CONSENT_NOT_NEEDED));
}

}  // namespace
}  // namespace teraju::evaluation
