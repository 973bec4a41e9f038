#include "common/operations/operation_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"
#include "teraju/operations/v1/progress.pb.h"

namespace teraju::operations {
namespace {

using postgres::FromBytes;
using postgres::Statement;
using postgres::ToBytes;

constexpr Statement kInsert{
    "operation_insert",
    "INSERT INTO operations (agency_id, operation_id, kind, work_key, starter, method, call_id, "
    "locale, request, "
    "create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (agency_id, work_key) WHERE end_time IS NULL DO NOTHING RETURNING operation_id"};
constexpr Statement kRunning{"operation_select_running",
                             "SELECT operation_id FROM operations WHERE agency_id = $1 AND "
                             "work_key = $2 AND end_time IS NULL"};
constexpr Statement kFind{"operation_select",
                          "SELECT operation_id, agency_id, starter, kind, work_key, state, done, "
                          "total, message, cancel, create_time, update_time, "
                          "end_time, response, error "
                          "FROM operations WHERE operation_id = $1"};
constexpr Statement kList{
    "operation_list",
    "SELECT operation_id, agency_id, starter, kind, work_key, state, done, total, message, cancel, "
    "create_time, update_time, "
    "end_time, response, error "
    "FROM operations WHERE agency_id = $1 AND ($2::text IS NULL OR starter = $2) "
    "AND ($3::boolean IS NULL OR (end_time IS NOT NULL) = $3) AND ($4::uuid IS NULL OR "
    "operation_id < $4) "
    "ORDER BY operation_id DESC LIMIT $5"};
constexpr Statement kCancel{"operation_cancel",
                            "UPDATE operations SET cancel = true, update_time = now() WHERE "
                            "operation_id = $1 AND end_time IS NULL"};
// Whoever died without a word is found by the end of the lease: it is the time from which on the
// operation is due.
constexpr Statement kTake{
    "operation_take",
    "UPDATE operations SET state = 'RUNNING', lease = gen_random_uuid(), attempt = attempt + 1, "
    "update_time = now(), "
    "next_time = now() + $2 * interval '1 millisecond' WHERE (agency_id, operation_id) = ("
    "SELECT agency_id, operation_id FROM operations WHERE end_time IS NULL AND next_time <= now() "
    "AND kind = ANY($1::text[]) ORDER BY next_time LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "RETURNING agency_id, operation_id, kind, starter, method, call_id, locale, request, "
    "checkpoint, lease, attempt, "
    "cancel"};
constexpr Statement kProlong{"operation_prolong",
                             "UPDATE operations SET next_time = now() + $2 * interval '1 "
                             "millisecond' WHERE operation_id IN ("
                             "SELECT operation_id FROM operations WHERE lease = ANY($1::uuid[]) "
                             "AND end_time IS NULL FOR UPDATE SKIP LOCKED) "
                             "RETURNING lease, cancel"};
constexpr Statement kAdvance{
    "operation_advance",
    "UPDATE operations SET checkpoint = $3, done = $4, total = $5, message = $6, attempt = 0, "
    "update_time = now(), "
    "next_time = now() + $7 * interval '1 millisecond' WHERE operation_id = $1 AND lease = $2 "
    "RETURNING set_config('statement_timeout', '600000', true)"};
constexpr Statement kSucceed{"operation_succeed",
                             "UPDATE operations SET state = 'SUCCEEDED', lease = NULL, response = "
                             "$3, update_time = now(), end_time = now() "
                             "WHERE operation_id = $1 AND lease = $2"};
constexpr Statement kFail{"operation_fail",
                          "UPDATE operations SET state = $3, lease = NULL, error = $4, update_time "
                          "= now(), end_time = now() "
                          "WHERE operation_id = $1 AND lease = $2"};
constexpr Statement kGiveBack{
    "operation_give_back",
    "UPDATE operations SET state = 'WAITING', lease = NULL, attempt = attempt - $4, update_time = "
    "now(), "
    "next_time = now() + $3 * interval '1 millisecond' WHERE operation_id = $1 AND lease = $2"};

std::int64_t Milliseconds(absl::Duration duration) { return absl::ToInt64Milliseconds(duration); }

v1::Progress ToProgress(const pqxx::row& row) {
  v1::Progress progress;
  progress.set_kind(row["kind"].c_str());
  progress.set_resource(row["work_key"].c_str());
  progress.set_done(row["done"].as<std::int64_t>());
  progress.set_total(row["total"].as<std::int64_t>());
  progress.set_message(row["message"].c_str());
  progress.set_cancel_requested(row["cancel"].as<bool>());
  *progress.mutable_start_time() = postgres::ToTimestamp(row["create_time"]);
  *progress.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  if (!row["end_time"].is_null())
    *progress.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  if (row["state"].c_str() == std::string_view("SUCCEEDED")) {
    progress.set_percent(100);
  } else if (progress.total() > 0) {
    const auto part = static_cast<double>(progress.done()) / static_cast<double>(progress.total());
    progress.set_percent(std::min(99, static_cast<int>(part * 100)));
  }
  return progress;
}

}  // namespace

std::string OperationName(std::string_view service, std::string_view id) {
  return fmt::format("operations/{}/{}", service, id);
}

Seen OperationStore::ToSeen(const pqxx::row& row) const {
  Seen seen{.agency = row["agency_id"].c_str(), .starter = row["starter"].c_str()};
  seen.operation.set_name(OperationName(service_, row["operation_id"].c_str()));
  seen.operation.mutable_metadata()->PackFrom(ToProgress(row));
  seen.operation.set_done(!row["end_time"].is_null());
  if (!row["error"].is_null())
    seen.operation.mutable_error()->ParseFromString(FromBytes(row["error"]));
  if (!row["response"].is_null())
    seen.operation.mutable_response()->ParseFromString(FromBytes(row["response"]));
  return seen;
}

absl::StatusOr<google::longrunning::Operation> OperationStore::Insert(
    std::string_view kind,
    std::string_view agency,
    std::string_view key,
    const google::protobuf::Any& request) {
  const CallContext& call = tx_.call();
  const pqxx::result inserted = tx_.Exec(kInsert,
                                         agency,
                                         NewUuid7(call.time()),
                                         kind,
                                         key,
                                         call.principal().subject,
                                         call.method(),
                                         call.call_id(),
                                         call.locale(),
                                         ToBytes(request.SerializeAsString()),
                                         postgres::ToText(call.time()));
  if (!inserted.empty()) return Find(inserted[0][0].c_str())->operation;
  const pqxx::result running = tx_.Exec(kRunning, agency, key);
  return errors::Aborted(errors::reasons::OPERATION_RUNNING,
                         "An operation works on the same resource.")
      .With("operation", running.empty() ? "" : OperationName(service_, running[0][0].c_str()));
}

std::optional<Seen> OperationStore::Find(const std::string& id) {
  const pqxx::result found = tx_.Exec(kFind, id);
  if (found.empty()) return std::nullopt;
  return ToSeen(found[0]);
}

std::vector<Seen> OperationStore::List(const ListQuery& query) {
  std::vector<Seen> list;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       query.agency,
                                       postgres::NullIfEmpty(query.starter),
                                       query.done,
                                       postgres::NullIfEmpty(query.before_id),
                                       query.size)) {
    list.push_back(ToSeen(row));
  }
  return list;
}

void OperationStore::Cancel(const std::string& id) { tx_.Exec(kCancel, id); }

std::optional<Taken> OperationStore::Take(const std::vector<std::string>& kinds,
                                          absl::Duration lease) {
  const pqxx::result found = tx_.Exec(kTake, postgres::ToArray(kinds), Milliseconds(lease));
  if (found.empty()) return std::nullopt;
  const pqxx::row row = found[0];
  Taken taken{.agency = row["agency_id"].c_str(),
              .id = row["operation_id"].c_str(),
              .kind = row["kind"].c_str(),
              .starter = row["starter"].c_str(),
              .method = row["method"].c_str(),
              .call_id = row["call_id"].c_str(),
              .locale = row["locale"].c_str(),
              .checkpoint = row["checkpoint"].c_str(),
              .lease = row["lease"].c_str(),
              .attempt = row["attempt"].as<int>(),
              .cancel = row["cancel"].as<bool>()};
  taken.request.ParseFromString(FromBytes(row["request"]));
  return taken;
}

std::vector<OperationStore::Held> OperationStore::Prolong(const std::vector<std::string>& leases,
                                                          absl::Duration lease) {
  std::vector<Held> held;
  for (const pqxx::row& row : tx_.Exec(kProlong, postgres::ToArray(leases), Milliseconds(lease))) {
    held.push_back({row["lease"].c_str(), row["cancel"].as<bool>()});
  }
  return held;
}

bool OperationStore::Advance(const Taken& taken,
                             std::string_view checkpoint,
                             std::int64_t done,
                             std::int64_t total,
                             std::string_view message,
                             absl::Duration lease) {
  return !tx_.Exec(kAdvance,
                   taken.id,
                   taken.lease,
                   checkpoint,
                   done,
                   total,
                   message,
                   Milliseconds(lease))
              .empty();
}

void OperationStore::Succeed(const Taken& taken, const google::protobuf::Any& response) {
  tx_.Exec(kSucceed, taken.id, taken.lease, ToBytes(response.SerializeAsString()));
}

void OperationStore::Fail(const Taken& taken,
                          std::string_view state,
                          const google::rpc::Status& error) {
  tx_.Exec(kFail, taken.id, taken.lease, state, ToBytes(error.SerializeAsString()));
}

void OperationStore::GiveBack(const Taken& taken, absl::Duration delay, bool blame) {
  tx_.Exec(kGiveBack, taken.id, taken.lease, Milliseconds(delay), blame ? 0 : 1);
}

}  // namespace teraju::operations
