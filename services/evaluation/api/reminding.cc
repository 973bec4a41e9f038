#include "services/evaluation/api/reminding.h"

#include <prometheus/counter.h>

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/objection_case.h"
#include "services/evaluation/api/overviews_service.h"
#include "services/evaluation/clients/smtp_mail_relay.h"
#include "services/evaluation/store/deadline_store.h"

namespace teraju::evaluation {
namespace {

constexpr absl::Duration kBetweenRounds = absl::Minutes(1);
constexpr absl::Duration kBetweenDeliveries = absl::Seconds(5);
constexpr absl::Duration kCallTimeout = absl::Seconds(10);
// Longer than it takes to send as many, one after the other.
constexpr absl::Duration kLease = absl::Minutes(2);
constexpr int kTakenAtOnce = 10;

}  // namespace

Reminding::Reminding(RemindingOptions options,
                     postgres::Database& database,
                     PeopleClient& people,
                     MailRelay* relay,
                     std::function<CallContext()> own_call,
                     metrics::Registry& metrics)
    : options_(std::move(options)),
      database_(database),
      people_(people),
      relay_(relay),
      own_call_(std::move(own_call)),
      sent_(metrics.Counter("teraju_reminders_sent_total", "Reminders that the relay has taken.")),
      failed_(metrics.Counter("teraju_reminders_failed_total",
                              "Attempts to send a reminder that failed.")) {}

absl::StatusOr<bool> Reminding::HoldRound(const CallContext& call) {
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<bool> {
    const std::optional<CycleKey> round = ReminderStore(tx).TakeRound(options_.every_days);
    if (!round.has_value()) return false;
    if (round->cycle.empty()) {
      RETURN_IF_ERROR(RemindAll(tx, round->agency).status());
    } else {
      RemindLateLeaders(tx, *round);
    }
    return true;
  });
}

absl::StatusOr<int> Reminding::HoldRounds() {
  if (options_.every_days == 0) return 0;
  for (int held = 0;; ++held) {
    const CallContext call = own_call_();
    const absl::StatusOr<bool> found = HoldRound(call);
    if (absl::IsUnavailable(found.status()) || absl::IsDeadlineExceeded(found.status()))
      return found.status();
    if (!found.ok()) {
      // The trouble of one agency holds up no other.
      RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
        ReminderStore(tx).TakeRound(options_.every_days);
        return absl::OkStatus();
      }));
      return found.status();
    }
    if (!*found) return held;
  }
}

absl::StatusOr<int> Reminding::RemindOfDeadlines() {
  if (options_.every_days == 0) return 0;
  for (int held = 0;; ++held) {
    ASSIGN_OR_RETURN(
        const bool found,
        database_.Write(own_call_(), [](postgres::Transaction& tx) -> absl::StatusOr<bool> {
          DeadlineStore store(tx);
          const absl::Time now = tx.call().time();
          const std::optional<DeadlineRow> row = store.TakeReminder(now);
          if (!row.has_value()) return false;
          store.SetReminder(row->key, domain::NextReminder(row->due.due_time, now));
          const std::vector<std::string> people = store.Unfinished(row->key);
          ReminderStore(tx).Queue(row->key.agency, people, domain::ReminderKind::kDeadline);
          RecordChange(tx,
                       row->key.ToName(),
                       "deadline.reminded",
                       absl::StrCat(R"({"people":)", people.size(), "}"));
          return true;
        }));
    if (!found) return held;
  }
}

// Whether there was somebody to send it to.
absl::StatusOr<bool> Reminding::Send(const CallContext& call, const Reminder& reminder) {
  ASSIGN_OR_RETURN(const google::type::Date today, TodayOf(database_, call, reminder.agency));
  ASSIGN_OR_RETURN(
      const domain::PersonCard card,
      people_.GetCard(
          call, absl::StrCat("agencies/", reminder.agency, "/", reminder.recipient), "", today));
  if (card.email.empty()) return false;
  domain::ReminderText text = domain::TextOf(reminder.kind, options_.portal);
  RETURN_IF_ERROR(relay_->Send(
      {.to = card.email, .subject = std::move(text.subject), .text = std::move(text.text)},
      call.deadline()));
  return true;
}

absl::StatusOr<int> Reminding::Deliver() {
  if (relay_ == nullptr) return 0;
  using Reminders = std::vector<Reminder>;
  ASSIGN_OR_RETURN(
      const Reminders due,
      database_.Write(own_call_(), [&](postgres::Transaction& tx) -> absl::StatusOr<Reminders> {
        return ReminderStore(tx).Take(tx.call().time() + kLease, kTakenAtOnce);
      }));
  int sent = 0;
  for (const Reminder& reminder : due) {
    const absl::StatusOr<bool> done = Send(own_call_(), reminder);
    RETURN_IF_ERROR(database_.Write(own_call_(), [&](postgres::Transaction& tx) -> absl::Status {
      ReminderStore store(tx);
      if (!done.ok()) {
        store.PutOff(reminder, tx.call().time() + domain::WaitAfter(reminder.tries));
      } else if (*done) {
        store.MarkSent(reminder);
      } else {
        store.PutOff(reminder, absl::InfiniteFuture());
      }
      return absl::OkStatus();
    }));
    // The others wait for the end of their lease: a relay that hangs holds up no shutdown for long.
    if (!done.ok()) {
      failed_.Increment();
      return done.status();
    }
    if (*done) {
      sent_.Increment();
      ++sent;
    }
  }
  return sent;
}

void RemindPeople(service::Host& host, PeopleClient& people) {
  service::Settings& settings = host.settings();
  SmtpOptions smtp{.url = settings.Text("MAIL_RELAY_URL", ""),
                   .from = settings.Text("MAIL_FROM", ""),
                   .user = settings.Text("MAIL_USER", ""),
                   .password = settings.OptionalSecret("MAIL_PASSWORD"),
                   .authority = settings.Text("MAIL_AUTHORITY", "")};
  RemindingOptions options{.every_days = settings.Integer("REMIND_EVERY_DAYS", 7, 0, 92),
                           .portal = settings.Text("MAIL_PORTAL", "")};
  MailRelay* relay = nullptr;
  if (!smtp.url.empty()) {
    if (!absl::StartsWith(smtp.url, "smtp://") && !absl::StartsWith(smtp.url, "smtps://"))
      settings.Fault("MAIL_RELAY_URL", "must be smtp://host:port or smtps://host:port");
    if (smtp.from.empty()) settings.Fault("MAIL_FROM", "must be the sender's address");
    relay = &host.Own<SmtpMailRelay>(std::move(smtp));
  }
  auto& reminding = host.Own<Reminding>(
      std::move(options),
      host.database(),
      people,
      relay,
      [&host] { return host.OwnCall("reminders", kCallTimeout); },
      host.metrics());
  host.Every(
      kBetweenRounds, "reminder_rounds", [&reminding] { return reminding.HoldRounds().status(); });
  host.Every(kBetweenRounds, "deadline_reminders", [&reminding] {
    return reminding.RemindOfDeadlines().status();
  });
  host.Every(kBetweenDeliveries, "reminder_delivery", [&reminding] {
    return reminding.Deliver().status();
  });
}

}  // namespace teraju::evaluation
