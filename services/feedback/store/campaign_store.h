// Campaigns and their ratees as rows. Bound to the transaction it is given.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/feedback/domain/nomination.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

class CampaignStore {
 public:
  explicit CampaignStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Campaign Insert(const CampaignKey& key,
                      const QuestionnaireKey& questionnaire,
                      v1::Campaign campaign);
  // NOT_FOUND.
  absl::StatusOr<v1::Campaign> Get(const CampaignKey& key) const;
  // As Get, and the campaign cannot change before this transaction ends.
  absl::StatusOr<v1::Campaign> GetForShare(const CampaignKey& key) const;
  // Up to `limit` behind the id `after`, in the order of ids.
  std::vector<v1::Campaign> List(const AgencyId& agency, const std::string& after, int limit) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores state, counts and
  // closing time with the next version. Nothing is stored if `change` fails.
  absl::StatusOr<v1::Campaign> Update(const CampaignKey& key,
                                      const api::Precondition& precondition,
                                      absl::FunctionRef<absl::Status(v1::Campaign&)> change);

  // Where ratees stand. Those whom the campaign knows already stay as they are.
  void InsertRatees(const CampaignKey& key, std::span<const domain::ReportingLine> lines);
  // Nominated ratees of whom it is not known where they stand.
  std::vector<std::string> ListUnplacedRatees(const CampaignKey& key) const;

 private:
  absl::StatusOr<v1::Campaign> Select(const postgres::Statement& statement,
                                      const CampaignKey& key) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
