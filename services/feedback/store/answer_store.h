// Answers of 360-degree feedback as rows: under pseudonyms while the campaign is open, without
// anything of the rater afterwards. No statement here touches participation. Bound to the
// transaction it is given.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/postgres/transaction.h"
#include "services/feedback/domain/publication.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

// The place of one answer: whose it is says the pseudonym alone.
struct AnswerSlot {
  std::string pseudonym;
  std::string ratee;
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  std::string token_hash;
};

class AnswerStore {
 public:
  explicit AnswerStore(postgres::Transaction& tx) : tx_(tx) {}

  // Makes the campaign's own tables and puts its key and empty slots there, ordered by token hash.
  void Open(const CampaignKey& key, const std::string& secret, std::vector<AnswerSlot> slots);
  // The campaign's key; nullopt when there is none, or no more.
  std::optional<std::string> FindKey(const CampaignKey& key) const;

  // The questionnaire of an open campaign; nullopt for any other.
  std::optional<v1::Questionnaire> FindForm(const CampaignId& campaign) const;
  // Stores an answer in the slot of the token, over an earlier one. False when the token is unknown
  // or withdrawn, the campaign not open or its time over at `now`.
  bool Submit(const CampaignId& campaign,
              const std::string& token_hash,
              const std::vector<int>& values,
              const std::string& comment,
              bool draft,
              absl::Time now);
  // Whether Submit would find a slot.
  bool Accepts(const CampaignId& campaign, const std::string& token_hash, absl::Time now) const;

  // Of which ratees the pseudonym has sent an answer that is not a draft.
  std::vector<std::string> ListAnswered(const CampaignKey& key, const std::string& pseudonym) const;
  // Removes the slot, so that its token ends. False when it holds an answer that was sent.
  bool Withdraw(const CampaignKey& key, const std::string& pseudonym, const std::string& ratee);

  // Waits until no statement runs that saw a campaign open which is not open any more.
  void AwaitRunning();
  // The answers sent, in no order.
  std::vector<domain::SentAnswer> ListOpen(const CampaignKey& key) const;
  // Copies the answers of these groups in random order under fresh random ids, without pseudonym.
  void Keep(const CampaignKey& key, std::span<const domain::RateeGroup> groups);
  // Drops the campaign's own tables: answers under pseudonyms and the key.
  void Drop(const CampaignKey& key);

 private:
  void InsertSlots(const CampaignKey& key, std::span<const AnswerSlot> slots);

  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
