#include "services/feedback/store/survey_store.h"

#include <map>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/store/bulk.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kInsert{
    "survey_insert",
    "INSERT INTO citizen_surveys (agency_id, survey_id, display_name, questionnaire_id, end_time,"
    " element_weight, state, create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr postgres::Statement kInsertUnits{
    "survey_insert_units",
    "INSERT INTO survey_units (agency_id, survey_id, unit, unit_path, position, population,"
    " sample_size) SELECT $1, $2, unit, string_to_array(unit_path, ' '), position, population,"
    " sample_size FROM unnest($3::text[], $4::text[], $5::integer[], $6::integer[])"
    " WITH ORDINALITY AS u (unit, unit_path, population, sample_size, position)"};
constexpr postgres::Statement kSelect{
    "survey_select", "SELECT * FROM citizen_surveys WHERE agency_id = $1 AND survey_id = $2"};
constexpr postgres::Statement kSelectForShare{
    "survey_select_for_share",
    "SELECT * FROM citizen_surveys WHERE agency_id = $1 AND survey_id = $2 FOR SHARE"};
constexpr postgres::Statement kSelectForUpdate{
    "survey_select_for_update",
    "SELECT * FROM citizen_surveys WHERE agency_id = $1 AND survey_id = $2 FOR UPDATE"};
constexpr postgres::Statement kList{
    "survey_list",
    "SELECT * FROM citizen_surveys WHERE agency_id = $1 AND survey_id > $2"
    " ORDER BY survey_id LIMIT $3"};
constexpr postgres::Statement kListUnits{
    "survey_list_units",
    "SELECT * FROM survey_units WHERE agency_id = $1 AND survey_id = ANY ($2::text[])"
    " ORDER BY survey_id, position"};
constexpr postgres::Statement kFindUnitPath{
    "survey_find_unit_path",
    "SELECT unit_path FROM survey_units WHERE agency_id = $1 AND survey_id = $2 AND unit = $3"};
constexpr postgres::Statement kUpdate{
    "survey_update",
    "UPDATE citizen_surveys SET state = $3, close_time = $4, overall = decode($5, 'hex'),"
    " version = version + 1"
    " WHERE agency_id = $1 AND survey_id = $2"};
constexpr postgres::Statement kInsertResults{
    "survey_insert_results",
    "INSERT INTO survey_results (agency_id, survey_id, result_id, unit, result)"
    " SELECT $1, $2, gen_random_uuid()::text, unit, decode(result, 'hex')"
    " FROM unnest($3::text[], $4::text[]) AS r (unit, result)"};
constexpr postgres::Statement kListResults{
    "survey_list_results",
    "SELECT r.result_id, r.unit, r.result, s.close_time FROM survey_results r"
    " JOIN citizen_surveys s USING (agency_id, survey_id)"
    " WHERE r.agency_id = $1 AND r.survey_id = $2 AND r.result_id > $3"
    " ORDER BY r.result_id LIMIT $4"};

constexpr postgres::Statement kInsertScreenings{
    "survey_insert_screenings",
    "UPDATE survey_results r SET screening = decode(s.screening, 'hex')"
    " FROM unnest($3::text[], $4::text[]) AS s (unit, screening)"
    " WHERE r.agency_id = $1 AND r.survey_id = $2 AND r.unit = s.unit"};
constexpr postgres::Statement kListScreenings{
    "survey_list_screenings",
    "SELECT screening FROM survey_results WHERE agency_id = $1 AND survey_id = $2 AND unit > $3"
    " AND length(screening) > 0 ORDER BY unit LIMIT $4"};
constexpr postgres::Statement kListResultsOf{
    "survey_list_results_of",
    "SELECT s.display_name, r.result FROM survey_results r"
    " JOIN citizen_surveys s USING (agency_id, survey_id)"
    " WHERE r.agency_id = $1 AND r.unit = $2 ORDER BY s.close_time DESC, s.survey_id LIMIT $3"};

v1::CitizenSurvey FromRow(const AgencyId& agency, const pqxx::row& row) {
  v1::CitizenSurvey survey;
  survey.set_name(SurveyKey{agency, SurveyId(row["survey_id"].c_str())}.Name());
  survey.set_display_name(row["display_name"].c_str());
  survey.set_questionnaire(
      QuestionnaireKey{agency, QuestionnaireId(row["questionnaire_id"].c_str())}.Name());
  *survey.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  survey.set_element_weight(row["element_weight"].c_str());
  v1::CitizenSurvey::State state = v1::CitizenSurvey::STATE_UNSPECIFIED;
  v1::CitizenSurvey::State_Parse(row["state"].c_str(), &state);
  survey.set_state(state);
  *survey.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["close_time"].is_null()) {
    *survey.mutable_close_time() = postgres::ToTimestamp(row["close_time"]);
  }
  if (!row["overall"].is_null())
    survey.mutable_overall()->ParseFromString(postgres::FromBytes(row["overall"]));
  survey.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return survey;
}

std::vector<int> Numbers(const v1::CitizenSurvey& survey, int (*value)(const v1::SurveyUnit&)) {
  std::vector<int> numbers;
  for (const v1::SurveyUnit& unit : survey.units()) numbers.push_back(value(unit));
  return numbers;
}

}  // namespace

v1::CitizenSurvey SurveyStore::Insert(const SurveyKey& key,
                                      const QuestionnaireKey& questionnaire,
                                      std::span<const std::vector<std::string>> unit_paths,
                                      v1::CitizenSurvey survey) {
  tx_.Exec(kInsert,
           key.agency.value(),
           key.id.value(),
           survey.display_name(),
           questionnaire.id.value(),
           postgres::ToText(survey.end_time()),
           survey.element_weight(),
           v1::CitizenSurvey::State_Name(survey.state()),
           postgres::ToText(survey.create_time()));
  tx_.Exec(kInsertUnits,
           key.agency.value(),
           key.id.value(),
           ColumnOf(survey.units(), [](const auto& unit) { return unit.unit(); }),
           ColumnOf(unit_paths, [](const auto& path) { return absl::StrJoin(path, " "); }),
           ToNumberArray(Numbers(survey, [](const auto& u) { return u.population(); })),
           ToNumberArray(Numbers(survey, [](const auto& u) { return u.sample_size(); })));
  survey.set_name(key.Name());
  survey.set_questionnaire(questionnaire.Name());
  survey.set_etag(api::MakeEtag(1));
  return survey;
}

std::vector<v1::CitizenSurvey> SurveyStore::FromRows(const AgencyId& agency,
                                                     const pqxx::result& rows) const {
  std::vector<v1::CitizenSurvey> surveys;
  std::map<std::string, std::size_t> places;
  std::vector<std::string> ids;
  for (const pqxx::row& row : rows) {
    places[row["survey_id"].c_str()] = surveys.size();
    ids.emplace_back(row["survey_id"].c_str());
    surveys.push_back(FromRow(agency, row));
  }
  if (ids.empty()) return surveys;
  for (const pqxx::row& row : tx_.Exec(kListUnits, agency.value(), postgres::ToArray(ids))) {
    v1::SurveyUnit& unit = *surveys[places[row["survey_id"].c_str()]].add_units();
    unit.set_unit(row["unit"].c_str());
    unit.set_population(row["population"].as<int>());
    unit.set_sample_size(row["sample_size"].as<int>());
    unit.set_tokens_issued(row["tokens_issued"].as<int>());
  }
  return surveys;
}

absl::StatusOr<v1::CitizenSurvey> SurveyStore::Get(const SurveyKey& key) const {
  const auto rows = FromRows(key.agency, tx_.Exec(kSelect, key.agency.value(), key.id.value()));
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return rows.front();
}

absl::StatusOr<v1::CitizenSurvey> SurveyStore::GetForShare(const SurveyKey& key) const {
  const auto rows =
      FromRows(key.agency, tx_.Exec(kSelectForShare, key.agency.value(), key.id.value()));
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return rows.front();
}

std::vector<v1::CitizenSurvey> SurveyStore::List(const AgencyId& agency,
                                                 const std::string& after,
                                                 int limit) const {
  return FromRows(agency, tx_.Exec(kList, agency.value(), after, limit));
}

absl::StatusOr<v1::CitizenSurvey> SurveyStore::Update(
    const SurveyKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::CitizenSurvey&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  const auto version = rows.front()["version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, key.Name()));
  v1::CitizenSurvey survey = FromRows(key.agency, rows).front();
  RETURN_IF_ERROR(change(survey));
  std::optional<std::string> close_time;
  if (survey.has_close_time()) close_time = postgres::ToText(survey.close_time());
  std::optional<std::string> overall;
  if (survey.has_overall()) overall = absl::BytesToHexString(survey.overall().SerializeAsString());
  tx_.Exec(kUpdate,
           key.agency.value(),
           key.id.value(),
           v1::CitizenSurvey::State_Name(survey.state()),
           close_time,
           overall);
  survey.set_etag(api::MakeEtag(version + 1));
  return survey;
}

std::vector<std::string> SurveyStore::FindUnitPath(const SurveyKey& key,
                                                   const std::string& unit) const {
  const pqxx::result rows = tx_.Exec(kFindUnitPath, key.agency.value(), key.id.value(), unit);
  return rows.empty() ? std::vector<std::string>() : postgres::ToStrings(rows[0][0]);
}

void SurveyStore::InsertResults(const SurveyKey& key, std::span<const v1::SurveyResult> results) {
  tx_.Exec(kInsertResults,
           key.agency.value(),
           key.id.value(),
           ColumnOf(results, [](const auto& r) { return r.unit(); }),
           ColumnOf(results,
                    [](const auto& r) { return absl::BytesToHexString(r.SerializeAsString()); }));
}

std::vector<v1::SurveyResult> SurveyStore::ListResults(const SurveyKey& key,
                                                       const std::string& after,
                                                       int limit) const {
  std::vector<v1::SurveyResult> results;
  for (const pqxx::row& row :
       tx_.Exec(kListResults, key.agency.value(), key.id.value(), after, limit)) {
    v1::SurveyResult& result = results.emplace_back();
    result.ParseFromString(postgres::FromBytes(row["result"]));
    result.set_name(ResultName(key, row["result_id"].c_str()));
    result.set_unit(row["unit"].c_str());
    *result.mutable_create_time() = postgres::ToTimestamp(row["close_time"]);
  }
  return results;
}

void SurveyStore::InsertScreenings(const SurveyKey& key,
                                   std::span<const v1::SurveyScreening> screenings) {
  tx_.Exec(kInsertScreenings,
           key.agency.value(),
           key.id.value(),
           ColumnOf(screenings, [](const auto& s) { return s.unit(); }),
           ColumnOf(screenings,
                    [](const auto& s) { return absl::BytesToHexString(s.SerializeAsString()); }));
}

std::vector<v1::SurveyScreening> SurveyStore::ListScreenings(const SurveyKey& key,
                                                             const std::string& after_unit,
                                                             int limit) const {
  std::vector<v1::SurveyScreening> screenings;
  for (const pqxx::row& row :
       tx_.Exec(kListScreenings, key.agency.value(), key.id.value(), after_unit, limit)) {
    screenings.emplace_back().ParseFromString(postgres::FromBytes(row[0]));
  }
  return screenings;
}

std::vector<std::pair<std::string, v1::SurveyResult>> SurveyStore::ListResultsOf(
    const AgencyId& agency, const std::string& unit, int limit) const {
  std::vector<std::pair<std::string, v1::SurveyResult>> results;
  for (const pqxx::row& row : tx_.Exec(kListResultsOf, agency.value(), unit, limit)) {
    auto& [survey, result] = *results.emplace(results.begin());
    survey = row[0].c_str();
    result.ParseFromString(postgres::FromBytes(row[1]));
  }
  return results;
}

}  // namespace teraju::feedback
