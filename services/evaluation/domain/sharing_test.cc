#include "services/evaluation/domain/sharing.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

const absl::Time kSharingTime = absl::FromUnixSeconds(1'770'000'000);

v1::SharingAgreement Agreement(const std::string& more = "fields: PREDICATE") {
  v1::SharingAgreement agreement;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "display_name: 'BKN' legal_ground: 'PP 30/2019' purpose: 'Manajemen talenta' "
      "start_date { year: 2026 month: 1 day: 1 } end_date { year: 2026 month: 12 day: 31 } " +
          more,
      &agreement));
  return agreement;
}

v1::AnnualResult Result() {
  v1::AnnualResult result;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "predicate: GOOD digest: 'abc' text_id: 'cerita' "
      "snapshot { employee: 'e' unit: 'u' position_title: 'Analis' appraiser: 'p' } "
      "segments { evaluation: 'v' unit: 'u' appraiser: 'p' days: 365 predicate: GOOD "
      "  receipt_digest: 'def' } "
      "local_result { score { value: '82.50' } predicate: 'B' inputs: '{}' }",
      &result));
  return result;
}

TEST(PrepareAgreement, AsksForEachFieldOnceAndAtMostFiveYears) {
  v1::SharingAgreement agreement = Agreement();
  ASSERT_THAT(PrepareAgreement(agreement, kSharingTime), IsOk());
  EXPECT_EQ(agreement.state(), v1::SharingAgreement::ACTIVE);
  v1::SharingAgreement twice = Agreement("fields: PREDICATE fields: PREDICATE");
  EXPECT_THAT(PrepareAgreement(twice, kSharingTime), ViolatesField("sharingAgreement.fields[1]"));
  v1::SharingAgreement backwards = Agreement();
  backwards.mutable_end_date()->set_year(2025);
  EXPECT_THAT(PrepareAgreement(backwards, kSharingTime), ViolatesField("sharingAgreement.endDate"));
  v1::SharingAgreement endless = Agreement();
  endless.mutable_end_date()->set_year(2031);
  EXPECT_THAT(PrepareAgreement(endless, kSharingTime), ViolatesField("sharingAgreement.endDate"));
}

TEST(CheckInForce, FromTheFirstDayToTheLastUnlessEnded) {
  v1::SharingAgreement agreement = Agreement();
  ASSERT_THAT(PrepareAgreement(agreement, kSharingTime), IsOk());
  EXPECT_THAT(CheckInForce(agreement, absl::CivilDay(2025, 12, 31)),
              HasReason(v1::SHARING_NOT_IN_FORCE));
  EXPECT_THAT(CheckInForce(agreement, absl::CivilDay(2026, 1, 1)), IsOk());
  EXPECT_THAT(CheckInForce(agreement, absl::CivilDay(2026, 12, 31)), IsOk());
  EXPECT_THAT(CheckInForce(agreement, absl::CivilDay(2027, 1, 1)),
              HasReason(v1::SHARING_NOT_IN_FORCE));
  ASSERT_THAT(EndAgreement(agreement, "Selesai", kSharingTime), IsOk());
  EXPECT_THAT(CheckInForce(agreement, absl::CivilDay(2026, 6, 1)),
              HasReason(v1::SHARING_NOT_IN_FORCE));
  EXPECT_THAT(EndAgreement(agreement, "Selesai", kSharingTime), HasReason(v1::SHARING_ENDED));
}

TEST(Disclose, NothingThatIsNotAgreed) {
  const v1::SharedResult predicate = Disclose(Agreement(), Result(), 2025);
  v1::SharedResult expected;
  expected.set_year(2025);
  expected.set_predicate(v1::GOOD);
  expected.mutable_final_time();
  EXPECT_EQ(predicate.SerializeAsString(), expected.SerializeAsString());

  const v1::SharedResult all = Disclose(
      Agreement("fields: PREDICATE fields: POST fields: SEGMENTS fields: LOCAL fields: DIGEST"),
      Result(),
      2025);
  EXPECT_EQ(all.position_title(), "Analis");
  EXPECT_EQ(all.local_score().value(), "82.50");
  EXPECT_EQ(all.digest(), "abc");
  ASSERT_THAT(all.segments(), SizeIs(1));
  EXPECT_EQ(all.segments(0).days(), 365);
  // Who appraised is nobody's business there.
  EXPECT_EQ(all.segments(0).appraiser(), "");
  EXPECT_EQ(all.segments(0).evaluation(), "");
}

}  // namespace
}  // namespace teraju::evaluation::domain
