// Matching runs and mentorships as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "google/type/date.pb.h"
#include "services/training/domain/mentoring.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

class MentorshipStore {
 public:
  explicit MentorshipStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::MatchingRun InsertRun(const RunKey& key, const v1::MatchingRun& run);
  absl::StatusOr<v1::MatchingRun> GetRun(const RunKey& key) const;  // NOT_FOUND
  // Changes state and counts. NOT_FOUND.
  absl::StatusOr<v1::MatchingRun> UpdateRun(
      const RunKey& key, absl::FunctionRef<absl::Status(v1::MatchingRun&)> change);

  // Adds the pairs of a run; `pairs` have names.
  void Insert(const RunKey& run, const std::vector<v1::Mentorship>& pairs);
  absl::StatusOr<v1::Mentorship> Get(const MentorshipKey& key) const;  // NOT_FOUND
  // In the order of their ids. Who may not see the agency sees the own pairs.
  absl::StatusOr<std::vector<v1::Mentorship>> List(const AgencyId& agency,
                                                   const auth::Scope& scope,
                                                   const std::string& run_id,
                                                   const std::string& after_id,
                                                   int limit) const;
  // ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Mentorship> Update(const MentorshipKey& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::Mentorship&)> change);
  // Of an active pair.
  v1::MentoringSession InsertSession(const MentorshipKey& key,
                                     const v1::MentoringSession& session,
                                     const std::string& entered_by);
  // In the order of their dates.
  std::vector<v1::MentoringSession> ListSessions(const MentorshipKey& key,
                                                 const std::string& after_date,
                                                 const std::string& after_id,
                                                 int limit) const;
  // When each mentee of the run met the mentor first; only those who did.
  std::map<std::string, google::type::Date> FirstSessions(const RunKey& run) const;
  // Vetoes and open mentorships of the agency.
  void ReadHistory(const AgencyId& agency, domain::MatchingBasis& basis) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
