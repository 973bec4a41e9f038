#include "services/feedback/store/improvement_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/feedback/domain/improvement.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kFindResult{"improvement_find_result", R"sql(
SELECT s.state, u.unit, r.result FROM citizen_surveys s
LEFT JOIN survey_units u ON u.agency_id = s.agency_id AND u.survey_id = s.survey_id AND u.unit = $3
LEFT JOIN survey_results r ON r.agency_id = u.agency_id AND r.survey_id = u.survey_id AND r.unit = u.unit
WHERE s.agency_id = $1 AND s.survey_id = $2)sql"};
constexpr postgres::Statement kInsert{
    "improvement_insert",
    "INSERT INTO improvement_actions (agency_id, action_id, survey_id, unit, element, description,"
    " owner, due_date, state, create_time)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8::date, 'PLANNED', $9::timestamptz)"};

// With the unit's result in the survey and, once done, in the first one that closed afterwards.
constexpr postgres::Sql kSelect = R"sql(
SELECT a.*, b.result AS before, n.survey_id AS next_survey, n.result AS after
FROM improvement_actions a
JOIN survey_results b USING (agency_id, survey_id, unit)
LEFT JOIN LATERAL (
  SELECT s.survey_id, r.result FROM citizen_surveys s
  JOIN survey_results r ON r.agency_id = s.agency_id AND r.survey_id = s.survey_id AND r.unit = a.unit
  WHERE a.state = 'DONE' AND s.agency_id = a.agency_id AND s.survey_id <> a.survey_id AND s.close_time > a.end_time
  ORDER BY s.close_time LIMIT 1) n ON true
WHERE a.agency_id = $1)sql";
constexpr postgres::Statement kGet{"improvement_get",
                                   postgres::kSql<kSelect + " AND a.action_id = $2">};
constexpr postgres::Statement kList{
    "improvement_list",
    postgres::kSql<kSelect + " AND ($2::text IS NULL OR a.unit = $2) AND a.action_id > $3"
                             " ORDER BY a.action_id LIMIT $4">};
constexpr postgres::Statement kFindPath{
    "improvement_find_path",
    "SELECT u.unit_path FROM improvement_actions a JOIN survey_units u USING (agency_id, survey_id,"
    " unit) WHERE a.agency_id = $1 AND a.action_id = $2"};
constexpr postgres::Statement kLock{
    "improvement_lock",
    "SELECT version FROM improvement_actions WHERE agency_id = $1 AND action_id = $2 FOR UPDATE"};
constexpr postgres::Statement kUpdate{
    "improvement_update",
    "UPDATE improvement_actions SET description = $3, owner = $4, due_date = $5::date, state = $6,"
    " outcome = $7, end_time = $8::timestamptz, version = version + 1"
    " WHERE agency_id = $1 AND action_id = $2"};

void AddEffect(const AgencyId& agency, const pqxx::row& row, v1::ImprovementAction& action) {
  if (row["after"].is_null()) return;
  v1::SurveyResult before;
  v1::SurveyResult after;
  if (!before.ParseFromString(postgres::FromBytes(row["before"])) ||
      !after.ParseFromString(postgres::FromBytes(row["after"])))
    return;
  auto effect = domain::MakeEffect(action.element(), before, after);
  if (!effect.has_value()) return;
  effect->set_citizen_survey(SurveyKey{agency, SurveyId(row["next_survey"].c_str())}.Name());
  *action.mutable_effect() = *std::move(effect);
}

v1::ImprovementAction ToAction(const AgencyId& agency, const pqxx::row& row) {
  v1::ImprovementAction action;
  action.set_name(ImprovementKey{agency, ImprovementId(row["action_id"].c_str())}.Name());
  action.set_citizen_survey(SurveyKey{agency, SurveyId(row["survey_id"].c_str())}.Name());
  action.set_unit(row["unit"].c_str());
  action.set_element(row["element"].c_str());
  action.set_description(row["description"].c_str());
  action.set_owner(PersonName(agency, row["owner"].c_str()));
  *action.mutable_due_date() = postgres::ToDate(row["due_date"]);
  v1::ImprovementAction::State state = v1::ImprovementAction::STATE_UNSPECIFIED;
  v1::ImprovementAction::State_Parse(row["state"].c_str(), &state);
  action.set_state(state);
  action.set_outcome(row["outcome"].c_str());
  *action.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["end_time"].is_null())
    *action.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  action.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  AddEffect(agency, row, action);
  return action;
}

}  // namespace

absl::StatusOr<v1::SurveyResult> ImprovementStore::ResultOf(const SurveyKey& survey,
                                                            const std::string& unit) const {
  const pqxx::result rows = tx_.Exec(kFindResult, survey.agency.value(), survey.id.value(), unit);
  if (rows.empty()) return errors::ResourceNotFound(survey.Name());
  const pqxx::row row = rows.front();
  if (row["unit"].is_null()) {
    return errors::FailedPrecondition(v1::SURVEY_UNIT_UNKNOWN, "No unit of this survey.")
        .With("unit", unit);
  }
  v1::SurveyResult result;
  if (row["result"].is_null() || !result.ParseFromString(postgres::FromBytes(row["result"])))
    return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED, "The survey is not closed.");
  return result;
}

v1::ImprovementAction ImprovementStore::Insert(const ImprovementKey& key,
                                               const SurveyKey& survey,
                                               const std::string& owner,
                                               v1::ImprovementAction action) {
  tx_.Exec(kInsert,
           key.agency.value(),
           key.id.value(),
           survey.id.value(),
           action.unit(),
           action.element(),
           action.description(),
           owner,
           postgres::ToText(action.due_date()),
           postgres::ToText(action.create_time()));
  action.set_name(key.Name());
  action.set_etag(api::MakeEtag(1));
  return action;
}

absl::StatusOr<v1::ImprovementAction> ImprovementStore::Get(const ImprovementKey& key) const {
  const pqxx::result rows = tx_.Exec(kGet, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToAction(key.agency, rows.front());
}

std::vector<std::string> ImprovementStore::FindUnitPath(const ImprovementKey& key) const {
  const pqxx::result rows = tx_.Exec(kFindPath, key.agency.value(), key.id.value());
  return rows.empty() ? std::vector<std::string>() : postgres::ToStrings(rows[0][0]);
}

std::vector<v1::ImprovementAction> ImprovementStore::List(const AgencyId& agency,
                                                          const std::string& unit,
                                                          const std::string& after,
                                                          int limit) const {
  std::vector<v1::ImprovementAction> actions;
  for (const pqxx::row& row :
       tx_.Exec(kList, agency.value(), postgres::NullIfEmpty(unit), after, limit))
    actions.push_back(ToAction(agency, row));
  return actions;
}

absl::StatusOr<v1::ImprovementAction> ImprovementStore::Update(
    const ImprovementKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::ImprovementAction&, std::string& owner)> change) {
  const pqxx::result locked = tx_.Exec(kLock, key.agency.value(), key.id.value());
  if (locked.empty()) return errors::ResourceNotFound(key.Name());
  const auto version = locked[0][0].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, key.Name()));
  ASSIGN_OR_RETURN(v1::ImprovementAction action, Get(key));
  ASSIGN_OR_RETURN(std::string owner, ParsePerson(key.agency, action.owner(), "owner"));
  RETURN_IF_ERROR(change(action, owner));
  std::optional<std::string> end_time;
  if (action.has_end_time()) end_time = postgres::ToText(action.end_time());
  tx_.Exec(kUpdate,
           key.agency.value(),
           key.id.value(),
           action.description(),
           owner,
           postgres::ToText(action.due_date()),
           v1::ImprovementAction::State_Name(action.state()),
           action.outcome(),
           end_time);
  action.set_etag(api::MakeEtag(version + 1));
  return action;
}

}  // namespace teraju::feedback
