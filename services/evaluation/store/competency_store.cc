#include "services/evaluation/store/competency_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/time/period.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsertAssessment{"competency_insert", R"sql(
INSERT INTO competency_assessments (agency_id, assessment_id, plan_id, cycle_id, employee, appraiser, next_appraiser,
                                    unit_path, start_date, state, body, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8::text[], $9::date, $10, $11, $12::timestamptz)
ON CONFLICT (agency_id, plan_id) WHERE state <> 'CANCELLED' DO NOTHING
RETURNING *)sql"};

constexpr postgres::Sql kOneAssessment =
    "SELECT * FROM competency_assessments WHERE agency_id = $1 AND assessment_id = $2::uuid";
constexpr postgres::Statement kSelectAssessment{"competency_select",
                                                postgres::kSql<kOneAssessment>};
constexpr postgres::Statement kLockAssessment{
    "competency_select_for_update", postgres::kSql<kOneAssessment + " FOR NO KEY UPDATE">};

constexpr postgres::Statement kListAssessments{"competency_list", R"sql(
SELECT * FROM competency_assessments
WHERE agency_id = $1 AND ($2::uuid IS NULL OR assessment_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR next_appraiser = $7 OR unit_path && $8::text[])
  AND $9::text IS NULL AND $10::text IS NULL
  AND ($11::text IS NULL OR employee = $11)
  AND ($12::text IS NULL OR state = $12)
  AND ($13::text IS NULL OR cycle_id = $13)
ORDER BY assessment_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdateAssessment{"competency_update", R"sql(
UPDATE competency_assessments SET state = $3, body = $4, version = version + 1
WHERE agency_id = $1 AND assessment_id = $2::uuid
RETURNING *)sql"};

constexpr postgres::Statement kListFinal{"competency_list_final", R"sql(
SELECT DISTINCT ON (employee) * FROM competency_assessments
WHERE agency_id = $1 AND cycle_id = $2 AND state = 'FINAL'
ORDER BY employee, start_date DESC)sql"};

constexpr postgres::Statement kInsertProfile{"competency_profile_insert", R"sql(
INSERT INTO competency_profiles (agency_id, cycle_id, profile, publish_time) VALUES ($1, $2, $3, $4::timestamptz)
ON CONFLICT DO NOTHING)sql"};

constexpr postgres::Statement kSelectProfile{
    "competency_profile_select",
    "SELECT profile FROM competency_profiles WHERE agency_id = $1 AND cycle_id = $2"};

v1::CompetencyAssessment ToAssessment(const pqxx::row& row) {
  v1::CompetencyAssessment assessment;
  assessment.ParseFromString(postgres::FromBytes(row["body"]));
  assessment.set_name(
      kCompetencyAssessmentName.Format({row["agency_id"].c_str(), row["assessment_id"].c_str()}));
  assessment.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return assessment;
}

pqxx::binarystring AssessmentBody(v1::CompetencyAssessment assessment) {
  assessment.clear_name();
  assessment.clear_etag();
  return postgres::ToBytes(assessment.SerializeAsString());
}

}  // namespace

absl::StatusOr<v1::CompetencyAssessment> CompetencyStore::Insert(
    const Key& key, const v1::CompetencyAssessment& assessment) {
  const v1::Snapshot& snapshot = assessment.snapshot();
  std::vector<std::string> path;
  for (const std::string& unit : snapshot.unit_path()) path.push_back(IdOf(unit));
  ASSIGN_OR_RETURN(const absl::CivilDay start, time::ToCivilDay(snapshot.start_date()));
  const pqxx::result rows = tx_.Exec(kInsertAssessment,
                                     key.agency,
                                     key.id,
                                     IdOf(assessment.work_plan()),
                                     IdOf(assessment.cycle()),
                                     SubjectOf(snapshot.employee()),
                                     SubjectOf(snapshot.appraiser()),
                                     postgres::NullIfEmpty(SubjectOf(snapshot.next_appraiser())),
                                     postgres::ToArray(path),
                                     time::FormatDay(start),
                                     EnumText(assessment.state()),
                                     AssessmentBody(assessment),
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) return errors::ResourceExists(assessment.work_plan());
  return ToAssessment(rows.front());
}

std::optional<v1::CompetencyAssessment> CompetencyStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelectAssessment, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToAssessment(rows.front());
}

std::vector<v1::CompetencyAssessment> CompetencyStore::List(const std::string& agency,
                                                            const CompetencyQuery& query) const {
  std::vector<v1::CompetencyAssessment> assessments;
  for (const pqxx::row& row : ListRows(tx_,
                                       kListAssessments,
                                       agency,
                                       query.page,
                                       ScopeParameters(query.scope, query.caller),
                                       std::nullopt,
                                       postgres::NullIfEmpty(query.employee),
                                       EnumText(query.state),
                                       postgres::NullIfEmpty(query.cycle))) {
    assessments.push_back(ToAssessment(row));
  }
  return assessments;
}

absl::StatusOr<v1::CompetencyAssessment> CompetencyStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::CompetencyAssessment&)> change) {
  const pqxx::result rows = tx_.Exec(kLockAssessment, key.agency, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kCompetencyAssessmentName.Format({key.agency, key.id}));
  v1::CompetencyAssessment assessment = ToAssessment(rows.front());
  RETURN_IF_ERROR(
      precondition.Check(rows.front()["version"].as<std::int64_t>(), assessment.name()));
  RETURN_IF_ERROR(change(assessment));
  return ToAssessment(tx_.Exec(kUpdateAssessment,
                               key.agency,
                               key.id,
                               EnumText(assessment.state()),
                               AssessmentBody(assessment))
                          .front());
}

std::vector<v1::CompetencyAssessment> CompetencyStore::ListFinal(const CycleKey& cycle) const {
  std::vector<v1::CompetencyAssessment> assessments;
  for (const pqxx::row& row : tx_.Exec(kListFinal, cycle.agency, cycle.cycle))
    assessments.push_back(ToAssessment(row));
  return assessments;
}

absl::Status CompetencyStore::InsertProfile(const CycleKey& cycle,
                                            const v1::CompetencyProfile& profile) {
  const pqxx::result rows = tx_.Exec(kInsertProfile,
                                     cycle.agency,
                                     cycle.cycle,
                                     postgres::ToBytes(profile.SerializeAsString()),
                                     postgres::ToText(tx_.call().time()));
  if (rows.affected_rows() == 0) return errors::ResourceExists(profile.name());
  return absl::OkStatus();
}

std::optional<v1::CompetencyProfile> CompetencyStore::FindProfile(const CycleKey& cycle) const {
  const pqxx::result rows = tx_.Exec(kSelectProfile, cycle.agency, cycle.cycle);
  if (rows.empty()) return std::nullopt;
  v1::CompetencyProfile profile;
  profile.ParseFromString(postgres::FromBytes(rows.front()["profile"]));
  return profile;
}

}  // namespace teraju::evaluation
