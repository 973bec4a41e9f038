// Accepted rows on their way into the tables. New people are copied straight into theirs; other
// rows into a staging table of the transaction, and merged as sets. Bound to the transaction it is
// given. Merging the same rows again changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/employee_keys.h"
#include "services/identity/domain/import_assignments.h"
#include "services/identity/domain/import_employees.h"

namespace teraju::identity {

// A row that the rules accepted and the stored data refuse.
struct RefusedRow {
  std::int64_t row = 0;
  std::int64_t line = 0;
};

struct StagedEmployee {
  domain::EmployeeRow row;
  std::int64_t number = 0;
  domain::PersonKey employee;  // who is stored
};

struct StagedAssignment {
  domain::AssignmentRow row;
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

  // Those of all employees.
  domain::EmployeeKeys Keys() const;
  void BeginEmployees();
  // Sends a new person to the server, which works while the file is read on. From the first one to
  // FinishInserts the transaction takes no other statement.
  void Insert(const domain::EmployeeRow& row);
  // Gives who was inserted an account without password. Their ids.
  std::vector<std::string> FinishInserts();
  void Stage(const std::vector<StagedEmployee>& rows);
  // Updates the changed: their ids. An empty optional value leaves the stored one.
  std::vector<std::string> UpdateEmployees(std::int64_t from, std::int64_t to);

  void BeginAssignments();
  void Stage(const std::vector<StagedAssignment>& rows);
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
  std::optional<pqxx::stream_to> inserts_;
  std::vector<std::string> inserted_;
  std::size_t staged_ = 0;  // rows
  std::int64_t last_row_ = 0;
};

}  // namespace teraju::identity
