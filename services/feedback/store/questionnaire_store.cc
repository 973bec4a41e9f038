#include "services/feedback/store/questionnaire_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kInsert{
    "questionnaire_insert",
    "INSERT INTO questionnaires (agency_id, questionnaire_id, kind, display_name, items,"
    " scale_minimum, scale_maximum, comments, state, create_time)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr postgres::Statement kSelect{
    "questionnaire_select",
    "SELECT * FROM questionnaires WHERE agency_id = $1 AND questionnaire_id = $2"};
constexpr postgres::Statement kSelectForUpdate{
    "questionnaire_select_for_update",
    "SELECT * FROM questionnaires WHERE agency_id = $1 AND questionnaire_id = $2 FOR UPDATE"};
constexpr postgres::Statement kList{
    "questionnaire_list",
    "SELECT * FROM questionnaires WHERE agency_id = $1 AND questionnaire_id > $2"
    " ORDER BY questionnaire_id LIMIT $3"};
constexpr postgres::Statement kUpdateState{
    "questionnaire_update_state",
    "UPDATE questionnaires SET state = $3, version = version + 1"
    " WHERE agency_id = $1 AND questionnaire_id = $2"};

v1::Questionnaire FromRow(const AgencyId& agency, const pqxx::row& row) {
  v1::Questionnaire questionnaire;
  // Written by Insert: it parses.
  questionnaire.ParseFromString(postgres::FromBytes(row["items"]));
  questionnaire.set_name(
      QuestionnaireKey{agency, QuestionnaireId(row["questionnaire_id"].c_str())}.Name());
  v1::Questionnaire::Kind kind = v1::Questionnaire::KIND_UNSPECIFIED;
  v1::Questionnaire::Kind_Parse(row["kind"].c_str(), &kind);
  questionnaire.set_kind(kind);
  questionnaire.set_display_name(row["display_name"].c_str());
  questionnaire.set_scale_minimum(row["scale_minimum"].as<int>());
  questionnaire.set_scale_maximum(row["scale_maximum"].as<int>());
  questionnaire.set_comments(row["comments"].as<bool>());
  v1::Questionnaire::State state = v1::Questionnaire::STATE_UNSPECIFIED;
  v1::Questionnaire::State_Parse(row["state"].c_str(), &state);
  questionnaire.set_state(state);
  *questionnaire.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  questionnaire.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return questionnaire;
}

}  // namespace

v1::Questionnaire QuestionnaireStore::Insert(const QuestionnaireKey& key,
                                             v1::Questionnaire questionnaire) {
  v1::Questionnaire items;
  *items.mutable_items() = questionnaire.items();
  tx_.Exec(kInsert,
           key.agency.value(),
           key.id.value(),
           v1::Questionnaire::Kind_Name(questionnaire.kind()),
           questionnaire.display_name(),
           postgres::ToBytes(items.SerializeAsString()),
           questionnaire.scale_minimum(),
           questionnaire.scale_maximum(),
           questionnaire.comments(),
           v1::Questionnaire::State_Name(questionnaire.state()),
           postgres::ToText(tx_.call().time()));
  questionnaire.set_name(key.Name());
  questionnaire.set_etag(api::MakeEtag(1));
  return questionnaire;
}

absl::StatusOr<v1::Questionnaire> QuestionnaireStore::Get(const QuestionnaireKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return FromRow(key.agency, rows.front());
}

std::vector<v1::Questionnaire> QuestionnaireStore::List(const AgencyId& agency,
                                                        const std::string& after,
                                                        int limit) const {
  std::vector<v1::Questionnaire> page;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after, limit)) {
    page.push_back(FromRow(agency, row));
  }
  return page;
}

absl::StatusOr<v1::Questionnaire> QuestionnaireStore::UpdateState(
    const QuestionnaireKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Questionnaire&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  const auto version = rows.front()["version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, key.Name()));
  v1::Questionnaire questionnaire = FromRow(key.agency, rows.front());
  RETURN_IF_ERROR(change(questionnaire));
  tx_.Exec(kUpdateState,
           key.agency.value(),
           key.id.value(),
           v1::Questionnaire::State_Name(questionnaire.state()));
  questionnaire.set_etag(api::MakeEtag(version + 1));
  return questionnaire;
}

}  // namespace teraju::feedback
