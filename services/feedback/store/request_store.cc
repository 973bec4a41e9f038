#include "services/feedback/store/request_store.h"

#include "services/feedback/store/bulk.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kInsertFromNominations{
    "request_insert_from_nominations",
    "INSERT INTO feedback_requests (agency_id, campaign_id, request_id, ratee, rater, rater_group,"
    " state) SELECT agency_id, campaign_id, gen_random_uuid()::text, ratee, rater, rater_group, "
    "'PENDING'"
    " FROM nominations WHERE agency_id = $1 AND campaign_id = $2 AND state = 'APPROVED'"
    " RETURNING *"};
constexpr postgres::Statement kListAll{
    "request_list_all",
    "SELECT * FROM feedback_requests WHERE agency_id = $1 AND campaign_id = $2"};
constexpr postgres::Statement kListOfRater{
    "request_list_of_rater",
    "SELECT * FROM feedback_requests WHERE agency_id = $1 AND campaign_id = $2 AND rater = $3"
    " AND request_id > $4 ORDER BY request_id LIMIT $5"};
constexpr postgres::Statement kFindForUpdate{
    "request_find_for_update",
    "SELECT * FROM feedback_requests WHERE agency_id = $1 AND campaign_id = $2"
    " AND request_id = $3 FOR UPDATE"};
constexpr postgres::Statement kDecline{
    "request_decline",
    "UPDATE feedback_requests SET state = 'DECLINED', decline_reason = $4"
    " WHERE agency_id = $1 AND campaign_id = $2 AND request_id = $3"};
constexpr postgres::Statement kMarkAnswered{
    "request_mark_answered",
    "UPDATE feedback_requests SET state ="
    " CASE WHEN request_id IN (SELECT unnest($3::text[])) THEN 'ANSWERED' ELSE state END"
    " WHERE agency_id = $1 AND campaign_id = $2"};

constexpr postgres::Statement kKeepSeverity{
    "rater_severity_insert_many",
    "INSERT INTO rater_severity (agency_id, campaign_id, rater, severity)"
    " SELECT $1, $2, rater, severity FROM unnest($3::text[], $4::text[]) AS r (rater, severity)"};
constexpr postgres::Statement kFindSeverity{
    "rater_severity_find",
    "SELECT coalesce(s.severity, 'UNKNOWN') FROM (SELECT DISTINCT agency_id, campaign_id, rater"
    " FROM feedback_requests WHERE agency_id = $1 AND campaign_id = $2 AND rater = $3) r"
    " LEFT JOIN rater_severity s USING (agency_id, campaign_id, rater)"};

FeedbackRequestRow FromRow(const pqxx::row& row) {
  FeedbackRequestRow request{.id = RequestId(row["request_id"].c_str()),
                             .ratee = row["ratee"].c_str(),
                             .rater = row["rater"].c_str()};
  v1::RaterGroup_Parse(row["rater_group"].c_str(), &request.group);
  v1::FeedbackRequest::State_Parse(row["state"].c_str(), &request.state);
  return request;
}

std::vector<FeedbackRequestRow> FromRows(const pqxx::result& rows) {
  std::vector<FeedbackRequestRow> requests;
  requests.reserve(rows.size());
  for (const pqxx::row& row : rows) requests.push_back(FromRow(row));
  return requests;
}

}  // namespace

std::vector<FeedbackRequestRow> RequestStore::InsertFromNominations(const CampaignKey& key) {
  return FromRows(tx_.Exec(kInsertFromNominations, key.agency.value(), key.id.value()));
}

std::vector<FeedbackRequestRow> RequestStore::ListAll(const CampaignKey& key) const {
  return FromRows(tx_.Exec(kListAll, key.agency.value(), key.id.value()));
}

std::vector<FeedbackRequestRow> RequestStore::ListOfRater(const CampaignKey& key,
                                                          const std::string& rater,
                                                          const std::string& after,
                                                          int limit) const {
  return FromRows(tx_.Exec(kListOfRater, key.agency.value(), key.id.value(), rater, after, limit));
}

std::optional<FeedbackRequestRow> RequestStore::FindForUpdate(const CampaignKey& key,
                                                              const std::string& request) const {
  const pqxx::result rows = tx_.Exec(kFindForUpdate, key.agency.value(), key.id.value(), request);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

void RequestStore::Decline(const CampaignKey& key,
                           const std::string& request,
                           const std::string& reason) {
  tx_.Exec(kDecline, key.agency.value(), key.id.value(), request, reason);
}

void RequestStore::MarkAnswered(const CampaignKey& key, const std::vector<std::string>& requests) {
  tx_.Exec(kMarkAnswered, key.agency.value(), key.id.value(), postgres::ToArray(requests));
}

void RequestStore::KeepSeverity(const CampaignKey& key,
                                std::span<const domain::RaterSeverity> raters) {
  tx_.Exec(
      kKeepSeverity,
      key.agency.value(),
      key.id.value(),
      ColumnOf(raters, [](const auto& rater) { return rater.rater; }),
      ColumnOf(raters, [](const auto& r) { return v1::RaterNote::Severity_Name(r.severity); }));
}

std::optional<v1::RaterNote::Severity> RequestStore::FindSeverity(const CampaignKey& key,
                                                                  const std::string& rater) const {
  const pqxx::result rows = tx_.Exec(kFindSeverity, key.agency.value(), key.id.value(), rater);
  if (rows.empty()) return std::nullopt;
  v1::RaterNote::Severity severity = v1::RaterNote::UNKNOWN;
  v1::RaterNote::Severity_Parse(rows[0][0].c_str(), &severity);
  return severity;
}

}  // namespace teraju::feedback
