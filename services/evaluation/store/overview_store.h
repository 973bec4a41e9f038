// Set-based reads of where everybody stands. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/overview_service.pb.h"

namespace teraju::evaluation {

class OverviewStore {
 public:
  explicit OverviewStore(postgres::Transaction& tx) : tx_(tx) {}

  struct Row {
    v1::Subordinate subordinate;  // without what is late
    google::type::Date segment_start;
    google::type::Date segment_end;
    bool support_overdue = false;
  };
  // The team of an appraiser (a subject) in the order of plan ids, in one statement.
  std::vector<Row> ListTeam(const CycleKey& cycle,
                            const std::string& appraiser,
                            const google::type::Date& today,
                            const PageQuery& page) const;
  // By unit right below the root, or by appraiser, those with most that is late first; at most
  // `limit` leaders, all of them without.
  std::vector<v1::ParticipationCounts> CountByUnit(const CycleKey& cycle,
                                                   const google::type::Date& since) const;
  std::vector<v1::ParticipationCounts> CountByLeader(const CycleKey& cycle,
                                                     const google::type::Date& since,
                                                     std::optional<int> limit) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
