// Messages to people for whom something waits. They say where to look, never what it is or whom it
// is about.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace teraju::evaluation::domain {

enum class ReminderKind {
  kTeam,       // somebody of the team has no approved plan, no dialogue or no rating in time
  kObjection,  // a response or decision is due
  kHelp,       // somebody offers help with the plan
  kDeadline    // a plan or self evaluation is to be handed in within days
};

struct ReminderText {
  std::string subject;
  std::string text;  // Indonesian, then English
};

// `portal`: where people sign in; empty where the text shall not say it.
ReminderText TextOf(ReminderKind kind, std::string_view portal);

// How long to wait after so many failed tries: a minute, doubled up to six hours; infinite after
// three days.
absl::Duration WaitAfter(int tries);

}  // namespace teraju::evaluation::domain
