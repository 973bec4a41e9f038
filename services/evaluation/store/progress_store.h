// Progress entries as rows, append only. Bound to the transaction it is given.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// Rows of progress_entries.
std::vector<v1::ProgressEntry> ToEntries(const pqxx::result& rows);

class ProgressStore {
 public:
  explicit ProgressStore(postgres::Transaction& tx) : tx_(tx) {}

  // Adds entries whose names, times and authors are set, in their order.
  void Insert(const Key& plan, std::span<const v1::ProgressEntry> entries);
  // Oldest first.
  std::vector<v1::ProgressEntry> List(const Key& plan, const PageQuery& page) const;
  // Of the entries with these ids those that have not been corrected.
  std::vector<v1::ProgressEntry> FindUncorrected(const Key& plan,
                                                 const std::vector<std::string>& ids) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
