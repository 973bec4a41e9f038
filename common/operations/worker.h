// Executes operations: takes what is due, keeps the leases alive, records how each run ended.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"

namespace teraju::operations {

struct WorkerOptions {
  std::string service;
  int threads = 2;
  // How long an operation rests after its replica died without a word.
  absl::Duration lease = absl::Seconds(15);
  // How often an idle worker looks for work.
  absl::Duration poll = absl::Milliseconds(500);
  // Runs in a row without a completed step, after crashes and errors that may pass, until the
  // operation fails.
  int attempts = 5;
  // Pause before the second run; doubled for each further one.
  absl::Duration backoff = absl::Seconds(1);
};

// By kind of operation.
using Handlers = std::map<std::string, Handler>;

class Worker {
 public:
  Worker(WorkerOptions options,
         Handlers handlers,
         postgres::Database& database,
         const auth::Authorizer& authorizer,
         logging::Logger& logger);
  // Stops taking work; running handlers end at their next step and their operations are given back.
  ~Worker();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::operations
