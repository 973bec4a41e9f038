#include "services/feedback/store/report_store.h"

#include "absl/strings/escaping.h"
#include "services/feedback/store/bulk.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kInsertAll{
    "report_insert_all",
    "INSERT INTO reports (agency_id, campaign_id, report_id, ratee, report)"
    " SELECT $1, $2, gen_random_uuid()::text, ratee, decode(report, 'hex')"
    " FROM unnest($3::text[], $4::text[]) AS r (ratee, report)"};
// See ratee_analyze.
constexpr postgres::Statement kAnalyze{"report_analyze", "ANALYZE reports"};
constexpr postgres::Statement kFind{
    "report_find",
    "SELECT r.report_id, r.report, p.ratee, p.unit, p.unit_path, p.appraiser, c.close_time"
    " FROM reports r JOIN ratees p USING (agency_id, campaign_id, ratee)"
    " JOIN campaigns c USING (agency_id, campaign_id)"
    " WHERE r.agency_id = $1 AND r.campaign_id = $2 AND r.report_id = $3"};
// $4 everything; else $5 the caller's own, $6 as appraiser, $7 units of the caller's roles.
constexpr postgres::Statement kList{
    "report_list",
    "SELECT r.report_id, r.report, p.ratee, p.unit, p.unit_path, p.appraiser, c.close_time"
    " FROM reports r JOIN ratees p USING (agency_id, campaign_id, ratee)"
    " JOIN campaigns c USING (agency_id, campaign_id)"
    " WHERE r.agency_id = $1 AND r.campaign_id = $2 AND r.report_id > $3"
    " AND ($4 OR p.ratee = $5 OR p.appraiser = $6 OR p.unit_path && $7::text[])"
    " AND ($8::text IS NULL OR p.ratee = $8) AND ($9::text IS NULL OR $9 = ANY (p.unit_path))"
    " ORDER BY r.report_id LIMIT $10"};

constexpr postgres::Statement kListAbout{
    "report_list_about",
    "SELECT r.report_id, r.report, p.ratee, p.unit, p.unit_path, p.appraiser, c.close_time,"
    " c.campaign_id, c.display_name"
    " FROM reports r JOIN ratees p USING (agency_id, campaign_id, ratee)"
    " JOIN campaigns c USING (agency_id, campaign_id)"
    " WHERE r.agency_id = $1 AND r.ratee = $2"
    " AND ($3 OR p.ratee = $4 OR p.appraiser = $5 OR p.unit_path && $6::text[])"
    " ORDER BY c.close_time DESC, c.campaign_id LIMIT $7"};

StoredReport FromRow(const CampaignKey& key, const pqxx::row& row) {
  StoredReport stored{.ratee = row["ratee"].c_str(),
                      .appraiser = row["appraiser"].c_str(),
                      .unit_path = postgres::ToStrings(row["unit_path"])};
  stored.report.ParseFromString(postgres::FromBytes(row["report"]));
  stored.report.set_name(ReportName(key, row["report_id"].c_str()));
  stored.report.set_ratee(PersonName(key.agency, stored.ratee));
  stored.report.set_unit(row["unit"].c_str());
  *stored.report.mutable_create_time() = postgres::ToTimestamp(row["close_time"]);
  return stored;
}

}  // namespace

void ReportStore::InsertAll(const CampaignKey& key, std::span<const domain::RateeReport> reports) {
  tx_.Exec(kInsertAll,
           key.agency.value(),
           key.id.value(),
           ColumnOf(reports, [](const auto& r) { return r.ratee; }),
           ColumnOf(reports, [](const auto& r) {
             return absl::BytesToHexString(r.report.SerializeAsString());
           }));
  tx_.Exec(kAnalyze);
}

std::optional<StoredReport> ReportStore::Find(const CampaignKey& key,
                                              const std::string& report) const {
  const pqxx::result rows = tx_.Exec(kFind, key.agency.value(), key.id.value(), report);
  if (rows.empty()) return std::nullopt;
  return FromRow(key, rows.front());
}

std::vector<StoredReport> ReportStore::List(const ReportQuery& query) const {
  const auto if_granted = [&](bool granted) {
    return granted ? std::optional<std::string>(query.caller) : std::nullopt;
  };
  std::vector<StoredReport> page;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       query.campaign.agency.value(),
                                       query.campaign.id.value(),
                                       query.after,
                                       query.scope.agency,
                                       if_granted(query.scope.self),
                                       if_granted(query.scope.appraiser),
                                       postgres::ToArray(query.scope.units),
                                       postgres::NullIfEmpty(query.ratee),
                                       postgres::NullIfEmpty(query.unit),
                                       query.limit)) {
    page.push_back(FromRow(query.campaign, row));
  }
  return page;
}

std::vector<std::pair<std::string, StoredReport>> ReportStore::ListAbout(
    const ReportQuery& query) const {
  const auto if_granted = [&](bool granted) {
    return granted ? std::optional<std::string>(query.caller) : std::nullopt;
  };
  std::vector<std::pair<std::string, StoredReport>> reports;
  for (const pqxx::row& row : tx_.Exec(kListAbout,
                                       query.campaign.agency.value(),
                                       query.ratee,
                                       query.scope.agency,
                                       if_granted(query.scope.self),
                                       if_granted(query.scope.appraiser),
                                       postgres::ToArray(query.scope.units),
                                       query.limit)) {
    const CampaignKey campaign{query.campaign.agency, CampaignId(row["campaign_id"].c_str())};
    reports.emplace(reports.begin(), row["display_name"].c_str(), FromRow(campaign, row));
  }
  return reports;
}

}  // namespace teraju::feedback
