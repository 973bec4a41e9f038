#include "services/evaluation/store/cycle_store.h"

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"cycle_insert", R"sql(
WITH cycle AS (
  INSERT INTO cycles (agency_id, cycle_id, display_name, kind, period_kind, start_date, end_date,
                      unit_results_each_period, state, create_time, update_time, local_pack_id,
                      local_pack_revision, public_threshold)
  VALUES ($1, $2, $3, $4, $5, $6::date, $7::date, $8, $9, $10::timestamptz, $10::timestamptz, $14, $15::integer, $16)
  ON CONFLICT DO NOTHING RETURNING agency_id, cycle_id)
INSERT INTO periods (agency_id, cycle_id, period_id, start_date, end_date, state)
SELECT agency_id, cycle_id, p.period_id, p.start_date, p.end_date, 'OPEN'
FROM cycle, unnest($11::text[], $12::date[], $13::date[]) AS p(period_id, start_date, end_date))sql"};

// One row per period, the year first, then in order of time.
constexpr postgres::Statement kSelect{"cycle_select", R"sql(
SELECT c.*, p.period_id, p.start_date AS period_start, p.end_date AS period_end, p.state AS period_state
FROM cycles c JOIN periods p USING (agency_id, cycle_id)
WHERE agency_id = $1 AND cycle_id = $2
ORDER BY p.start_date, p.end_date DESC)sql"};

constexpr postgres::Statement kSelectForUpdate{"cycle_select_for_update", R"sql(
SELECT c.*, p.period_id, p.start_date AS period_start, p.end_date AS period_end, p.state AS period_state
FROM cycles c JOIN periods p USING (agency_id, cycle_id)
WHERE agency_id = $1 AND cycle_id = $2
ORDER BY p.start_date, p.end_date DESC
FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kList{"cycle_list", R"sql(
SELECT c.*, p.period_id, p.start_date AS period_start, p.end_date AS period_end, p.state AS period_state
FROM (SELECT * FROM cycles WHERE agency_id = $1 AND cycle_id > $2 ORDER BY cycle_id LIMIT $3) c
JOIN periods p USING (agency_id, cycle_id)
ORDER BY c.cycle_id, p.start_date, p.end_date DESC)sql"};

constexpr postgres::Statement kUpdate{"cycle_update", R"sql(
WITH states AS (
  UPDATE periods p SET state = s.state
  FROM unnest($3::text[], $4::text[]) AS s(period_id, state)
  WHERE p.agency_id = $1 AND p.cycle_id = $2 AND p.period_id = s.period_id AND p.state <> s.state)
UPDATE cycles SET state = $5, version = version + 1, update_time = $6::timestamptz
WHERE agency_id = $1 AND cycle_id = $2
RETURNING version, update_time)sql"};

v1::Cycle ToCycle(const pqxx::row& row) {
  const CycleKey key{row["agency_id"].c_str(), row["cycle_id"].c_str()};
  v1::Cycle cycle;
  cycle.set_name(key.ToName());
  cycle.set_display_name(row["display_name"].c_str());
  cycle.set_kind(ReadEnum<v1::Cycle::Kind>(row["kind"]));
  cycle.set_period_kind(ReadEnum<v1::Cycle::PeriodKind>(row["period_kind"]));
  *cycle.mutable_start_date() = postgres::ToDate(row["start_date"]);
  *cycle.mutable_end_date() = postgres::ToDate(row["end_date"]);
  cycle.set_unit_results_each_period(row["unit_results_each_period"].as<bool>());
  cycle.set_state(ReadEnum<v1::Cycle::State>(row["state"]));
  *cycle.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *cycle.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  cycle.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  cycle.set_public_threshold(row["public_threshold"].as<int>());
  if (!row["local_pack_id"].is_null()) {
    cycle.set_local_pack(
        PackKey{key.agency, row["local_pack_id"].c_str(), row["local_pack_revision"].as<int>()}
            .ToName());
  }
  return cycle;
}

void AddPeriod(v1::Cycle& cycle, const pqxx::row& row) {
  v1::Period& period = *cycle.add_periods();
  period.set_name(absl::StrCat(cycle.name(), "/periods/", row["period_id"].c_str()));
  *period.mutable_start_date() = postgres::ToDate(row["period_start"]);
  *period.mutable_end_date() = postgres::ToDate(row["period_end"]);
  period.set_state(ReadEnum<v1::Period::State>(row["period_state"]));
}

std::vector<v1::Cycle> Fold(const pqxx::result& rows) {
  std::vector<v1::Cycle> cycles;
  std::string current;
  for (const pqxx::row& row : rows) {
    if (cycles.empty() || current != row["cycle_id"].c_str()) {
      current = row["cycle_id"].c_str();
      cycles.push_back(ToCycle(row));
    }
    AddPeriod(cycles.back(), row);
  }
  return cycles;
}

}  // namespace

absl::StatusOr<v1::Cycle> CycleStore::Insert(const CycleKey& key, const v1::Cycle& cycle) {
  std::vector<std::string> ids, starts, ends;
  for (const v1::Period& period : cycle.periods()) {
    ids.push_back(IdOf(period.name()));
    starts.push_back(*postgres::ToText(period.start_date()));
    ends.push_back(*postgres::ToText(period.end_date()));
  }
  std::optional<std::string> pack;
  std::optional<int> revision;
  if (!cycle.local_pack().empty()) {
    ASSIGN_OR_RETURN(const PackKey local, ParsePackRevision(cycle.local_pack(), "cycle.localPack"));
    pack = local.pack;
    revision = local.revision;
  }
  const pqxx::result inserted = tx_.Exec(kInsert,
                                         key.agency,
                                         key.cycle,
                                         cycle.display_name(),
                                         EnumText(cycle.kind()),
                                         EnumText(cycle.period_kind()),
                                         postgres::ToText(cycle.start_date()),
                                         postgres::ToText(cycle.end_date()),
                                         cycle.unit_results_each_period(),
                                         EnumText(cycle.state()),
                                         postgres::ToText(tx_.call().time()),
                                         postgres::ToArray(ids),
                                         postgres::ToArray(starts),
                                         postgres::ToArray(ends),
                                         pack,
                                         revision,
                                         cycle.public_threshold());
  if (inserted.affected_rows() == 0) return errors::ResourceExists(key.ToName());
  return Get(key);
}

absl::StatusOr<v1::Cycle> CycleStore::Get(const CycleKey& key) const {
  std::vector<v1::Cycle> found = Fold(tx_.Exec(kSelect, key.agency, key.cycle));
  if (found.empty()) return errors::ResourceNotFound(key.ToName());
  return std::move(found.front());
}

std::vector<v1::Cycle> CycleStore::List(const std::string& agency, const PageQuery& page) const {
  return Fold(tx_.Exec(kList, agency, page.after, page.size));
}

absl::StatusOr<v1::Cycle> CycleStore::Update(const CycleKey& key,
                                             const api::Precondition& precondition,
                                             absl::FunctionRef<absl::Status(v1::Cycle&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.cycle);
  if (rows.empty()) return errors::ResourceNotFound(key.ToName());
  v1::Cycle cycle = Fold(rows).front();
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), cycle.name()));
  RETURN_IF_ERROR(change(cycle));
  std::vector<std::string> ids, states;
  for (const v1::Period& period : cycle.periods()) {
    ids.push_back(IdOf(period.name()));
    states.push_back(EnumText(period.state()).value_or(""));
  }
  const pqxx::row stored = tx_.Exec(kUpdate,
                                    key.agency,
                                    key.cycle,
                                    postgres::ToArray(ids),
                                    postgres::ToArray(states),
                                    EnumText(cycle.state()),
                                    postgres::ToText(tx_.call().time()))
                               .front();
  *cycle.mutable_update_time() = postgres::ToTimestamp(stored["update_time"]);
  cycle.set_etag(api::MakeEtag(stored["version"].as<std::int64_t>()));
  return cycle;
}

v1::Period* FindPeriod(v1::Cycle& cycle, std::string_view period_id) {
  for (v1::Period& period : *cycle.mutable_periods()) {
    if (IdOf(period.name()) == period_id) return &period;
  }
  return nullptr;
}

}  // namespace teraju::evaluation
