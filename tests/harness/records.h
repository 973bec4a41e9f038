// Reconciles the audit records of a running suite with what it has done: with its rows, its calls
// and its refusals, as databases and logs tell of them.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/harness/suite.h"

namespace teraju::harness {

struct Reconciliation {
  std::int64_t expected = 0;        // transactions that have left rows, and refusals
  std::int64_t records = 0;         // those of them that are on record
  std::set<std::string> methods;    // that change something and were called with success
  std::vector<std::string> faults;  // effects without a record, records without an effect, doubles
};

// * Every row that a call can change was last written by a transaction with a record.
// * Every method that changes something and was called with success has records of that caller, in
//   at most as many transactions as there were calls (long work may take more).
// * Every refusal of a known caller has exactly one record.
// * No transaction records the same twice.
// `killed`: a process was killed, so that its last log lines may be missing: a record may have no
// call, but still no effect is without a record.
Reconciliation Reconcile(Suite& suite, bool killed = false);

}  // namespace teraju::harness
