// Evaluation meetings and what they agreed on as rows. Bound to the transaction it is given.
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

struct MeetingQuery {
  bool agency = false;  // everything
  std::string caller;   // as subject: who led or took part
  std::optional<PeriodKey> period;
  PageQuery page;
};

class MeetingStore {
 public:
  explicit MeetingStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Meeting Insert(const Key& key, const PeriodKey& period, const v1::Meeting& meeting);
  // Without its actions. Nothing where there is none.
  std::optional<v1::Meeting> Find(const Key& key) const;
  // Newest first, without their actions.
  std::vector<v1::Meeting> List(const std::string& agency, const MeetingQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the meeting with
  // the next version. NOT_FOUND.
  absl::StatusOr<v1::Meeting> Update(const Key& key,
                                     const api::Precondition& precondition,
                                     absl::FunctionRef<absl::Status(v1::Meeting&)> change);
  // Adds what it agreed on, and what came back in it from earlier meetings of its leader.
  void AddActions(v1::Meeting& meeting) const;

  v1::ActionItem InsertAction(const MeetingChildKey& key,
                              const v1::ActionItem& item,
                              const v1::Meeting& meeting);
  std::optional<v1::ActionItem> FindAction(const MeetingChildKey& key) const;
  absl::StatusOr<v1::ActionItem> UpdateAction(
      const MeetingChildKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::ActionItem&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
