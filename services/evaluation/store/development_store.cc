#include "services/evaluation/store/development_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"development_insert", R"sql(
INSERT INTO development_programmes (agency_id, programme_id, annual_result_id, employee, appraiser, next_appraiser,
                                    unit_path, state, body, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7::text[], $8, $9, $10::timestamptz)
ON CONFLICT (agency_id, annual_result_id) WHERE state <> 'CANCELLED' DO NOTHING
RETURNING *)sql"};

constexpr postgres::Sql kOne =
    "SELECT * FROM development_programmes WHERE agency_id = $1 AND programme_id = $2::uuid";
constexpr postgres::Statement kSelect{"development_select", postgres::kSql<kOne>};
constexpr postgres::Statement kSelectForUpdate{"development_select_for_update",
                                               postgres::kSql<kOne + " FOR NO KEY UPDATE">};

constexpr postgres::Statement kList{"development_list", R"sql(
SELECT * FROM development_programmes
WHERE agency_id = $1 AND ($2::uuid IS NULL OR programme_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR next_appraiser = $7 OR unit_path && $8::text[])
  AND $9::text IS NULL AND $10::text IS NULL
  AND ($11::text IS NULL OR employee = $11)
  AND ($12::text IS NULL OR state = $12)
ORDER BY programme_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"development_update", R"sql(
UPDATE development_programmes SET state = $3, body = $4, version = version + 1
WHERE agency_id = $1 AND programme_id = $2::uuid
RETURNING *)sql"};

v1::DevelopmentProgramme ToProgramme(const pqxx::row& row) {
  v1::DevelopmentProgramme programme;
  programme.ParseFromString(postgres::FromBytes(row["body"]));
  programme.set_name(
      kDevelopmentProgrammeName.Format({row["agency_id"].c_str(), row["programme_id"].c_str()}));
  programme.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return programme;
}

pqxx::binarystring ProgrammeBody(v1::DevelopmentProgramme programme) {
  programme.clear_name();
  programme.clear_etag();
  return postgres::ToBytes(programme.SerializeAsString());
}

}  // namespace

absl::StatusOr<v1::DevelopmentProgramme> DevelopmentStore::Insert(
    const Key& key, const v1::DevelopmentProgramme& programme) {
  const v1::Snapshot& snapshot = programme.snapshot();
  std::vector<std::string> path;
  for (const std::string& unit : snapshot.unit_path()) path.push_back(IdOf(unit));
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency,
                                     key.id,
                                     IdOf(programme.annual_result()),
                                     SubjectOf(snapshot.employee()),
                                     SubjectOf(snapshot.appraiser()),
                                     postgres::NullIfEmpty(SubjectOf(snapshot.next_appraiser())),
                                     postgres::ToArray(path),
                                     EnumText(programme.state()),
                                     ProgrammeBody(programme),
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) return errors::ResourceExists(programme.annual_result());
  return ToProgramme(rows.front());
}

std::optional<v1::DevelopmentProgramme> DevelopmentStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToProgramme(rows.front());
}

std::vector<v1::DevelopmentProgramme> DevelopmentStore::List(const std::string& agency,
                                                             const ProgrammeQuery& query) const {
  std::vector<v1::DevelopmentProgramme> programmes;
  for (const pqxx::row& row : ListRows(tx_,
                                       kList,
                                       agency,
                                       query.page,
                                       ScopeParameters(query.scope, query.caller),
                                       std::nullopt,
                                       postgres::NullIfEmpty(query.employee),
                                       EnumText(query.state))) {
    programmes.push_back(ToProgramme(row));
  }
  return programmes;
}

absl::StatusOr<v1::DevelopmentProgramme> DevelopmentStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::DevelopmentProgramme&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kDevelopmentProgrammeName.Format({key.agency, key.id}));
  v1::DevelopmentProgramme programme = ToProgramme(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), programme.name()));
  RETURN_IF_ERROR(change(programme));
  return ToProgramme(
      tx_.Exec(kUpdate, key.agency, key.id, EnumText(programme.state()), ProgrammeBody(programme))
          .front());
}

}  // namespace teraju::evaluation
