#include "services/identity/domain/nip.h"

#include "common/errors/error.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

std::string CodeFor(std::string_view text) {
  Nip nip;
  NipFault fault;
  return Nip::TryParse(text, nip, fault) ? "" : std::string(CodeOf(fault));
}

TEST(Nip, AcceptsTheVectorsOfTheRule) {
  const auto pns = Nip::Parse("196608011988031001");
  ASSERT_TRUE(pns.ok());
  EXPECT_FALSE(pns->pppk());
  EXPECT_TRUE(pns->male());
  EXPECT_EQ(pns->birth_date(), absl::CivilDay(1966, 8, 1));
  const auto pppk = Nip::Parse("199201012022211001");
  ASSERT_TRUE(pppk.ok());
  EXPECT_TRUE(pppk->pppk());
}

TEST(Nip, RefusesTheVectorsOfTheRule) {
  EXPECT_EQ(CodeFor("196602301988031001"), "NIP_BIRTH_DATE");
  EXPECT_EQ(CodeFor("196608011988131001"), "NIP_TMT_MONTH");
  EXPECT_EQ(CodeFor("19660801198803100"), "NIP_LENGTH");
}

TEST(Nip, NamesEveryFault) {
  EXPECT_EQ(CodeFor("1.98E+17"), "NIP_SCIENTIFIC");
  EXPECT_EQ(CodeFor("1,98503E+17"), "NIP_SCIENTIFIC");
  EXPECT_EQ(CodeFor("1976031120051219O1"), "NIP_NOT_DIGITS");
  EXPECT_EQ(CodeFor("=\"198003172015021901\""), "NIP_NOT_DIGITS");
  EXPECT_EQ(CodeFor("19660801198803100\xD9\xA1"), "NIP_NOT_DIGITS");  // an Arabic digit
  EXPECT_EQ(CodeFor(""), "NIP_NOT_DIGITS");
  EXPECT_EQ(CodeFor("199408232015001901"), "NIP_TMT_MONTH");
  EXPECT_EQ(CodeFor("199408232015201901"), "NIP_TMT_MONTH");
  EXPECT_EQ(CodeFor("198104212005010901"), "NIP_SEX");
  EXPECT_EQ(CodeFor("198502142019032000"), "NIP_SERIAL");
}

TEST(Nip, RemovesSpacesDotsAndOneApostrophe) {
  for (const char* text : {"'196608011988031001",
                           " 19660801 198803 1 001 ",
                           "19660801.198803.1.001",
                           "'19660801 198803 1001"}) {
    const auto nip = Nip::Parse(text);
    ASSERT_TRUE(nip.ok()) << text;
    EXPECT_EQ(nip->value(), "196608011988031001");
  }
  EXPECT_EQ(CodeFor("''196608011988031001"), "NIP_NOT_DIGITS");
}

TEST(Nip, GivesTheCodeAsMetadataAndNotTheNumber) {
  const absl::Status status = Nip::Parse("196602301988031001").status();
  EXPECT_EQ(errors::ReasonOf(status), "NIP_INVALID");
  EXPECT_EQ(errors::MetadataOf(status, "code"), "NIP_BIRTH_DATE");
  EXPECT_EQ(status.ToString().find("1966"), std::string::npos);
}

TEST(Nip, FindsTheAgeAtAppointmentPlausibleFrom18To60) {
  EXPECT_TRUE(Nip::Parse("196608011984081001")->age_plausible());   // 18 in the month
  EXPECT_FALSE(Nip::Parse("196608011984071001")->age_plausible());  // a month before
  EXPECT_TRUE(Nip::Parse("192608011987071001")->age_plausible());   // 60
  EXPECT_FALSE(Nip::Parse("192608011987081001")->age_plausible());  // 61
  EXPECT_TRUE(Nip::Parse("200007182018211901")->age_plausible());   // PPPK, 18 in the year
}

}  // namespace
}  // namespace teraju::identity::domain
