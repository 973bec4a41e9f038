// What follows the reporting lines while a cycle is open. Bound to the transaction it is given.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/line_following.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

// A cycle that is not closed, and the units (ids; empty for everybody) that it was opened for.
struct OpenedCycle {
  CycleKey key;
  std::vector<std::string> units;
};

class FollowingStore {
 public:
  explicit FollowingStore(postgres::Transaction& tx) : tx_(tx) {}

  // Notes that plans of the unit with those below it (an id; empty for everybody) exist from now
  // on.
  void NoteOpening(const CycleKey& cycle, const std::string& unit);
  std::vector<OpenedCycle> Opened(const std::vector<std::string>& agencies) const;
  // A person's plans of the cycle in the order of their days, locked.
  std::vector<domain::PlannedSegment> LockPlans(const CycleKey& cycle,
                                                const std::string& person) const;
  // Gives plans their new segments, with their evaluations: those that are not rated go along, a
  // rated one takes over the days unless none is left of its period. What is not rated, and the
  // person has written nothing in, is removed from periods that the plan does not touch any more.
  // What was computed of other days of a period is forgotten.
  void Move(const CycleKey& cycle, std::span<const domain::PlannedSegment> plans);
  // Notes which of a person's plans (ids) belong to no segment; all others do. The plans of which
  // that is new, and whether they are left.
  std::map<std::string, bool> NoteLeft(const CycleKey& cycle,
                                       const std::string& person,
                                       const std::vector<std::string>& plans);
  // Removes empty plans (ids) with their evaluations.
  void Remove(const std::string& agency, const std::vector<std::string>& plans);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
