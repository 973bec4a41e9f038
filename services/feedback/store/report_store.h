// Published reports as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "services/feedback/domain/publication.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

// A report with what decides who may read it.
struct StoredReport {
  v1::Report report;
  std::string ratee;      // `employees/{id}`
  std::string appraiser;  // of then; may be empty
  std::vector<std::string> unit_path;
};

struct ReportQuery {
  CampaignKey campaign;
  auth::Scope scope;
  std::string caller;  // `employees/{id}`
  std::string ratee;   // empty: all
  std::string unit;    // of this unit and those below it; empty: all
  std::string after;   // behind this id
  int limit = 100;
};

class ReportStore {
 public:
  explicit ReportStore(postgres::Transaction& tx) : tx_(tx) {}

  // By `employees/{id}`; name, unit and time are filled in when read.
  void InsertAll(const CampaignKey& key, std::span<const domain::RateeReport> reports);
  // Only of a closed campaign.
  std::optional<StoredReport> Find(const CampaignKey& key, const std::string& report) const;
  std::vector<StoredReport> List(const ReportQuery& query) const;
  // The last reports about one person over all campaigns, the oldest first, with the campaigns'
  // display names; of the query agency, scope, caller, ratee and limit count.
  std::vector<std::pair<std::string, StoredReport>> ListAbout(const ReportQuery& query) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
