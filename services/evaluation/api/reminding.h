// Reminds people by itself: looks now and then who is late, and sends what waits in the queue as
// mails.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/metrics/registry.h"
#include "common/postgres/database.h"
#include "common/service/host.h"
#include "services/evaluation/clients/mail_relay.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/reminder_store.h"

namespace teraju::evaluation {

struct RemindingOptions {
  int every_days = 7;  // between two rounds of a cycle; 0: nobody is reminded of anything unasked
  std::string portal;  // where people sign in
};

class Reminding {
 public:
  // Without a relay (null) reminders stay in the queue. `own_call` makes a call of this service's
  // own.
  Reminding(RemindingOptions options,
            postgres::Database& database,
            PeopleClient& people,
            MailRelay* relay,
            std::function<CallContext()> own_call,
            metrics::Registry& metrics);

  // Reminds the late leaders of each open cycle, and looks after each agency's objections, where
  // that is due; how many rounds. Any number of replicas may: each round is held once. One that
  // fails is left until it is due again.
  absl::StatusOr<int> HoldRounds();
  // Reminds those who have not handed in of the deadlines that are near; of how many deadlines.
  absl::StatusOr<int> RemindOfDeadlines();
  // Sends what is due, and returns how many were sent. What cannot be sent is tried again for three
  // days; who has no address is passed over. A mail may arrive twice where a replica dies between
  // sending and noting it.
  absl::StatusOr<int> Deliver();

 private:
  absl::StatusOr<bool> HoldRound(const CallContext& call);
  absl::StatusOr<bool> Send(const CallContext& call, const Reminder& reminder);

  const RemindingOptions options_;
  postgres::Database& database_;
  PeopleClient& people_;
  MailRelay* const relay_;
  const std::function<CallContext()> own_call_;
  prometheus::Counter& sent_;
  prometheus::Counter& failed_;
};

// Does both as long as the host runs. Settings: REMIND_EVERY_DAYS, MAIL_RELAY_URL, MAIL_FROM,
// MAIL_USER, MAIL_PASSWORD, MAIL_AUTHORITY, MAIL_PORTAL.
void RemindPeople(service::Host& host, PeopleClient& people);

}  // namespace teraju::evaluation
