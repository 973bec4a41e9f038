// One run of one operation under its lease.
#pragma once

#include <atomic>
#include <string>

#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/operations/operation_store.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"

namespace teraju::operations {

class HeldWork final : public Work {
 public:
  HeldWork(Taken taken,
           const std::string& service,
           absl::Duration lease,
           postgres::Database& database,
           const auth::Authorizer& authorizer);

  const std::string& name() const override { return name_; }
  const std::string& agency() const override { return taken_.agency; }
  const google::protobuf::Any& request() const override { return taken_.request; }
  const CallContext& call() const override { return call_; }
  const std::string& checkpoint() const override { return taken_.checkpoint; }
  bool cancelled() const override { return cancel_ || stopping_; }
  void Say(std::string_view message) override { message_ = message; }
  absl::Status Step(std::string_view checkpoint,
                    std::int64_t done,
                    std::int64_t total,
                    absl::FunctionRef<absl::Status(postgres::Transaction&)> fn) override;

  // Why there will be no further step: CANCELLED, or UNAVAILABLE when this replica stops.
  absl::Status MayGoOn() const;

  const Taken& taken() const { return taken_; }
  // Set by the worker's heartbeat, from another thread.
  void RequestCancel() { cancel_ = true; }
  void Stop() { stopping_ = true; }
  bool cancel_requested() const { return cancel_; }
  bool stopping() const { return stopping_; }
  // Steps that this run has completed.
  bool advanced() const { return advanced_; }

 private:
  Taken taken_;
  const std::string service_;
  const std::string name_;
  const absl::Duration lease_;
  postgres::Database& database_;
  const CallContext call_;
  std::string message_;
  bool advanced_ = false;
  std::atomic<bool> cancel_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace teraju::operations
