#include "common/postgres/commit_records.h"

#include <functional>

#include "absl/strings/escaping.h"
#include "common/auth/duties.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"

namespace teraju::postgres {
namespace {

// A transaction that began to write early and then waited for another has the lower number, though
// its change of the resource came second: it takes the place of the other's, so that the feed keeps
// the order of each resource. Such places lie above its own number, so readers below the oldest
// running transaction miss nothing.
constexpr Sql kToOutbox = R"sql(
WITH events AS (
  INSERT INTO outbox (agency_id, xid, resource, type, payload)
  SELECT agency,
    coalesce((SELECT o.xid FROM outbox o
              WHERE o.xid > pg_current_xact_id() AND o.agency_id = e.agency AND o.resource = e.resource
              ORDER BY o.xid DESC LIMIT 1),
             pg_current_xact_id()),
    resource, type, payload
  FROM )sql";
constexpr Sql kToAudit = R"sql(),
records AS (
  INSERT INTO audit_events (agency_id, resource, type, details, on_behalf_of, about, create_time, actor, method)
  SELECT agency, resource, type, details, coalesce(nullif(on_behalf_of, ''), $17), about, $10::timestamptz, $11, $12
  FROM )sql";
constexpr Sql kToRequests = R"sql()
INSERT INTO requests (agency_id, caller, method, request_id, request_hash, response)
SELECT $13, $11, $12, $14::text, $15::bytea, $16::bytea WHERE $14::text IS NOT NULL)sql";

// What nearly every write leaves: one event, one record. The plan of kInsertAll takes longer to
// start.
constexpr Statement kInsertOne{
    "commit_record_insert",
    kSql<kToOutbox +
         "(VALUES ($1::text, $2::text, $3::text, $4::text)) AS e(agency, resource, type, payload)" +
         kToAudit +
         "(VALUES ($5::text, $6::text, $7::text, $8::text, $9::text, $18::text))"
         " AS r(agency, resource, type, details, on_behalf_of, about)" +
         kToRequests>};

// `ordinality` keeps the order of the calls of Emit and Audit. LIMIT takes nothing away: PostgreSQL
// expects ten rows of an array it does not know, so a plan for all calls looked dearer than
// planning each call anew, which took more than the inserts themselves.
constexpr Statement kInsertAll{
    "commit_records_insert",
    kSql<kToOutbox +
         "unnest($1::text[], $2::text[], $3::text[], $4::text[])"
         " WITH ORDINALITY AS e(agency, resource, type, payload, n)"
         " ORDER BY n LIMIT cardinality($1::text[])" +
         kToAudit +
         "unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $18::text[])"
         " WITH ORDINALITY AS r(agency, resource, type, details, on_behalf_of, about, n)"
         " ORDER BY n LIMIT cardinality($5::text[])" +
         kToRequests>};

// Whom a record is about stands in its details too, which its signed leaf covers. Names hold no
// letter that JSON would escape.
std::string DetailsOf(const AuditRecord& record) {
  if (record.about.empty()) return record.details;
  const std::string about = "{\"about\":\"" + record.about + "\"";
  return record.details.empty() ? about + "}" : about + "," + record.details.substr(1);
}

// What was entered since the last decision of this kind, by the index on the resource.
constexpr Statement kEntered{
    "audit_event_entered",
    "SELECT 1 FROM audit_events e WHERE e.agency_id = $1 AND e.resource = $2 "
    "AND e.type = ANY ($3::text[]) "
    "AND (e.actor = ANY ($4::text[]) OR e.on_behalf_of = ANY ($4::text[])) "
    "AND NOT EXISTS (SELECT FROM audit_events d WHERE d.agency_id = $1 AND d.resource = $2 "
    "AND d.type = $5 AND (d.xid, d.event_number) > (e.xid, e.event_number)) LIMIT 1"};

// Who answers for what a call does: who makes it, and in whose name.
std::vector<std::string> Answerable(const CallContext& call) {
  std::vector<std::string> who = {call.actor()};
  if (!call.on_behalf_of().empty()) who.push_back(call.on_behalf_of());
  return who;
}

bool MayCombine(const CallContext& call, const AuditRecord& record) {
  return call.Allowed("duties.combine",
                      {.resource = record.resource, .agency = AgencyId(record.agency)});
}

}  // namespace

absl::Status CheckDuties(Transaction& tx, const std::vector<AuditRecord>& records) {
  const CallContext& call = tx.call();
  for (const AuditRecord& record : records) {
    const std::vector<std::string>& entries = auth::DutyTable::Default().EntriesOf(record.type);
    if (entries.empty() || MayCombine(call, record)) continue;
    if (tx.Exec(kEntered,
                record.agency,
                record.resource,
                ToArray(entries),
                ToArray(Answerable(call)),
                record.type)
            .empty())
      continue;
    return errors::Make(absl::StatusCode::kPermissionDenied,
                        errors::reasons::DUTIES_SEPARATED,
                        "Who has entered something does not decide on it.")
        .With("resource", record.resource);
  }
  return absl::OkStatus();
}

std::optional<Query> CommitRecords(const CallContext& call,
                                   const std::vector<Event>& events,
                                   const std::vector<AuditRecord>& records,
                                   const std::optional<std::string>& response) {
  if (events.empty() && records.empty() && !response.has_value()) return std::nullopt;
  const bool one = events.size() == 1 && records.size() == 1;
  // A parameter of the statement: a value, or an array of one value of each.
  const auto column = [&](const auto& rows, const auto& value) {
    if (one) return std::string(value(rows.front()));
    std::vector<std::string> values;
    for (const auto& row : rows) values.push_back(value(row));
    return ToArray(values);
  };
  std::optional<std::string> request_id;
  if (response.has_value()) request_id = call.request_id();
  return Query{one ? kInsertOne : kInsertAll,
               {column(events, std::mem_fn(&Event::agency)),
                column(events, std::mem_fn(&Event::resource)),
                column(events, std::mem_fn(&Event::type)),
                column(events, std::mem_fn(&Event::payload)),
                column(records, std::mem_fn(&AuditRecord::agency)),
                column(records, std::mem_fn(&AuditRecord::resource)),
                column(records, std::mem_fn(&AuditRecord::type)),
                column(records, DetailsOf),
                column(records, std::mem_fn(&AuditRecord::on_behalf_of)),
                ToText(call.time()),
                std::string(call.actor()),
                std::string(call.method()),
                call.principal().agency.value(),
                request_id,
                "\\x" + absl::BytesToHexString(call.request_hash()),
                "\\x" + absl::BytesToHexString(response.value_or("")),
                std::string(call.on_behalf_of()),
                column(records, std::mem_fn(&AuditRecord::about))}};
}

void WriteEvents(Transaction& tx, const std::vector<Event>& events) {
  const std::optional<Query> query = CommitRecords(tx.call(), events, {}, std::nullopt);
  if (query.has_value())
    tx.Exec(query->statement, pqxx::prepare::make_dynamic_params(query->parameters));
}

}  // namespace teraju::postgres
