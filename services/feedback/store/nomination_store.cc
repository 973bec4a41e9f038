#include "services/feedback/store/nomination_store.h"

#include "services/feedback/store/bulk.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kUpsert{
    "nomination_upsert_many",
    "INSERT INTO nominations (agency_id, campaign_id, nomination_id, ratee, rater, rater_group,"
    " state, create_time)"
    " SELECT $1, $2, gen_random_uuid()::text, ratee, rater, rater_group, $6, $7"
    " FROM unnest($3::text[], $4::text[], $5::text[]) AS choice (ratee, rater, rater_group)"
    " ON CONFLICT (agency_id, campaign_id, ratee, rater) DO UPDATE"
    " SET state = CASE excluded.state WHEN 'APPROVED' THEN 'APPROVED' ELSE nominations.state END"
    " WHERE nominations.rater_group = excluded.rater_group RETURNING *"};
constexpr postgres::Statement kList{
    "nomination_list",
    "SELECT * FROM nominations WHERE agency_id = $1 AND campaign_id = $2 AND nomination_id > $3"
    " ORDER BY nomination_id LIMIT $4"};
constexpr postgres::Statement kListChoices{
    "nomination_list_choices",
    "SELECT ratee, rater, rater_group FROM nominations WHERE agency_id = $1 AND campaign_id = $2"
    " AND state <> 'REJECTED' ORDER BY ratee, rater"};
constexpr postgres::Statement kCountApproved{
    "nomination_count_approved",
    "SELECT count(*) FROM nominations WHERE agency_id = $1 AND campaign_id = $2"
    " AND state = 'APPROVED'"};
constexpr postgres::Statement kDeleteAll{
    "nomination_delete_all", "DELETE FROM nominations WHERE agency_id = $1 AND campaign_id = $2"};

v1::Nomination FromRow(const CampaignKey& key, const pqxx::row& row) {
  v1::Nomination nomination;
  nomination.set_name(NominationName(key, row["nomination_id"].c_str()));
  nomination.set_ratee(PersonName(key.agency, row["ratee"].c_str()));
  nomination.set_rater(PersonName(key.agency, row["rater"].c_str()));
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  v1::RaterGroup_Parse(row["rater_group"].c_str(), &group);
  nomination.set_group(group);
  v1::Nomination::State state = v1::Nomination::STATE_UNSPECIFIED;
  v1::Nomination::State_Parse(row["state"].c_str(), &state);
  nomination.set_state(state);
  *nomination.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  return nomination;
}

std::vector<v1::Nomination> FromRows(const CampaignKey& key, const pqxx::result& rows) {
  std::vector<v1::Nomination> nominations;
  nominations.reserve(rows.size());
  for (const pqxx::row& row : rows) nominations.push_back(FromRow(key, row));
  return nominations;
}

}  // namespace

std::vector<v1::Nomination> NominationStore::Upsert(const CampaignKey& key,
                                                    std::span<const domain::RaterChoice> choices,
                                                    bool approve) {
  return FromRows(
      key,
      tx_.Exec(
          kUpsert,
          key.agency.value(),
          key.id.value(),
          ColumnOf(choices, [](const auto& choice) { return choice.ratee; }),
          ColumnOf(choices, [](const auto& choice) { return choice.rater; }),
          ColumnOf(choices, [](const auto& c) { return v1::RaterGroup_Name(c.group); }),
          v1::Nomination::State_Name(approve ? v1::Nomination::APPROVED : v1::Nomination::PROPOSED),
          postgres::ToText(tx_.call().time())));
}

std::vector<v1::Nomination> NominationStore::List(const CampaignKey& key,
                                                  const std::string& after,
                                                  int limit) const {
  return FromRows(key, tx_.Exec(kList, key.agency.value(), key.id.value(), after, limit));
}

std::vector<domain::RaterChoice> NominationStore::ListChoices(const CampaignKey& key) const {
  std::vector<domain::RaterChoice> choices;
  for (const pqxx::row& row : tx_.Exec(kListChoices, key.agency.value(), key.id.value())) {
    domain::RaterChoice& choice = choices.emplace_back();
    choice.ratee = row["ratee"].c_str();
    choice.rater = row["rater"].c_str();
    v1::RaterGroup_Parse(row["rater_group"].c_str(), &choice.group);
  }
  return choices;
}

std::int64_t NominationStore::CountApproved(const CampaignKey& key) const {
  return tx_.Exec(kCountApproved, key.agency.value(), key.id.value())[0][0].as<std::int64_t>();
}

void NominationStore::DeleteAll(const CampaignKey& key) {
  tx_.Exec(kDeleteAll, key.agency.value(), key.id.value());
}

}  // namespace teraju::feedback
