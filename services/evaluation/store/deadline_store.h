// Deadlines, and the minutes in which the service was there. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/deadline.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {

struct DeadlineKey {
  std::string agency;
  std::string cycle;
  std::string id;
  std::string ToName() const { return kDeadlineName.Format({agency, cycle, id}); }
  CycleKey cycle_key() const { return {agency, cycle}; }
};

struct DeadlineRow {
  DeadlineKey key;
  domain::Due due;
  absl::Time set_due_time;
  absl::Time remind_time;
  bool over = false;
  std::int64_t version = 0;

  v1::Deadline ToMessage() const;
};

class DeadlineStore {
 public:
  explicit DeadlineStore(postgres::Transaction& tx) : tx_(tx) {}

  std::optional<DeadlineRow> Find(const DeadlineKey& key) const;
  std::vector<DeadlineRow> List(const CycleKey& cycle, const PageQuery& page) const;
  // Sets or moves it; what the service missed before does not count any more. ABORTED.
  absl::StatusOr<DeadlineRow> Set(const DeadlineKey& key,
                                  absl::Time due_time,
                                  absl::Time remind_time,
                                  const api::Precondition& precondition);
  // NOT_FOUND, ABORTED.
  absl::Status Delete(const DeadlineKey& key, const api::Precondition& precondition);

  // One that passed before `time` and is not over, locked for nobody else to take.
  std::optional<DeadlineRow> TakePassed(absl::Time time);
  // One of a cycle that is not closed, which has not passed and whose reminder is due by `time`,
  // locked for nobody else to take.
  std::optional<DeadlineRow> TakeReminder(absl::Time time);
  // Who has not handed in what the deadline is for: subjects.
  std::vector<std::string> Unfinished(const DeadlineKey& key) const;
  // When the next one is due; the deadline's version stays.
  void SetReminder(const DeadlineKey& key, absl::Time time);
  // Stores `due`, `remind_time` and `over`.
  void Update(const DeadlineRow& row);

  // See domain::CountedMinutes.
  std::vector<domain::ServiceMinute> Minutes(absl::Time from, absl::Time to) const;
  // Adds to what a replica has counted in the minute of the call's time.
  void AddCalls(const std::string& replica, std::int64_t calls, std::int64_t failed);
  void DropMinutes(absl::Time before);

 private:
  absl::Status Check(const DeadlineKey& key, const api::Precondition& precondition) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
