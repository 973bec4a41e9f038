#include "services/catalog/store/competency_store.h"

#include "common/api/etag.h"
#include "common/errors/error.h"
#include "common/postgres/codec.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

constexpr postgres::Sql kColumns = "competency_id, kind, title, levels, create_time, version";
constexpr postgres::Statement kInsert{
    "competency_insert",
    postgres::kSql<
        "INSERT INTO competencies (agency_id, competency_id, kind, title, levels, create_time)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING " +
        kColumns>};
constexpr postgres::Statement kSelect{
    "competency_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM competencies WHERE agency_id = $1 AND competency_id = $2">};
constexpr postgres::Statement kList{
    "competency_list",
    postgres::kSql<
        "SELECT " + kColumns +
        " FROM competencies WHERE agency_id = $1 AND position > coalesce((SELECT position"
        " FROM competencies WHERE agency_id = $1 AND competency_id = $2), 0)"
        " ORDER BY position LIMIT $3">};
constexpr postgres::Statement kInsertStandard{"competency_standard_insert", R"sql(
INSERT INTO competency_standards (agency_id, standard_id, job_family, create_time, match_bands, counts_above)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING create_time, version)sql"};
// Inserts nothing for a competency that does not exist.
constexpr postgres::Statement kInsertLevel{
    "competency_standard_insert_level",
    "INSERT INTO competency_standard_levels (agency_id, standard_id, position, competency_id,"
    " level) SELECT agency_id, $2, $3, competency_id, $5 FROM competencies"
    " WHERE agency_id = $1 AND competency_id = $4 FOR KEY SHARE"};
constexpr postgres::Statement kListStandards{
    "competency_standard_list",
    "SELECT s.standard_id, s.job_family, s.create_time, s.version,"
    " array_agg(l.competency_id ORDER BY l.position), array_agg(l.level ORDER BY l.position),"
    " s.match_bands, s.counts_above"
    " FROM competency_standards s JOIN competency_standard_levels l"
    " ON l.agency_id = s.agency_id AND l.standard_id = s.standard_id"
    " WHERE s.agency_id = $1 AND s.standard_id > $2"
    " GROUP BY s.agency_id, s.standard_id ORDER BY s.standard_id LIMIT $3"};

v1::Competency ToCompetency(const AgencyId& agency, const pqxx::row& row) {
  v1::Competency competency;
  competency.set_name(
      CompetencyKey{agency, StrongId<CompetencyTag>(row[0].as<std::string>())}.Name());
  v1::Competency::Kind kind = v1::Competency::KIND_UNSPECIFIED;
  v1::Competency::Kind_Parse(row[1].as<std::string>(), &kind);
  competency.set_kind(kind);
  competency.set_title(row[2].as<std::string>());
  for (std::string& level : postgres::ToStrings(row[3])) competency.add_levels(std::move(level));
  *competency.mutable_create_time() = postgres::ToTimestamp(row[4]);
  competency.set_etag(api::MakeEtag(row[5].as<std::int64_t>()));
  return competency;
}

v1::MatchRule ToRule(const std::string& bands, bool counts_above) {
  v1::MatchRule rule;
  v1::MatchRule::Bands parsed = v1::MatchRule::GENERAL;
  v1::MatchRule::Bands_Parse(bands, &parsed);
  rule.set_bands(parsed);
  rule.set_counts_above(counts_above);
  return rule;
}

v1::CompetencyStandard ToStandard(const AgencyId& agency, const pqxx::row& row) {
  v1::CompetencyStandard standard;
  standard.set_name(StandardKey{agency, StrongId<StandardTag>(row[0].as<std::string>())}.Name());
  standard.set_job_family(row[1].as<std::string>());
  *standard.mutable_create_time() = postgres::ToTimestamp(row[2]);
  standard.set_etag(api::MakeEtag(row[3].as<std::int64_t>()));
  const std::vector<std::string> competencies = postgres::ToStrings(row[4]);
  const std::vector<std::string> levels = postgres::ToStrings(row[5]);
  for (std::size_t i = 0; i < competencies.size(); ++i) {
    v1::RequiredLevel& required = *standard.add_required_levels();
    required.set_competency(CompetencyKey{agency, StrongId<CompetencyTag>(competencies[i])}.Name());
    required.set_level(std::stoi(levels[i]));
  }
  *standard.mutable_match_rule() = ToRule(row[6].as<std::string>(), row[7].as<bool>());
  return standard;
}

}  // namespace

absl::StatusOr<v1::Competency> CompetencyStore::Insert(const CompetencyKey& key,
                                                       const v1::Competency& competency) {
  const std::vector<std::string> levels(competency.levels().begin(), competency.levels().end());
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.id.value(),
                                     v1::Competency::Kind_Name(competency.kind()),
                                     competency.title(),
                                     postgres::ToArray(levels),
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) return errors::ResourceExists(key.Name());
  return ToCompetency(key.agency, rows[0]);
}

absl::StatusOr<v1::Competency> CompetencyStore::Get(const CompetencyKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToCompetency(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Competency>> CompetencyStore::List(const AgencyId& agency,
                                                                  const std::string& after_id,
                                                                  int limit) const {
  std::vector<v1::Competency> competencies;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after_id, limit)) {
    competencies.push_back(ToCompetency(agency, row));
  }
  return competencies;
}

absl::StatusOr<v1::CompetencyStandard> CompetencyStore::InsertStandard(
    const StandardKey& key, const v1::CompetencyStandard& standard) {
  const std::string now = postgres::ToText(tx_.call().time());
  const v1::MatchRule& rule = standard.match_rule();
  const std::string bands = v1::MatchRule::Bands_Name(
      rule.bands() == v1::MatchRule::BANDS_UNSPECIFIED ? v1::MatchRule::GENERAL : rule.bands());
  const pqxx::result rows = tx_.Exec(kInsertStandard,
                                     key.agency.value(),
                                     key.id.value(),
                                     standard.job_family(),
                                     now,
                                     bands,
                                     rule.counts_above());
  if (rows.empty()) return errors::ResourceExists(key.Name());
  int position = 0;
  for (const v1::RequiredLevel& required : standard.required_levels()) {
    const pqxx::result level = tx_.Exec(kInsertLevel,
                                        key.agency.value(),
                                        key.id.value(),
                                        ++position,
                                        api::IdOf(required.competency()),
                                        required.level());
    if (level.affected_rows() == 0) {
      return errors::FailedPrecondition(v1::COMPETENCY_UNKNOWN, "No such competency.")
          .With("competency", required.competency());
    }
  }
  v1::CompetencyStandard stored = standard;
  stored.set_name(key.Name());
  *stored.mutable_create_time() = postgres::ToTimestamp(rows[0][0]);
  stored.set_etag(api::MakeEtag(rows[0][1].as<std::int64_t>()));
  *stored.mutable_match_rule() = ToRule(bands, rule.counts_above());
  return stored;
}

absl::StatusOr<std::vector<v1::CompetencyStandard>> CompetencyStore::ListStandards(
    const AgencyId& agency, const std::string& after_id, int limit) const {
  std::vector<v1::CompetencyStandard> standards;
  for (const pqxx::row& row : tx_.Exec(kListStandards, agency.value(), after_id, limit)) {
    standards.push_back(ToStandard(agency, row));
  }
  return standards;
}

}  // namespace teraju::catalog
