// Accepted rows on their way into the tables: copied into a staging table of the transaction,
// merged as sets. Bound to the transaction it is given. Merging the same rows again changes
// nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/import_assignments.h"
#include "services/identity/domain/import_employees.h"

namespace teraju::identity {

// A row that the rules accepted and the stored data refuse.
struct RefusedRow {
  std::int64_t row = 0;
  std::int64_t line = 0;
};

template <typename Row>
struct Staged {
  Row row;
  std::int64_t number = 0;
  std::int64_t line = 0;
};

class ImportStore {
 public:
  // `by`: who records, `importJobs/{id}`.
  ImportStore(postgres::Transaction& tx, AgencyId agency, std::string by, absl::Time now)
      : tx_(tx), agency_(std::move(agency)), by_(std::move(by)), now_(now) {}

  // The NIPs of all employees.
  absl::flat_hash_set<std::uint64_t> Nips() const;

  void BeginEmployees();
  void Stage(const std::vector<Staged<domain::EmployeeRow>>& rows);
  // Takes out the rows whose NIP and external id name two different persons, and those that repeat
  // an external id.
  std::vector<RefusedRow> RefuseConflictingEmployees();
  // Inserts the new with an account without password, updates the changed. A person is found by
  // external id, else by NIP, and so keeps identity over a corrected NIP. An empty optional value
  // leaves the stored one.
  struct MergedEmployees {
    std::vector<std::string> created;
    std::vector<std::string> changed;
  };
  MergedEmployees MergeEmployees(std::int64_t from, std::int64_t to);

  void BeginAssignments();
  void Stage(const std::vector<Staged<domain::AssignmentRow>>& rows);
  // Takes out the definitive posts that overlap a stored one which the file does not replace. Locks
  // the persons.
  std::vector<RefusedRow> RefuseOverlappingAssignments();
  // Inserts the new, updates the changed. `{employee}/assignments/{assignment}` of each.
  std::vector<std::string> MergeAssignments(std::int64_t from, std::int64_t to);

  // The number of the last row that was staged: merging goes by parts, so that what is in memory
  // does not grow with the file.
  std::int64_t last_row() const { return last_row_; }

 private:
  void Analyze(std::string_view staging, std::string_view tables);

  postgres::Transaction& tx_;
  const AgencyId agency_;
  const std::string by_;
  const absl::Time now_;
  std::size_t staged_ = 0;  // rows
  std::int64_t last_row_ = 0;
};

}  // namespace teraju::identity
