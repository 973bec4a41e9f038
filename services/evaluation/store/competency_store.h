// Competency assessments and their counts as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/competencies_service.pb.h"

namespace teraju::evaluation {

struct CompetencyQuery {
  auth::Scope scope;
  std::string caller;    // as subject
  std::string cycle;     // id; empty: of every cycle
  std::string employee;  // as subject; empty: of everybody
  v1::CompetencyAssessment::State state = v1::CompetencyAssessment::STATE_UNSPECIFIED;
  PageQuery page;
};

class CompetencyStore {
 public:
  explicit CompetencyStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS) where the work plan has one that was not cancelled.
  absl::StatusOr<v1::CompetencyAssessment> Insert(const Key& key,
                                                  const v1::CompetencyAssessment& assessment);
  std::optional<v1::CompetencyAssessment> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::CompetencyAssessment> List(const std::string& agency,
                                             const CompetencyQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the assessment
  // with the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::CompetencyAssessment> Update(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::CompetencyAssessment&)> change);

  // The final assessments of a cycle, of each person that of the latest post.
  std::vector<v1::CompetencyAssessment> ListFinal(const CycleKey& cycle) const;

  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::Status InsertProfile(const CycleKey& cycle, const v1::CompetencyProfile& profile);
  std::optional<v1::CompetencyProfile> FindProfile(const CycleKey& cycle) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
