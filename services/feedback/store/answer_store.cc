#include "services/feedback/store/answer_store.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "services/feedback/store/bulk.h"
#include "services/feedback/store/form.h"

namespace teraju::feedback {
namespace {

constexpr postgres::Statement kCreateOpen{"answer_create_open", "SELECT create_open_campaign($1)"};
constexpr postgres::Statement kInsertKey{
    "answer_insert_key",
    "INSERT INTO campaign_keys (agency_id, campaign_id, key) VALUES ($1, $2, $3)"};
constexpr postgres::Statement kInsertSlots{
    "answer_insert_slots",
    "INSERT INTO open_answers (agency_id, campaign_id, pseudonym, ratee, rater_group, token_hash,"
    " state, item_values, comment)"
    " SELECT $1, $2, decode(pseudonym, 'hex'), ratee, rater_group, decode(token_hash, 'hex'),"
    " 'EMPTY', '{}', ''"
    " FROM unnest($3::text[], $4::text[], $5::text[], $6::text[])"
    " AS slot (pseudonym, ratee, rater_group, token_hash)"};
constexpr postgres::Statement kSelectKey{
    "answer_select_key", "SELECT key FROM campaign_keys WHERE agency_id = $1 AND campaign_id = $2"};
constexpr postgres::Statement kSelectForm{
    "answer_select_form",
    "SELECT q.items, q.scale_minimum, q.scale_maximum, q.comments"
    " FROM campaigns c JOIN questionnaires q USING (agency_id, questionnaire_id)"
    " WHERE c.campaign_id = $1 AND c.state = 'OPEN'"};
constexpr postgres::Statement kSubmit{
    "answer_submit",
    "UPDATE open_answers a SET state = $3, item_values = $4::smallint[], comment = $5"
    " FROM campaigns c WHERE c.campaign_id = $1 AND c.state = 'OPEN' AND c.end_time > $6"
    " AND a.agency_id = c.agency_id AND a.campaign_id = $1 AND a.token_hash = $2"};
constexpr postgres::Statement kAccepts{
    "answer_accepts",
    "SELECT 1 FROM campaigns c JOIN open_answers a ON a.agency_id = c.agency_id"
    " AND a.campaign_id = $1 AND a.token_hash = $2"
    " WHERE c.campaign_id = $1 AND c.state = 'OPEN' AND c.end_time > $3"};
constexpr postgres::Statement kListAnswered{
    "answer_list_answered",
    "SELECT ratee FROM open_answers WHERE agency_id = $1 AND campaign_id = $2 AND pseudonym = $3"
    " AND state = 'ANSWERED'"};
constexpr postgres::Statement kWithdraw{
    "answer_withdraw",
    "DELETE FROM open_answers WHERE agency_id = $1 AND campaign_id = $2 AND pseudonym = $3"
    " AND ratee = $4 AND state <> 'ANSWERED'"};
constexpr postgres::Statement kAwaitRunning{"answer_await_running", "SELECT await_open_answers()"};
constexpr postgres::Statement kListOpen{
    "answer_list_open",
    "SELECT pseudonym, ratee, rater_group, array_to_string(item_values, ',') AS item_values, "
    "comment"
    " FROM open_answers WHERE agency_id = $1 AND campaign_id = $2 AND state = 'ANSWERED'"};
// The order of fresh random ids is the random order. IS TRUE keeps the planner, which has no
// statistics of an open campaign, from a nested loop.
constexpr postgres::Statement kKeep{
    "answer_keep",
    "INSERT INTO answers (agency_id, campaign_id, answer_id, ratee, rater_group, item_values)"
    " SELECT $1, $2, answer_id, ratee, rater_group, item_values FROM"
    " (SELECT gen_random_uuid() AS answer_id, ratee, rater_group, item_values FROM open_answers"
    "  WHERE agency_id = $1 AND campaign_id = $2 AND state = 'ANSWERED'"
    "  AND ((ratee, rater_group) IN (SELECT kept.ratee, kept.rater_group"
    "   FROM unnest($3::text[], $4::text[]) AS kept (ratee, rater_group))) IS TRUE"
    "  ORDER BY 1) AS shuffled"};
constexpr postgres::Statement kDrop{"answer_drop_open", "SELECT drop_open_campaign($1)"};

constexpr std::size_t kSlotsAtOnce = 5000;

v1::RaterGroup ParseGroup(const pqxx::field& field) {
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  v1::RaterGroup_Parse(field.c_str(), &group);
  return group;
}

}  // namespace

void AnswerStore::Open(const CampaignKey& key,
                       const std::string& secret,
                       std::vector<AnswerSlot> slots) {
  tx_.Exec(kCreateOpen, key.id.value());
  tx_.Exec(kInsertKey, key.agency.value(), key.id.value(), postgres::ToBytes(secret));
  std::sort(slots.begin(), slots.end(), [](const AnswerSlot& a, const AnswerSlot& b) {
    return a.token_hash < b.token_hash;
  });
  // In pieces, so that no statement runs long.
  for (std::size_t begin = 0; begin < slots.size(); begin += kSlotsAtOnce) {
    const std::size_t count = std::min(kSlotsAtOnce, slots.size() - begin);
    InsertSlots(key, std::span<const AnswerSlot>(slots).subspan(begin, count));
  }
}

void AnswerStore::InsertSlots(const CampaignKey& key, std::span<const AnswerSlot> slots) {
  tx_.Exec(
      kInsertSlots,
      key.agency.value(),
      key.id.value(),
      ColumnOf(slots, [](const auto& slot) { return absl::BytesToHexString(slot.pseudonym); }),
      ColumnOf(slots, [](const auto& slot) { return slot.ratee; }),
      ColumnOf(slots, [](const auto& slot) { return v1::RaterGroup_Name(slot.group); }),
      ColumnOf(slots, [](const auto& slot) { return absl::BytesToHexString(slot.token_hash); }));
}

std::optional<std::string> AnswerStore::FindKey(const CampaignKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelectKey, key.agency.value(), key.id.value());
  if (rows.empty()) return std::nullopt;
  return postgres::FromBytes(rows[0][0]);
}

std::optional<v1::Questionnaire> AnswerStore::FindForm(const CampaignId& campaign) const {
  const pqxx::result rows = tx_.Exec(kSelectForm, campaign.value());
  if (rows.empty()) return std::nullopt;
  return ToForm(rows.front());
}

bool AnswerStore::Submit(const CampaignId& campaign,
                         const std::string& token_hash,
                         const std::vector<int>& values,
                         const std::string& comment,
                         bool draft,
                         absl::Time now) {
  return tx_.Exec(kSubmit,
                  campaign.value(),
                  postgres::ToBytes(token_hash),
                  draft ? "DRAFT" : "ANSWERED",
                  ToNumberArray(values),
                  comment,
                  postgres::ToText(now))
             .affected_rows() == 1;
}

bool AnswerStore::Accepts(const CampaignId& campaign,
                          const std::string& token_hash,
                          absl::Time now) const {
  return !tx_.Exec(kAccepts, campaign.value(), postgres::ToBytes(token_hash), postgres::ToText(now))
              .empty();
}

std::vector<std::string> AnswerStore::ListAnswered(const CampaignKey& key,
                                                   const std::string& pseudonym) const {
  std::vector<std::string> ratees;
  for (const pqxx::row& row :
       tx_.Exec(kListAnswered, key.agency.value(), key.id.value(), postgres::ToBytes(pseudonym))) {
    ratees.emplace_back(row[0].c_str());
  }
  return ratees;
}

bool AnswerStore::Withdraw(const CampaignKey& key,
                           const std::string& pseudonym,
                           const std::string& ratee) {
  return tx_.Exec(
                kWithdraw, key.agency.value(), key.id.value(), postgres::ToBytes(pseudonym), ratee)
             .affected_rows() == 1;
}

void AnswerStore::AwaitRunning() { tx_.Exec(kAwaitRunning); }

std::vector<domain::SentAnswer> AnswerStore::ListOpen(const CampaignKey& key) const {
  const pqxx::result rows = tx_.Exec(kListOpen, key.agency.value(), key.id.value());
  std::vector<domain::SentAnswer> answers;
  answers.reserve(rows.size());
  for (const pqxx::row& row : rows) {
    answers.push_back({.pseudonym = postgres::FromBytes(row["pseudonym"]),
                       .ratee = row["ratee"].c_str(),
                       .answer = {.group = ParseGroup(row["rater_group"]),
                                  .values = ToNumbers(row["item_values"]),
                                  .comment = row["comment"].c_str()}});
  }
  return answers;
}

void AnswerStore::Keep(const CampaignKey& key, std::span<const domain::RateeGroup> groups) {
  tx_.Exec(kKeep,
           key.agency.value(),
           key.id.value(),
           ColumnOf(groups, [](const auto& group) { return group.ratee; }),
           ColumnOf(groups, [](const auto& g) { return v1::RaterGroup_Name(g.group); }));
}

void AnswerStore::Drop(const CampaignKey& key) { tx_.Exec(kDrop, key.id.value()); }

}  // namespace teraju::feedback
