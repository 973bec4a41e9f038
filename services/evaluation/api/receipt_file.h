// The file that teraju-verify checks: a receipt's document with its rules and the proof that it
// stands in the decision log.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/evaluations_service.pb.h"

namespace teraju::evaluation {

struct ReceiptSource {
  std::string agency;
  std::string document;
  std::string event;       // id of its record
  std::string local_pack;  // revision; empty where it has no local result
  bool credits = false;    // whether it has any
};

// Record, head and nodes of the tree belong together, so `tx` reads a snapshot.
// FAILED_PRECONDITION (PROOF_PENDING).
absl::StatusOr<v1::ReceiptFile> MakeReceiptFile(postgres::Transaction& tx,
                                                const ReceiptSource& source);

// That of an evaluation. FAILED_PRECONDITION: EVALUATION_NOT_FINAL, PROOF_PENDING.
absl::StatusOr<v1::ReceiptFile> MakeEvaluationFile(postgres::Transaction& tx,
                                                   const Key& evaluation);

}  // namespace teraju::evaluation
