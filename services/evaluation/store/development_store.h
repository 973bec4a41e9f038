// Development programmes as rows. Bound to the transaction it is given.
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
#include "teraju/evaluation/v1/development_service.pb.h"

namespace teraju::evaluation {

struct ProgrammeQuery {
  auth::Scope scope;
  std::string caller;    // as subject
  std::string employee;  // as subject; empty: of everybody
  v1::DevelopmentProgramme::State state = v1::DevelopmentProgramme::STATE_UNSPECIFIED;
  PageQuery page;
};

class DevelopmentStore {
 public:
  explicit DevelopmentStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS) where the result has one that was not cancelled.
  absl::StatusOr<v1::DevelopmentProgramme> Insert(const Key& key,
                                                  const v1::DevelopmentProgramme& programme);
  std::optional<v1::DevelopmentProgramme> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::DevelopmentProgramme> List(const std::string& agency,
                                             const ProgrammeQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the programme with
  // the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::DevelopmentProgramme> Update(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::DevelopmentProgramme&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
