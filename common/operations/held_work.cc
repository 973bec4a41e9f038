#include "common/operations/held_work.h"

#include <fmt/format.h>

#include <utility>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::operations {
namespace {

namespace reasons = errors::reasons;

CallContext::Fields BackgroundCall(const Taken& taken, const std::string& service) {
  return {.principal = {.subject = "services/" + service, .agency = AgencyId(taken.agency)},
          .method = taken.method,
          .call_id = taken.call_id,
          .locale = taken.locale,
          .time = absl::Now(),
          .on_behalf_of = taken.starter};
}

absl::Status LeaseLost() {
  return errors::Aborted(reasons::CONCURRENT_CHANGE, "Another replica has taken the operation.");
}

}  // namespace

HeldWork::HeldWork(Taken taken,
                   const std::string& service,
                   absl::Duration lease,
                   postgres::Database& database,
                   const auth::Authorizer& authorizer)
    : taken_(std::move(taken)),
      service_(service),
      name_(OperationName(service, taken_.id)),
      lease_(lease),
      database_(database),
      call_(BackgroundCall(taken_, service), authorizer),
      cancel_(taken_.cancel) {}

absl::Status HeldWork::MayGoOn() const {
  if (cancel_) {
    return errors::Make(
        absl::StatusCode::kCancelled, reasons::OPERATION_CANCELLED, "The operation was cancelled.");
  }
  if (stopping_) {
    return errors::Unavailable(reasons::DEPENDENCY_UNAVAILABLE, "This replica is stopping.")
        .With("dependency", service_);
  }
  return absl::OkStatus();
}

absl::Status HeldWork::Step(std::string_view checkpoint,
                            std::int64_t done,
                            std::int64_t total,
                            absl::FunctionRef<absl::Status(postgres::Transaction&)> fn) {
  RETURN_IF_ERROR(MayGoOn());
  RETURN_IF_ERROR(database_.Write(call_, [&](postgres::Transaction& tx) -> absl::Status {
    // First, because it locks the row: who has stolen the lease must wait or has won.
    if (!OperationStore(tx, service_).Advance(taken_, checkpoint, done, total, message_, lease_))
      return LeaseLost();
    tx.Audit({.agency = taken_.agency,
              .resource = name_,
              .type = "operation.stepDone",
              .details = fmt::format(R"({{"done":{},"total":{}}})", done, total)});
    return fn(tx);
  }));
  taken_.checkpoint = std::string(checkpoint);
  advanced_ = true;
  return absl::OkStatus();
}

}  // namespace teraju::operations
