// Participation as rows: who is asked about whom. Says nothing of answers; see answer_store.h.
// Bound to the transaction it is given.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/feedback/domain/publication.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

// A row. `state` is PENDING or DECLINED while the campaign is open; closing makes some ANSWERED.
struct FeedbackRequestRow {
  RequestId id;
  std::string ratee;
  std::string rater;
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  v1::FeedbackRequest::State state = v1::FeedbackRequest::STATE_UNSPECIFIED;
};

class RequestStore {
 public:
  explicit RequestStore(postgres::Transaction& tx) : tx_(tx) {}

  // A request of every approved nomination.
  std::vector<FeedbackRequestRow> InsertFromNominations(const CampaignKey& key);
  std::vector<FeedbackRequestRow> ListAll(const CampaignKey& key) const;
  // The requests of one rater, up to `limit` behind the id `after`.
  std::vector<FeedbackRequestRow> ListOfRater(const CampaignKey& key,
                                              const std::string& rater,
                                              const std::string& after,
                                              int limit) const;
  std::optional<FeedbackRequestRow> FindForUpdate(const CampaignKey& key,
                                                  const std::string& request) const;
  void Decline(const CampaignKey& key, const std::string& request, const std::string& reason);
  // Rewrites every row of the campaign; those named become ANSWERED.
  void MarkAnswered(const CampaignKey& key, const std::vector<std::string>& requests);
  // The bands of a closed campaign's raters.
  void KeepSeverity(const CampaignKey& key, std::span<const domain::RaterSeverity> raters);
  // UNKNOWN for a rater whose answers did not count; nothing for who was not asked.
  std::optional<v1::RaterNote::Severity> FindSeverity(const CampaignKey& key,
                                                      const std::string& rater) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
