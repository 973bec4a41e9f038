// Questionnaires as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

class QuestionnaireStore {
 public:
  explicit QuestionnaireStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Questionnaire Insert(const QuestionnaireKey& key, v1::Questionnaire questionnaire);
  // NOT_FOUND.
  absl::StatusOr<v1::Questionnaire> Get(const QuestionnaireKey& key) const;
  // Up to `limit` behind the id `after`, in the order of ids.
  std::vector<v1::Questionnaire> List(const AgencyId& agency,
                                      const std::string& after,
                                      int limit) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change` and stores the state with
  // the next version: the only thing of a questionnaire that changes.
  absl::StatusOr<v1::Questionnaire> UpdateState(
      const QuestionnaireKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::Questionnaire&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
