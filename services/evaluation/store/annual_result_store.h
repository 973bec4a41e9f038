// Annual results as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/annual_result.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/annual_result.pb.h"

namespace teraju::evaluation {

struct AnnualResultQuery {
  SnapshotQuery snapshot;
  std::optional<PeriodKey> period;
  PageQuery page;
};

// A row of annual_results, whole.
v1::AnnualResult ToAnnualResult(const pqxx::row& row);

class AnnualResultStore {
 public:
  explicit AnnualResultStore(postgres::Transaction& tx) : tx_(tx) {}

  // Makes a draft for each of these people (subjects) who has none, with the snapshot of the last
  // segment as it is now.
  void Ensure(const PeriodKey& year, const std::vector<std::string>& employees);

  // Nothing where there is none. A draft has no segments: they are read by Parts.
  std::optional<v1::AnnualResult> Find(const Key& key) const;
  // In the order of their ids, without what lists leave out.
  std::vector<v1::AnnualResult> List(const std::string& agency,
                                     const AnnualResultQuery& query) const;
  struct YearResult {
    int year = 0;
    v1::AnnualResult result;
  };
  // The final results of a person (subject) in binding cycles that begin in `year` (0: any),
  // earliest first.
  std::vector<YearResult> FindFinal(const std::string& agency,
                                    const std::string& employee,
                                    int year) const;
  // The evaluations of these people (subjects) in the year, with the digests of their receipts.
  std::map<std::string, std::vector<domain::AnnualPart>> Parts(
      const PeriodKey& year, const std::vector<std::string>& employees) const;

  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the decision with
  // the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::AnnualResult> UpdateDecision(
      const Key& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::AnnualResult&)> change);

  // Of a person (subject), locked; nothing where there is none.
  std::optional<v1::AnnualResult> Lock(const PeriodKey& year, const std::string& employee);
  int CountDrafts(const PeriodKey& year) const;
  // The next ids of the year's drafts behind `after`, in order.
  std::vector<std::string> NextDraftIds(const PeriodKey& year,
                                        const std::string& after,
                                        int size) const;
  // The drafts of the year behind `after` up to `last`, locked.
  std::vector<v1::AnnualResult> NextDrafts(const PeriodKey& year,
                                           const std::string& after,
                                           const std::string& last);
  struct Final {
    v1::AnnualResult result;
    std::string document;
  };
  void StoreFinal(const std::string& agency, std::span<const Final> results);
  // The document of a final result, and its record in the decision log; nothing before it is final.
  struct Receipt {
    std::string document;
    std::string event;  // id; empty for a moment after publication
  };
  std::optional<Receipt> FindReceipt(const Key& key) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
