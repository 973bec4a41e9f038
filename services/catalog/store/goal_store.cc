#include "services/catalog/store/goal_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/lock_name.h"

namespace teraju::catalog {
namespace {

constexpr postgres::Sql kColumns =
    "goal_id, kind, title, parent_goal_id, unit_path, first_year, last_year, state, create_time,"
    " update_time, version, needs, training_topics";

constexpr postgres::Statement kInsert{
    "goal_insert",
    postgres::kSql<
        "INSERT INTO goals (agency_id, goal_id, kind, title, parent_goal_id, unit_path, first_year,"
        " last_year, create_time, update_time, needs, training_topics)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11)"
        " ON CONFLICT DO NOTHING RETURNING " +
        kColumns>};
constexpr postgres::Statement kSelect{
    "goal_select",
    postgres::kSql<"SELECT " + kColumns + " FROM goals WHERE agency_id = $1 AND goal_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "goal_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM goals WHERE agency_id = $1 AND goal_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "goal_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM goals WHERE agency_id = $1 AND goal_id > $2"
                   " AND ($3 = '' OR parent_goal_id = $3) AND ($4 = '' OR state = $4)"
                   " AND ($5::boolean OR unit_path && $6::text[]) AND ($8 = '' OR $8 = ANY (needs))"
                   " ORDER BY goal_id LIMIT $7">};
constexpr postgres::Statement kUpdate{
    "goal_update",
    postgres::kSql<"UPDATE goals SET kind = $3, title = $4, parent_goal_id = $5, unit_path = $6,"
                   " first_year = $7, last_year = $8, state = $9, update_time = $10, needs = $11,"
                   " training_topics = $12, version = version + 1"
                   " WHERE agency_id = $1 AND goal_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kCascade{
    "goal_cascade",
    "WITH RECURSIVE cascade (goal_id, parent_goal_id, depth) AS ("
    " SELECT goal_id, parent_goal_id, 0 FROM goals WHERE agency_id = $1 AND goal_id = $2"
    " UNION ALL SELECT g.goal_id, g.parent_goal_id, c.depth + 1 FROM cascade c"
    " JOIN goals g ON g.agency_id = $1 AND g.goal_id = c.parent_goal_id"
    ") SELECT goal_id FROM cascade ORDER BY depth"};

v1::Goal ToGoal(const AgencyId& agency, const pqxx::row& row) {
  v1::Goal goal;
  goal.set_name(GoalKey{agency, StrongId<GoalTag>(row[0].as<std::string>())}.Name());
  v1::Goal::Kind kind = v1::Goal::KIND_UNSPECIFIED;
  v1::Goal::Kind_Parse(row[1].as<std::string>(), &kind);
  goal.set_kind(kind);
  goal.set_title(row[2].as<std::string>());
  if (!row[3].is_null()) {
    goal.set_parent_goal(GoalKey{agency, StrongId<GoalTag>(row[3].as<std::string>())}.Name());
  }
  for (std::string& unit : postgres::ToStrings(row[4])) goal.add_unit_path(std::move(unit));
  if (goal.unit_path_size() > 0) goal.set_unit(goal.unit_path(0));
  goal.set_first_year(row[5].as<int>());
  goal.set_last_year(row[6].as<int>());
  v1::Goal::State state = v1::Goal::STATE_UNSPECIFIED;
  v1::Goal::State_Parse(row[7].as<std::string>(), &state);
  goal.set_state(state);
  *goal.mutable_create_time() = postgres::ToTimestamp(row[8]);
  *goal.mutable_update_time() = postgres::ToTimestamp(row[9]);
  goal.set_etag(api::MakeEtag(row[10].as<std::int64_t>()));
  for (std::string& need : postgres::ToStrings(row[11])) goal.add_needs(std::move(need));
  for (std::string& topic : postgres::ToStrings(row[12]))
    goal.add_training_topics(std::move(topic));
  return goal;
}

std::optional<std::string> ParentId(const v1::Goal& goal) {
  if (goal.parent_goal().empty()) return std::nullopt;
  return api::IdOf(goal.parent_goal());
}

std::string ArrayOf(const google::protobuf::RepeatedPtrField<std::string>& values) {
  return postgres::ToArray(std::vector<std::string>(values.begin(), values.end()));
}

}  // namespace

absl::StatusOr<v1::Goal> GoalStore::Insert(const GoalKey& key, const v1::Goal& goal) {
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.id.value(),
                                     v1::Goal::Kind_Name(goal.kind()),
                                     goal.title(),
                                     ParentId(goal),
                                     ArrayOf(goal.unit_path()),
                                     goal.first_year(),
                                     goal.last_year(),
                                     postgres::ToText(tx_.call().time()),
                                     ArrayOf(goal.needs()),
                                     ArrayOf(goal.training_topics()));
  if (rows.empty()) return errors::ResourceExists(key.Name());
  return ToGoal(key.agency, rows[0]);
}

std::optional<v1::Goal> GoalStore::Find(const GoalKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return std::nullopt;
  return ToGoal(key.agency, rows[0]);
}

absl::StatusOr<v1::Goal> GoalStore::Get(const GoalKey& key) const {
  auto goal = Find(key);
  if (!goal) return errors::ResourceNotFound(key.Name());
  return *std::move(goal);
}

absl::StatusOr<std::vector<v1::Goal>> GoalStore::List(const GoalQuery& query) const {
  const std::string state =
      query.state == v1::Goal::STATE_UNSPECIFIED ? "" : v1::Goal::State_Name(query.state);
  std::vector<v1::Goal> goals;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       query.agency.value(),
                                       query.after_id,
                                       query.parent_goal_id,
                                       state,
                                       query.scope.agency,
                                       postgres::ToArray(query.scope.units),
                                       query.limit,
                                       query.need)) {
    goals.push_back(ToGoal(query.agency, row));
  }
  return goals;
}

absl::StatusOr<v1::Goal> GoalStore::Update(const GoalKey& key,
                                           const api::Precondition& precondition,
                                           absl::FunctionRef<absl::Status(v1::Goal&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Goal goal = ToGoal(key.agency, rows[0]);
  RETURN_IF_ERROR(change(goal));
  return ToGoal(key.agency,
                tx_.Exec(kUpdate,
                         key.agency.value(),
                         key.id.value(),
                         v1::Goal::Kind_Name(goal.kind()),
                         goal.title(),
                         ParentId(goal),
                         ArrayOf(goal.unit_path()),
                         goal.first_year(),
                         goal.last_year(),
                         v1::Goal::State_Name(goal.state()),
                         postgres::ToText(tx_.call().time()),
                         ArrayOf(goal.needs()),
                         ArrayOf(goal.training_topics()))[0]);
}

void GoalStore::LockCascade(const AgencyId& agency) {
  postgres::LockName(tx_, "agencies/" + agency.value() + "/goals");
}

std::vector<std::string> GoalStore::Cascade(const GoalKey& key) const {
  std::vector<std::string> names;
  for (const pqxx::row& row : tx_.Exec(kCascade, key.agency.value(), key.id.value())) {
    names.push_back(GoalKey{key.agency, StrongId<GoalTag>(row[0].as<std::string>())}.Name());
  }
  return names;
}

}  // namespace teraju::catalog
