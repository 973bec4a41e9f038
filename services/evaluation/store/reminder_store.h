// Reminders that wait to be sent, and when to look for those who are late. Bound to the transaction
// it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/reminder.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

struct Reminder {
  std::string agency;
  std::string recipient;  // a subject
  domain::ReminderKind kind = domain::ReminderKind::kTeam;
  int tries = 0;  // that failed
};

class ReminderStore {
 public:
  explicit ReminderStore(postgres::Transaction& tx) : tx_(tx) {}

  // Reminds people (subjects), each unless a reminder of this kind waits for them already.
  void Queue(const std::string& agency,
             const std::vector<std::string>& recipients,
             domain::ReminderKind kind);
  // Those that are due, for nobody else to take before `lease_end`.
  std::vector<Reminder> Take(absl::Time lease_end, int size);
  void MarkSent(const Reminder& reminder);
  // Tries again at `time`; never where that is infinite.
  void PutOff(const Reminder& reminder, absl::Time time);

  // One open cycle whose last round is `every_days` or more ago, or one agency (with an empty
  // cycle) whose objections nobody has looked after for a day; the round counts as held now. A new
  // one is due after that time only.
  std::optional<CycleKey> TakeRound(int every_days);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
