// Evaluations and their receipts as rows. Bound to the transaction it is given.
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
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation {

struct EvaluationQuery {
  SnapshotQuery snapshot;
  std::optional<PeriodKey> period;
  v1::Evaluation::State state = v1::Evaluation::STATE_UNSPECIFIED;
  PageQuery page;
};

// An evaluation as a row, with what only the database keeps of it.
v1::Evaluation ToEvaluation(const pqxx::row& row);

// The column of its figures, hexadecimal; nothing where there are none.
std::optional<std::string> FiguresHex(const v1::Evaluation& evaluation);

class EvaluationStore {
 public:
  explicit EvaluationStore(postgres::Transaction& tx) : tx_(tx) {}

  // Nothing where there is none.
  std::optional<v1::Evaluation> Find(const Key& key) const;
  // In any order; those that exist.
  std::vector<v1::Evaluation> FindAll(const std::string& agency,
                                      const std::vector<std::string>& ids) const;
  // In the order of their ids, without what lists leave out.
  std::vector<v1::Evaluation> List(const std::string& agency, const EvaluationQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores states, ratings,
  // texts, times and figures with the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::Evaluation> Update(const Key& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::Evaluation&)> change);
  // The receipt of a final evaluation, with its place in the decision log; nothing before it is
  // final.
  std::optional<v1::ScoreReceipt> FindReceipt(const Key& key) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
