// Teams across units as rows. Bound to the transaction it is given.
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
#include "teraju/evaluation/v1/guidance.pb.h"

namespace teraju::evaluation {

struct ProjectTeamQuery {
  bool agency = false;  // everything
  std::string caller;   // as subject: who leads or belongs to it
  PageQuery page;
};

class ProjectTeamStore {
 public:
  explicit ProjectTeamStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::ProjectTeam Insert(const Key& key, const v1::ProjectTeam& team);
  std::optional<v1::ProjectTeam> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::ProjectTeam> List(const std::string& agency, const ProjectTeamQuery& query) const;
  // Teams that the person (a subject) belonged to on one of the plan's days, in the order of ids.
  std::vector<v1::ProjectTeam> ListOfPlan(const v1::WorkPlan& plan, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the team with the
  // next version. NOT_FOUND.
  absl::StatusOr<v1::ProjectTeam> Update(const Key& key,
                                         const api::Precondition& precondition,
                                         absl::FunctionRef<absl::Status(v1::ProjectTeam&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
