#include "services/evaluation/domain/reminder.h"

#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Reminder, SaysInBothLanguagesWhereToLook) {
  for (const ReminderKind kind : {ReminderKind::kTeam,
                                  ReminderKind::kObjection,
                                  ReminderKind::kHelp,
                                  ReminderKind::kDeadline}) {
    EXPECT_THAT(TextOf(kind, "").text,
                AllOf(HasSubstr("Masuk ke Teraju"), HasSubstr("Sign in to Teraju")));
    EXPECT_THAT(TextOf(kind, "https://teraju.kota.example").text,
                AllOf(HasSubstr("Masuk ke https://teraju.kota.example untuk"),
                      HasSubstr("Sign in at https://teraju.kota.example to"),
                      Not(HasSubstr("Masuk ke Teraju"))));
  }
}

TEST(Reminder, IsTriedForThreeDaysMoreAndMoreSeldom) {
  EXPECT_EQ(WaitAfter(0), absl::Minutes(1));
  absl::Duration whole = absl::ZeroDuration();
  int tries = 0;
  for (; WaitAfter(tries) != absl::InfiniteDuration(); ++tries) {
    EXPECT_GE(WaitAfter(tries), tries == 0 ? absl::Minutes(1) : WaitAfter(tries - 1));
    EXPECT_LE(WaitAfter(tries), absl::Hours(6));
    whole += WaitAfter(tries);
  }
  EXPECT_GT(whole, absl::Hours(72));
  EXPECT_LT(whole, absl::Hours(84));
}

}  // namespace
}  // namespace teraju::evaluation::domain
