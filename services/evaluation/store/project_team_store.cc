#include "services/evaluation/store/project_team_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"project_team_insert", R"sql(
INSERT INTO project_teams (agency_id, team_id, lead, members, start_date, end_date, body)
VALUES ($1, $2::uuid, $3, $4::text[], $5::date, $6::date, $7)
RETURNING *)sql"};

constexpr postgres::Statement kSelect{
    "project_team_select",
    "SELECT * FROM project_teams WHERE agency_id = $1 AND team_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "project_team_select_for_update",
    "SELECT * FROM project_teams WHERE agency_id = $1 AND team_id = $2::uuid FOR NO KEY UPDATE"};

constexpr postgres::Statement kList{"project_team_list", R"sql(
SELECT * FROM project_teams
WHERE agency_id = $1 AND ($2::uuid IS NULL OR team_id > $2::uuid)
  AND ($4::boolean OR lead = $5 OR members @> ARRAY[$5]::text[])
ORDER BY team_id LIMIT $3)sql"};

constexpr postgres::Statement kListOfPlan{"project_team_list_of_plan", R"sql(
SELECT * FROM project_teams
WHERE agency_id = $1 AND ($2::uuid IS NULL OR team_id > $2::uuid) AND members @> ARRAY[$4]::text[]
  AND start_date <= $6::date AND end_date >= $5::date
ORDER BY team_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"project_team_update", R"sql(
UPDATE project_teams SET members = $3::text[], start_date = $4::date, end_date = $5::date, body = $6,
  version = version + 1
WHERE agency_id = $1 AND team_id = $2::uuid
RETURNING *)sql"};

v1::ProjectTeam ToProjectTeam(const pqxx::row& row) {
  v1::ProjectTeam team;
  team.ParseFromString(postgres::FromBytes(row["body"]));
  team.set_name(kProjectTeamName.Format({row["agency_id"].c_str(), row["team_id"].c_str()}));
  team.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return team;
}

pqxx::binarystring TeamBody(v1::ProjectTeam team) {
  team.clear_name();
  team.clear_etag();
  return postgres::ToBytes(team.SerializeAsString());
}

std::string MemberSubjects(const v1::ProjectTeam& team) {
  std::vector<std::string> subjects;
  for (const v1::TeamMember& member : team.members())
    subjects.push_back(SubjectOf(member.employee()));
  return postgres::ToArray(subjects);
}

}  // namespace

v1::ProjectTeam ProjectTeamStore::Insert(const Key& key, const v1::ProjectTeam& team) {
  return ToProjectTeam(tx_.Exec(kInsert,
                                key.agency,
                                key.id,
                                SubjectOf(team.lead()),
                                MemberSubjects(team),
                                postgres::ToText(team.start_date()),
                                postgres::ToText(team.end_date()),
                                TeamBody(team))
                           .front());
}

std::optional<v1::ProjectTeam> ProjectTeamStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToProjectTeam(rows.front());
}

std::vector<v1::ProjectTeam> ProjectTeamStore::List(const std::string& agency,
                                                    const ProjectTeamQuery& query) const {
  std::vector<v1::ProjectTeam> teams;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       query.agency,
                                       query.caller)) {
    teams.push_back(ToProjectTeam(row));
  }
  return teams;
}

std::vector<v1::ProjectTeam> ProjectTeamStore::ListOfPlan(const v1::WorkPlan& plan,
                                                          const PageQuery& page) const {
  std::vector<v1::ProjectTeam> teams;
  for (const pqxx::row& row : tx_.Exec(kListOfPlan,
                                       std::string(api::AgencyOf(plan.name())),
                                       postgres::NullIfEmpty(page.after),
                                       page.size,
                                       SubjectOf(plan.snapshot().employee()),
                                       postgres::ToText(plan.snapshot().start_date()),
                                       postgres::ToText(plan.snapshot().end_date()))) {
    teams.push_back(ToProjectTeam(row));
  }
  return teams;
}

absl::StatusOr<v1::ProjectTeam> ProjectTeamStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::ProjectTeam&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kProjectTeamName.Format({key.agency, key.id}));
  v1::ProjectTeam team = ToProjectTeam(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), team.name()));
  RETURN_IF_ERROR(change(team));
  return ToProjectTeam(tx_.Exec(kUpdate,
                                key.agency,
                                key.id,
                                MemberSubjects(team),
                                postgres::ToText(team.start_date()),
                                postgres::ToText(team.end_date()),
                                TeamBody(team))
                           .front());
}

}  // namespace teraju::evaluation
