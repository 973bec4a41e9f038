// Work plans' snapshots as columns of arrays, for statements that write many at once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/postgres/statement.h"
#include "common/postgres/transaction.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// The rows of `s`, from parameter $4 on. The path of units comes as one text: unnest would flatten
// an array of arrays.
inline constexpr postgres::Sql kSnapshotRows = R"sql(
unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[], $11::date[],
       $12::date[], $13::text[], $14::text[], $15::text[], $16::text[])
  AS s(plan_id, employee, unit_id, unit_path, position_title, position_kind, leads_unit, start_date, end_date,
       appraiser, next_appraiser, explanation_id, explanation_en)
)sql";

class SnapshotColumns {
 public:
  void Add(const std::string& plan_id, const v1::Snapshot& snapshot);
  // Runs a statement with kSnapshotRows; $1 to $3 are its own.
  pqxx::result Exec(postgres::Transaction& tx,
                    const postgres::Statement& statement,
                    const std::string& first,
                    const std::string& second,
                    const std::string& third) const;

  const std::string& employee(std::size_t row) const { return employee_[row]; }
  const std::string& start(std::size_t row) const { return start_[row]; }

 private:
  std::vector<std::string> id_, employee_, unit_, path_, title_, kind_, leads_, start_, end_,
      appraiser_, next_, text_id_, text_en_;
};

}  // namespace teraju::evaluation
