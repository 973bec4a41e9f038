#include "services/catalog/store/indicator_store.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

constexpr postgres::Sql kColumns =
    "i.indicator_id, r.title, r.goal_id, r.unit_path, r.unit_of_measure, r.polarity, r.baseline,"
    " r.target, r.data_source, i.state, i.revision, i.create_time, i.update_time, i.version,"
    " r.revision AS content_revision, r.publish_time IS NULL AS draft";
constexpr postgres::Sql kFrom =
    " FROM indicators i JOIN indicator_revisions r"
    " ON r.agency_id = i.agency_id AND r.indicator_id = i.indicator_id";

constexpr postgres::Statement kInsert{
    "indicator_insert",
    "INSERT INTO indicators (agency_id, indicator_id, create_time, update_time)"
    " VALUES ($1, $2, $3, $3) ON CONFLICT DO NOTHING"};
constexpr postgres::Statement kSelect{
    "indicator_select",
    postgres::kSql<"SELECT " + kColumns + kFrom +
                   " AND r.revision = greatest(i.revision, 1)"
                   " WHERE i.agency_id = $1 AND i.indicator_id = $2">};
constexpr postgres::Statement kSelectRevision{
    "indicator_select_revision",
    postgres::kSql<"SELECT " + kColumns + kFrom +
                   " WHERE i.agency_id = $1 AND i.indicator_id = $2 AND r.revision = $3"
                   " AND r.publish_time IS NOT NULL">};
constexpr postgres::Statement kSelectDraft{
    "indicator_select_draft",
    postgres::kSql<"SELECT " + kColumns + kFrom +
                   " WHERE i.agency_id = $1 AND i.indicator_id = $2 AND r.publish_time IS NULL">};
// The newest content: the draft, else what is published.
constexpr postgres::Statement kSelectForUpdate{
    "indicator_select_for_update",
    postgres::kSql<"SELECT " + kColumns + kFrom +
                   " WHERE i.agency_id = $1 AND i.indicator_id = $2"
                   " ORDER BY r.revision DESC LIMIT 1 FOR UPDATE OF i">};
constexpr postgres::Statement kList{
    "indicator_list",
    postgres::kSql<"SELECT " + kColumns + kFrom +
                   " AND r.revision = greatest(i.revision, 1)"
                   " WHERE i.agency_id = $1 AND i.indicator_id > $2"
                   " AND ($3 = '' OR r.goal_id = $3) AND ($4 = '' OR r.unit_path[1] = $4)"
                   " AND ($5 = '' OR i.state = $5)"
                   " AND ($6::boolean OR r.unit_path && $7::text[])"
                   " ORDER BY i.indicator_id LIMIT $8">};
constexpr postgres::Statement kTitles{
    "indicator_titles",
    "SELECT i.indicator_id, r.title FROM indicators i JOIN indicator_revisions r"
    " ON r.agency_id = i.agency_id AND r.indicator_id = i.indicator_id"
    " AND r.revision = greatest(i.revision, 1)"
    " WHERE i.agency_id = $1 AND i.state <> 'RETIRED' ORDER BY i.indicator_id"};
constexpr postgres::Statement kTouch{
    "indicator_touch",
    "UPDATE indicators SET state = $3, revision = $4, update_time = $5, version = version + 1"
    " WHERE agency_id = $1 AND indicator_id = $2"};
// Never touches a published revision.
constexpr postgres::Statement kUpsertDraft{
    "indicator_upsert_draft",
    "INSERT INTO indicator_revisions (agency_id, indicator_id, revision, title, goal_id, unit_path,"
    " unit_of_measure, polarity, baseline, target, data_source)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (agency_id, indicator_id, revision) DO UPDATE SET title = excluded.title,"
    " goal_id = excluded.goal_id, unit_path = excluded.unit_path,"
    " unit_of_measure = excluded.unit_of_measure, polarity = excluded.polarity,"
    " baseline = excluded.baseline, target = excluded.target, data_source = excluded.data_source"
    " WHERE indicator_revisions.publish_time IS NULL"};
constexpr postgres::Statement kPublishDraft{
    "indicator_publish_draft",
    "UPDATE indicator_revisions SET publish_time = $3"
    " WHERE agency_id = $1 AND indicator_id = $2 AND publish_time IS NULL"};

v1::Indicator ToIndicator(const AgencyId& agency, const pqxx::row& row) {
  v1::Indicator indicator;
  indicator.set_name(IndicatorKey{agency, StrongId<IndicatorTag>(row[0].as<std::string>())}.Name());
  indicator.set_title(row[1].as<std::string>());
  indicator.set_goal(GoalKey{agency, StrongId<GoalTag>(row[2].as<std::string>())}.Name());
  for (std::string& unit : postgres::ToStrings(row[3])) indicator.add_unit_path(std::move(unit));
  if (indicator.unit_path_size() > 0) indicator.set_unit(indicator.unit_path(0));
  indicator.set_unit_of_measure(row[4].as<std::string>());
  v1::Indicator::Polarity polarity = v1::Indicator::POLARITY_UNSPECIFIED;
  v1::Indicator::Polarity_Parse(row[5].as<std::string>(), &polarity);
  indicator.set_polarity(polarity);
  if (!row[6].is_null()) *indicator.mutable_baseline() = postgres::ToDecimal(row[6]);
  *indicator.mutable_target() = postgres::ToDecimal(row[7]);
  indicator.set_data_source(row[8].as<std::string>());
  // A draft beside a published revision is shown as the draft that it is.
  v1::Indicator::State state = v1::Indicator::STATE_UNSPECIFIED;
  v1::Indicator::State_Parse(row[9].as<std::string>(), &state);
  const bool draft = row["draft"].as<bool>();
  indicator.set_state(draft && state == v1::Indicator::PUBLISHED ? v1::Indicator::DRAFT : state);
  indicator.set_revision(draft ? row[10].as<int>() : row["content_revision"].as<int>());
  *indicator.mutable_create_time() = postgres::ToTimestamp(row[11]);
  *indicator.mutable_update_time() = postgres::ToTimestamp(row[12]);
  indicator.set_etag(api::MakeEtag(row[13].as<std::int64_t>()));
  return indicator;
}

void StoreDraft(postgres::Transaction& tx,
                const IndicatorKey& key,
                int revision,
                const v1::Indicator& indicator) {
  tx.Exec(kUpsertDraft,
          key.agency.value(),
          key.id.value(),
          revision,
          indicator.title(),
          api::IdOf(indicator.goal()),
          postgres::ToArray(
              std::vector<std::string>(indicator.unit_path().begin(), indicator.unit_path().end())),
          indicator.unit_of_measure(),
          v1::Indicator::Polarity_Name(indicator.polarity()),
          postgres::ToText(indicator.baseline()),
          postgres::ToText(indicator.target()),
          indicator.data_source());
}

}  // namespace

absl::StatusOr<v1::Indicator> IndicatorStore::Insert(const IndicatorKey& key,
                                                     const v1::Indicator& indicator) {
  const pqxx::result inserted =
      tx_.Exec(kInsert, key.agency.value(), key.id.value(), postgres::ToText(tx_.call().time()));
  if (inserted.affected_rows() == 0) return errors::ResourceExists(key.Name());
  StoreDraft(tx_, key, 1, indicator);
  return Get(key);
}

absl::StatusOr<v1::Indicator> IndicatorStore::Get(const IndicatorKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToIndicator(key.agency, rows[0]);
}

absl::StatusOr<v1::Indicator> IndicatorStore::GetRevision(const IndicatorKey& key,
                                                          int revision) const {
  const pqxx::result rows = tx_.Exec(kSelectRevision, key.agency.value(), key.id.value(), revision);
  if (rows.empty()) {
    return errors::ResourceNotFound(key.Name() + "/revisions/" + std::to_string(revision));
  }
  return ToIndicator(key.agency, rows[0]);
}

absl::StatusOr<v1::Indicator> IndicatorStore::GetDraft(const IndicatorKey& key) const {
  RETURN_IF_ERROR(Get(key).status());
  const pqxx::result rows = tx_.Exec(kSelectDraft, key.agency.value(), key.id.value());
  if (rows.empty()) {
    return errors::FailedPrecondition(v1::DRAFT_MISSING, "There is no draft.")
        .With("indicator", key.Name());
  }
  return ToIndicator(key.agency, rows[0]);
}

std::vector<std::pair<std::string, std::string>> IndicatorStore::Titles(
    const AgencyId& agency) const {
  std::vector<std::pair<std::string, std::string>> titles;
  for (const pqxx::row& row : tx_.Exec(kTitles, agency.value())) {
    titles.emplace_back("agencies/" + agency.value() + "/indicators/" + row["indicator_id"].c_str(),
                        row["title"].c_str());
  }
  return titles;
}

absl::StatusOr<std::vector<v1::Indicator>> IndicatorStore::List(const IndicatorQuery& query) const {
  const std::string state =
      query.state == v1::Indicator::STATE_UNSPECIFIED ? "" : v1::Indicator::State_Name(query.state);
  std::vector<v1::Indicator> indicators;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       query.agency.value(),
                                       query.after_id,
                                       query.goal_id,
                                       query.unit,
                                       state,
                                       query.scope.agency,
                                       postgres::ToArray(query.scope.units),
                                       query.limit)) {
    indicators.push_back(ToIndicator(query.agency, row));
  }
  return indicators;
}

absl::StatusOr<v1::Indicator> IndicatorStore::UpdateDraft(
    const IndicatorKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Indicator&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Indicator draft = ToIndicator(key.agency, rows[0]);
  RETURN_IF_ERROR(change(draft));
  const int published = rows[0]["revision"].as<int>();
  StoreDraft(tx_, key, published + 1, draft);
  tx_.Exec(kTouch,
           key.agency.value(),
           key.id.value(),
           rows[0]["state"].as<std::string>(),
           published,
           postgres::ToText(tx_.call().time()));
  return GetDraft(key);
}

absl::StatusOr<v1::Indicator> IndicatorStore::Publish(
    const IndicatorKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Indicator&)> publish) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Indicator draft = ToIndicator(key.agency, rows[0]);
  if (!rows[0]["draft"].as<bool>()) return draft;
  RETURN_IF_ERROR(publish(draft));
  const std::string now = postgres::ToText(tx_.call().time());
  tx_.Exec(kPublishDraft, key.agency.value(), key.id.value(), now);
  tx_.Exec(kTouch,
           key.agency.value(),
           key.id.value(),
           v1::Indicator::State_Name(draft.state()),
           draft.revision(),
           now);
  return Get(key);
}

}  // namespace teraju::catalog
