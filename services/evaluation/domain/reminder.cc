#include "services/evaluation/domain/reminder.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kMostTries = 20;  // three days with the waits below
constexpr int kDoubled = 9;

}  // namespace

ReminderText TextOf(ReminderKind kind, std::string_view portal) {
  const std::string where_id =
      portal.empty() ? "Masuk ke Teraju untuk melihatnya."
                     : absl::StrCat("Masuk ke ", std::string(portal), " untuk melihatnya.");
  const std::string where_en =
      portal.empty() ? "Sign in to Teraju to see it."
                     : absl::StrCat("Sign in at ", std::string(portal), " to see it.");
  switch (kind) {
    case ReminderKind::kTeam:
      return {"Teraju: tim Anda menunggu / your team is waiting",
              absl::StrCat("Dalam tim Anda ada rencana, dialog, atau penilaian yang terlambat. ",
                           where_id,
                           "\n\nA plan, dialogue or rating in your team is late. ",
                           where_en,
                           "\n")};
    case ReminderKind::kObjection:
      return {"Teraju: sebuah keberatan menunggu / an objection is waiting",
              absl::StrCat("Sebuah keberatan menunggu tanggapan atau keputusan Anda. ",
                           where_id,
                           "\n\nAn objection waits for your response or decision. ",
                           where_en,
                           "\n")};
    case ReminderKind::kHelp:
      return {"Teraju: bantuan untuk Anda / help for you",
              absl::StrCat("Ada yang menawarkan bantuan untuk rencana kerja Anda. ",
                           where_id,
                           "\n\nSomebody offers you help with your work plan. ",
                           where_en,
                           "\n")};
    case ReminderKind::kDeadline:
      return {"Teraju: batas waktu mendekat / a deadline is near",
              absl::StrCat("Rencana kerja atau evaluasi diri Anda belum diserahkan, dan batas "
                           "waktunya mendekat. ",
                           where_id,
                           "\n\nYour work plan or self evaluation has not been handed in, and its "
                           "deadline is near. ",
                           where_en,
                           "\n")};
  }
  return {};
}

absl::Duration WaitAfter(int tries) {
  if (tries >= kMostTries) return absl::InfiniteDuration();
  return std::min(absl::Minutes(1 << std::min(tries, kDoubled)), absl::Hours(6));
}

}  // namespace teraju::evaluation::domain
