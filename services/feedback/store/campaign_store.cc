#include "services/feedback/store/campaign_store.h"

#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/store/bulk.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kInsert{
    "campaign_insert",
    "INSERT INTO campaigns (agency_id, campaign_id, display_name, questionnaire_id, end_time,"
    " threshold, text_threshold, superior_weight, peer_weight, subordinate_weight, state,"
    " create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};
constexpr postgres::Statement kSelect{
    "campaign_select", "SELECT * FROM campaigns WHERE agency_id = $1 AND campaign_id = $2"};
constexpr postgres::Statement kSelectForShare{
    "campaign_select_for_share",
    "SELECT * FROM campaigns WHERE agency_id = $1 AND campaign_id = $2 FOR SHARE"};
constexpr postgres::Statement kSelectForUpdate{
    "campaign_select_for_update",
    "SELECT * FROM campaigns WHERE agency_id = $1 AND campaign_id = $2 FOR UPDATE"};
constexpr postgres::Statement kList{
    "campaign_list",
    "SELECT * FROM campaigns WHERE agency_id = $1 AND campaign_id > $2"
    " ORDER BY campaign_id LIMIT $3"};
constexpr postgres::Statement kUpdate{"campaign_update",
                                      "UPDATE campaigns SET state = $3, counts = decode($4, "
                                      "'hex'), close_time = $5, quality = decode($6, 'hex'),"
                                      " version = version + 1"
                                      " WHERE agency_id = $1 AND campaign_id = $2"};

constexpr postgres::Statement kInsertRatees{
    "ratee_insert_many",
    "INSERT INTO ratees (agency_id, campaign_id, ratee, unit, unit_path, appraiser)"
    " SELECT $1, $2, ratee, unit, string_to_array(unit_path, ' '), appraiser"
    " FROM unnest($3::text[], $4::text[], $5::text[], $6::text[])"
    " AS line (ratee, unit, unit_path, appraiser)"
    " ON CONFLICT (agency_id, campaign_id, ratee) DO NOTHING"};
// After many rows at once: plans made without statistics take a campaign for a handful of rows.
constexpr postgres::Statement kAnalyzeRatees{"ratee_analyze", "ANALYZE ratees"};
constexpr postgres::Statement kListUnplaced{
    "ratee_list_unplaced",
    "SELECT ratee FROM nominations WHERE agency_id = $1 AND campaign_id = $2 AND state = 'APPROVED'"
    " EXCEPT SELECT ratee FROM ratees WHERE agency_id = $1 AND campaign_id = $2 ORDER BY ratee"};

void AddWeight(v1::Campaign& campaign, v1::RaterGroup group, int value) {
  v1::GroupWeight& weight = *campaign.add_group_weights();
  weight.set_group(group);
  weight.set_weight(value);
}

v1::Campaign FromRow(const AgencyId& agency, const pqxx::row& row) {
  v1::Campaign campaign;
  campaign.set_name(CampaignKey{agency, CampaignId(row["campaign_id"].c_str())}.Name());
  campaign.set_display_name(row["display_name"].c_str());
  campaign.set_questionnaire(
      QuestionnaireKey{agency, QuestionnaireId(row["questionnaire_id"].c_str())}.Name());
  *campaign.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  campaign.set_threshold(row["threshold"].as<int>());
  campaign.set_text_threshold(row["text_threshold"].as<int>());
  AddWeight(campaign, v1::SUPERIOR, row["superior_weight"].as<int>());
  AddWeight(campaign, v1::PEER, row["peer_weight"].as<int>());
  AddWeight(campaign, v1::SUBORDINATE, row["subordinate_weight"].as<int>());
  v1::Campaign::State state = v1::Campaign::STATE_UNSPECIFIED;
  v1::Campaign::State_Parse(row["state"].c_str(), &state);
  campaign.set_state(state);
  if (!row["counts"].is_null()) {
    campaign.mutable_counts()->ParseFromString(postgres::FromBytes(row["counts"]));
    campaign.mutable_quality()->ParseFromString(postgres::FromBytes(row["quality"]));
    *campaign.mutable_close_time() = postgres::ToTimestamp(row["close_time"]);
  }
  *campaign.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  campaign.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return campaign;
}

}  // namespace

v1::Campaign CampaignStore::Insert(const CampaignKey& key,
                                   const QuestionnaireKey& questionnaire,
                                   v1::Campaign campaign) {
  tx_.Exec(kInsert,
           key.agency.value(),
           key.id.value(),
           campaign.display_name(),
           questionnaire.id.value(),
           postgres::ToText(campaign.end_time()),
           campaign.threshold(),
           campaign.text_threshold(),
           campaign.group_weights(0).weight(),
           campaign.group_weights(1).weight(),
           campaign.group_weights(2).weight(),
           v1::Campaign::State_Name(campaign.state()),
           postgres::ToText(campaign.create_time()));
  campaign.set_name(key.Name());
  campaign.set_questionnaire(questionnaire.Name());
  campaign.set_etag(api::MakeEtag(1));
  return campaign;
}

absl::StatusOr<v1::Campaign> CampaignStore::Select(const postgres::Statement& statement,
                                                   const CampaignKey& key) const {
  const pqxx::result rows = tx_.Exec(statement, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return FromRow(key.agency, rows.front());
}

absl::StatusOr<v1::Campaign> CampaignStore::Get(const CampaignKey& key) const {
  return Select(kSelect, key);
}

absl::StatusOr<v1::Campaign> CampaignStore::GetForShare(const CampaignKey& key) const {
  return Select(kSelectForShare, key);
}

std::vector<v1::Campaign> CampaignStore::List(const AgencyId& agency,
                                              const std::string& after,
                                              int limit) const {
  std::vector<v1::Campaign> page;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after, limit)) {
    page.push_back(FromRow(agency, row));
  }
  return page;
}

absl::StatusOr<v1::Campaign> CampaignStore::Update(
    const CampaignKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Campaign&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  const auto version = rows.front()["version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, key.Name()));
  v1::Campaign campaign = FromRow(key.agency, rows.front());
  RETURN_IF_ERROR(change(campaign));
  std::optional<std::string> counts;
  std::optional<std::string> close_time;
  std::optional<std::string> quality;
  if (campaign.has_counts()) {
    counts = absl::BytesToHexString(campaign.counts().SerializeAsString());
    close_time = postgres::ToText(campaign.close_time());
    quality = absl::BytesToHexString(campaign.quality().SerializeAsString());
  }
  tx_.Exec(kUpdate,
           key.agency.value(),
           key.id.value(),
           v1::Campaign::State_Name(campaign.state()),
           counts,
           close_time,
           quality);
  campaign.set_etag(api::MakeEtag(version + 1));
  return campaign;
}

void CampaignStore::InsertRatees(const CampaignKey& key,
                                 std::span<const domain::ReportingLine> lines) {
  if (lines.empty()) return;
  tx_.Exec(kInsertRatees,
           key.agency.value(),
           key.id.value(),
           ColumnOf(lines, [](const auto& line) { return line.employee; }),
           ColumnOf(lines, [](const auto& line) { return line.unit; }),
           ColumnOf(lines, [](const auto& line) { return absl::StrJoin(line.unit_path, " "); }),
           ColumnOf(lines, [](const auto& line) { return line.appraiser; }));
  tx_.Exec(kAnalyzeRatees);
}

std::vector<std::string> CampaignStore::ListUnplacedRatees(const CampaignKey& key) const {
  std::vector<std::string> ratees;
  for (const pqxx::row& row : tx_.Exec(kListUnplaced, key.agency.value(), key.id.value())) {
    ratees.emplace_back(row[0].c_str());
  }
  return ratees;
}

}  // namespace teraju::feedback
