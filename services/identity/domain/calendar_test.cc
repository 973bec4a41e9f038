#include "services/identity/domain/calendar.h"

#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

TEST(ParseDay, ReadsLocalAndIsoDates) {
  EXPECT_EQ(ParseDay("31-12-2025"), absl::CivilDay(2025, 12, 31));
  EXPECT_EQ(ParseDay("31/12/2025"), absl::CivilDay(2025, 12, 31));
  EXPECT_EQ(ParseDay("2025-12-31"), absl::CivilDay(2025, 12, 31));
  EXPECT_EQ(ParseDay("29-02-2024"), absl::CivilDay(2024, 2, 29));
}

TEST(ParseDay, RefusesWhatTheCalendarDoesNotHave) {
  for (const char* text : {"",
                           "00-00-0000",
                           "30-02-2019",
                           "31-04-1988",
                           "29-02-2025",
                           "1-1-2025",
                           "31-12-25",
                           "32983",
                           "12-31-2025",
                           "aa-bb-cccc",
                           "+1-02-2025",
                           "31-12/2025"}) {
    EXPECT_FALSE(ParseDay(text)) << text;
  }
}

TEST(ParseExcelSerial, CountsAsThe1900System) {
  EXPECT_EQ(ParseExcelSerial("1"), absl::CivilDay(1900, 1, 1));
  EXPECT_EQ(ParseExcelSerial("59"), absl::CivilDay(1900, 2, 28));
  EXPECT_FALSE(ParseExcelSerial("60"));
  EXPECT_EQ(ParseExcelSerial("61"), absl::CivilDay(1900, 3, 1));
  EXPECT_EQ(ParseExcelSerial("25569"), absl::CivilDay(1970, 1, 1));
  EXPECT_EQ(ParseExcelSerial("33322.0"), absl::CivilDay(1991, 3, 25));
}

TEST(ParseExcelSerial, RefusesWhatIsNoDayNumber) {
  for (const char* text : {"", "0", "-5", "31118.5", "19850614", "1e5", "12-31", " 5"}) {
    EXPECT_FALSE(ParseExcelSerial(text)) << text;
  }
}

TEST(Date, GoesThereAndBack) {
  EXPECT_EQ(FromDate(ToDate(absl::CivilDay(2025, 2, 3))), absl::CivilDay(2025, 2, 3));
  EXPECT_EQ(FormatDay(absl::CivilDay(2025, 2, 3)), "03-02-2025");
  EXPECT_FALSE(FromDate({}));
}

}  // namespace
}  // namespace teraju::identity::domain
