// The set-based reads and writes that score and publish a period. Bound to the transaction it is
// given.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "google/type/decimal.pb.h"
#include "services/evaluation/domain/scoring.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

class ScoringStore {
 public:
  explicit ScoringStore(postgres::Transaction& tx) : tx_(tx) {}

  // An evaluation with its plan (state and contents only).
  struct Subject {
    v1::Evaluation evaluation;
    v1::WorkPlan plan;
    std::optional<domain::Feedback> feedback;
  };
  // The next ids of the period's evaluations in one of these states behind `after`, in order.
  std::vector<std::string> NextIds(const PeriodKey& period,
                                   std::span<const v1::Evaluation::State> states,
                                   const std::string& after,
                                   int size);
  // The period's evaluations in one of these states behind `after` up to `last`, in the order of
  // their ids, locked.
  std::vector<Subject> Next(const PeriodKey& period,
                            std::span<const v1::Evaluation::State> states,
                            const std::string& after,
                            const std::string& last);
  // What the entries of these plans say until `last_day`, by plan id.
  std::map<std::string, std::vector<domain::Activity>> Activities(
      const std::string& agency,
      const std::vector<std::string>& plans,
      const google::type::Date& last_day);
  // Stores the computed evidence and the local results.
  void StoreEvidence(const std::string& agency, std::span<const v1::Evaluation> evaluations);

  // Forgets what was taken over from feedback.
  void ClearFeedback(const PeriodKey& period);
  struct FeedbackMean {
    std::string employee;  // subject
    std::string report;
    google::type::Decimal mean;  // empty where withheld, as those of the groups
    google::type::Decimal superior, peers, subordinates;
  };
  void StoreFeedback(const PeriodKey& period, std::span<const FeedbackMean> feedback);

  // Stores final states and receipts.
  void StoreFinal(const std::string& agency,
                  std::span<const v1::Evaluation> evaluations,
                  std::span<const v1::ScoreReceipt> receipts);

  // How many evaluations of the period are in one of these states.
  int Count(const PeriodKey& period, std::span<const v1::Evaluation::State> states);
  // How many are rated while nothing is computed of their days.
  int CountUnscored(const PeriodKey& period) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
