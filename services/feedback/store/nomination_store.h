// Nominations as rows, while a campaign is a draft. Bound to the transaction it is given.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/feedback/domain/nomination.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

class NominationStore {
 public:
  explicit NominationStore(postgres::Transaction& tx) : tx_(tx) {}

  // Adds nominations, no pair of ratee and rater twice. One that exists in the same group stays,
  // and is approved if `approve` says so. Returns those that now stand as wanted, in no order: a
  // pair that exists in another group is left alone and missing in the result.
  std::vector<v1::Nomination> Upsert(const CampaignKey& key,
                                     std::span<const domain::RaterChoice> choices,
                                     bool approve);
  // Up to `limit` behind the id `after`, in the order of ids.
  std::vector<v1::Nomination> List(const CampaignKey& key,
                                   const std::string& after,
                                   int limit) const;
  // All that are not rejected, by `employees/{id}` and `officials/{id}`.
  std::vector<domain::RaterChoice> ListChoices(const CampaignKey& key) const;
  std::int64_t CountApproved(const CampaignKey& key) const;
  void DeleteAll(const CampaignKey& key);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
