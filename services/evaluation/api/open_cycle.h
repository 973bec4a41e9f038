// Opens a cycle: reads everybody's segments from identity and makes their plans and evaluations,
// page by page.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/evaluation/clients/identity_client.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/opening_store.h"
#include "teraju/evaluation/v1/cycle.pb.h"

namespace teraju::evaluation {

// A plan for each segment, and evaluations for the periods that it touches and that are not
// published.
struct Additions {
  std::vector<OpeningStore::NewPlan> plans;
  std::vector<OpeningStore::NewEvaluation> evaluations;
};
absl::StatusOr<Additions> AdditionsOf(const v1::Cycle& cycle,
                                      std::vector<v1::Snapshot> segments,
                                      absl::Time now);

class OpenCycleWork {
 public:
  OpenCycleWork(postgres::Database& database, IdentityClient& identity)
      : database_(database), identity_(identity) {}

  // Each page of persons is a step; the checkpoint says how many segments are done and which page
  // is next. Opening again adds what is new.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  absl::Status AddPages(operations::Work& work,
                        const v1::Cycle& cycle,
                        const std::string& unit) const;

  postgres::Database& database_;
  IdentityClient& identity_;
};

}  // namespace teraju::evaluation
