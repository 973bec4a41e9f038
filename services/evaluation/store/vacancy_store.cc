#include "services/evaluation/store/vacancy_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/evaluation/domain/cycle.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"vacancy_insert", R"sql(
INSERT INTO vacancies (agency_id, vacancy_id, state, body, create_time) VALUES ($1, $2::uuid, $3, $4, $5::timestamptz)
RETURNING *)sql"};

constexpr postgres::Sql kOne =
    "SELECT * FROM vacancies WHERE agency_id = $1 AND vacancy_id = $2::uuid";
constexpr postgres::Statement kSelect{"vacancy_select", postgres::kSql<kOne>};
constexpr postgres::Statement kSelectForUpdate{"vacancy_select_for_update",
                                               postgres::kSql<kOne + " FOR NO KEY UPDATE">};

constexpr postgres::Statement kList{"vacancy_list", R"sql(
SELECT * FROM vacancies
WHERE agency_id = $1 AND ($2::uuid IS NULL OR vacancy_id > $2::uuid) ORDER BY vacancy_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"vacancy_update", R"sql(
UPDATE vacancies SET state = $3, body = $4, version = version + 1
WHERE agency_id = $1 AND vacancy_id = $2::uuid
RETURNING *)sql"};

// $2: years looked at; $3: the predicates that suffice; $4: one person or null. Achievement and
// feedback are those of the last segment of the latest year.
constexpr postgres::Statement kPeople{"vacancy_people", R"sql(
WITH years AS (
  SELECT a.*, c.start_date AS year_start,
         row_number() OVER (PARTITION BY a.employee ORDER BY c.start_date DESC) AS place
  FROM annual_results a JOIN cycles c USING (agency_id, cycle_id)
  WHERE a.agency_id = $1 AND a.period_id = $6 AND a.state = 'FINAL' AND c.kind = 'ANNUAL'
    AND ($4::text IS NULL OR a.employee = $4)),
latest AS (
  SELECT max(c.start_date) AS year_start FROM cycles c
  WHERE c.agency_id = $1 AND c.kind = 'ANNUAL'
    AND EXISTS (SELECT 1 FROM annual_results a
                WHERE a.agency_id = $1 AND a.cycle_id = c.cycle_id AND a.period_id = $6 AND a.state = 'FINAL'))
SELECT y.employee, y.unit_id, y.unit_path, y.position_title, e.mean_achievement, e.feedback_mean, h.cycles, h.predicates
FROM years y JOIN latest l ON y.year_start = l.year_start
JOIN LATERAL (
  SELECT array_agg(o.cycle_id ORDER BY o.place) AS cycles, array_agg(o.predicate ORDER BY o.place) AS predicates,
         count(*) FILTER (WHERE o.predicate = ANY ($3::text[])) AS enough
  FROM years o WHERE o.employee = y.employee AND o.place <= $2) h ON true
LEFT JOIN LATERAL (
  SELECT mean_achievement, feedback_mean FROM evaluations e
  WHERE e.agency_id = $1 AND e.cycle_id = y.cycle_id AND e.period_id = $6 AND e.employee = y.employee
  ORDER BY end_date DESC LIMIT 1) e ON true
WHERE y.place = 1
ORDER BY h.enough DESC, e.mean_achievement DESC NULLS LAST, y.employee
LIMIT $5)sql"};

v1::Vacancy ToVacancy(const pqxx::row& row) {
  v1::Vacancy vacancy;
  vacancy.ParseFromString(postgres::FromBytes(row["body"]));
  vacancy.set_name(kVacancyName.Format({row["agency_id"].c_str(), row["vacancy_id"].c_str()}));
  vacancy.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return vacancy;
}

pqxx::binarystring VacancyBody(v1::Vacancy vacancy) {
  vacancy.clear_name();
  vacancy.clear_etag();
  return postgres::ToBytes(vacancy.SerializeAsString());
}

domain::CandidateFacts ToFacts(const std::string& agency, const pqxx::row& row) {
  domain::CandidateFacts facts;
  facts.employee = PersonName(agency, row["employee"].c_str());
  facts.unit = UnitName(agency, row["unit_id"].c_str());
  for (const std::string& unit : postgres::ToStrings(row["unit_path"]))
    facts.unit_path.push_back(UnitName(agency, unit));
  facts.position_title = row["position_title"].c_str();
  facts.mean_achievement = postgres::EmptyIfNull(row["mean_achievement"]);
  facts.feedback_mean = postgres::EmptyIfNull(row["feedback_mean"]);
  const std::vector<std::string> cycles = postgres::ToStrings(row["cycles"]);
  const std::vector<std::string> predicates = postgres::ToStrings(row["predicates"]);
  for (std::size_t i = 0; i < cycles.size(); ++i) {
    v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
    v1::Predicate_Parse(predicates[i], &predicate);
    facts.years.push_back({cycles[i], predicate});
  }
  return facts;
}

}  // namespace

v1::Vacancy VacancyStore::Insert(const Key& key, const v1::Vacancy& vacancy) {
  return ToVacancy(tx_.Exec(kInsert,
                            key.agency,
                            key.id,
                            EnumText(vacancy.state()),
                            VacancyBody(vacancy),
                            postgres::ToText(tx_.call().time()))
                       .front());
}

std::optional<v1::Vacancy> VacancyStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToVacancy(rows.front());
}

std::vector<v1::Vacancy> VacancyStore::List(const std::string& agency,
                                            const PageQuery& page) const {
  std::vector<v1::Vacancy> vacancies;
  for (const pqxx::row& row :
       tx_.Exec(kList, agency, postgres::NullIfEmpty(page.after), page.size)) {
    vacancies.push_back(ToVacancy(row));
  }
  return vacancies;
}

absl::StatusOr<v1::Vacancy> VacancyStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Vacancy&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kVacancyName.Format({key.agency, key.id}));
  v1::Vacancy vacancy = ToVacancy(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), vacancy.name()));
  RETURN_IF_ERROR(change(vacancy));
  return ToVacancy(
      tx_.Exec(kUpdate, key.agency, key.id, EnumText(vacancy.state()), VacancyBody(vacancy))
          .front());
}

std::vector<domain::CandidateFacts> VacancyStore::FindPeople(const std::string& agency,
                                                             const v1::Vacancy& vacancy,
                                                             const std::string& employee,
                                                             int size) const {
  std::vector<std::string> enough;
  for (int predicate = v1::VERY_GOOD; predicate <= vacancy.minimum_predicate(); ++predicate)
    enough.push_back(v1::Predicate_Name(static_cast<v1::Predicate>(predicate)));
  std::vector<domain::CandidateFacts> people;
  for (const pqxx::row& row : tx_.Exec(kPeople,
                                       agency,
                                       vacancy.years(),
                                       postgres::ToArray(enough),
                                       postgres::NullIfEmpty(employee),
                                       size,
                                       std::string(domain::kYear))) {
    people.push_back(ToFacts(agency, row));
  }
  return people;
}

}  // namespace teraju::evaluation
