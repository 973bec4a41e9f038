// Notes of continuous feedback as rows. Bound to the transaction it is given.
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

struct FeedbackNoteQuery {
  auth::Scope scope;
  std::string caller;    // as subject; sees what it wrote
  std::string employee;  // as subject; empty: about everybody
  PageQuery page;
};

class FeedbackNoteStore {
 public:
  explicit FeedbackNoteStore(postgres::Transaction& tx) : tx_(tx) {}

  // `note` names its work plan.
  v1::FeedbackNote Insert(const Key& key, const v1::FeedbackNote& note);
  std::optional<v1::FeedbackNote> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::FeedbackNote> List(const std::string& agency,
                                     const FeedbackNoteQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the note with the
  // next version. NOT_FOUND.
  absl::StatusOr<v1::FeedbackNote> Update(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::FeedbackNote&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
