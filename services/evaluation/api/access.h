// The question of permission on evaluation's objects.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/auth/call_context.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/database.h"
#include "common/postgres/record_change.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/annual_result.pb.h"
#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// Something of the agency as a whole.
auth::Object AgencyObject(const std::string& agency, std::string_view resource);

// Something about a person, by the reporting line that its snapshot holds.
auth::Object SnapshotObject(const v1::Snapshot& snapshot, std::string_view resource);

// Asks for permission on what has been read, which may be absent: PERMISSION_DENIED, or NOT_FOUND
// for a caller who may see the whole agency.
template <typename Message>
absl::StatusOr<Message> Authorized(const CallContext& call,
                                   const std::string& agency,
                                   const std::string& name,
                                   std::optional<Message> found) {
  if (!found.has_value()) {
    RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, name)));
    return errors::ResourceNotFound(name);
  }
  RETURN_IF_ERROR(call.Authorize(SnapshotObject(found->snapshot(), name)));
  return *std::move(found);
}

// PERMISSION_DENIED for a reader of a rehearsal's result other than the person, or, before it is
// final, the appraiser who rates: what the new rules would give is for the person alone.
absl::Status CheckReader(const CallContext& call, const v1::Evaluation& evaluation);
absl::Status CheckReader(const CallContext& call, const v1::AnnualResult& result);

// FAILED_PRECONDITION (SHADOW_CYCLE) for the result of a rehearsal, of the cycle of `period`:
// nothing of it enters a file.
absl::Status CheckFiled(bool rehearsal, const std::string& period);

absl::TimeZone ZoneOf(postgres::Transaction& tx, const std::string& agency);
// The day that it is at the agency.
absl::CivilDay TodayOf(postgres::Transaction& tx, const std::string& agency);
// The same for a question to another service, which is asked outside of transactions.
absl::StatusOr<google::type::Date> TodayOf(postgres::Database& database,
                                           const CallContext& call,
                                           const std::string& agency);

// FAILED_PRECONDITION (NO_PLAN_ON_DAY).
absl::Status NoPlanOnDay(const std::string& employee);

// The work plan, for a caller who has the method's permission on it. Asked before a transaction
// begins: a repeated request is answered without running it, and the snapshot does not change.
absl::StatusOr<v1::WorkPlan> AuthorizePlan(postgres::Database& database,
                                           const CallContext& call,
                                           const Key& key);

// A person's result or plan that is read.
struct Reading {
  std::string employee;  // name
  std::string name;      // of what is read
};

// The readings of a list of messages that have a name and a snapshot.
template <typename Messages>
std::vector<Reading> ReadingsOf(const Messages& messages) {
  std::vector<Reading> readings;
  for (const auto& message : messages)
    readings.push_back({message.snapshot().employee(), message.name()});
  return readings;
}

// Records that somebody else read about people, so that these see it. A person's own reading and
// that of our services leaves no trace.
absl::Status RecordReadings(postgres::Database& database,
                            const CallContext& call,
                            const std::vector<Reading>& readings,
                            const std::string& type = "evaluation.read");
absl::Status RecordReading(postgres::Database& database,
                           const CallContext& call,
                           const v1::Snapshot& about,
                           const std::string& name,
                           const std::string& type = "evaluation.read");

}  // namespace teraju::evaluation
