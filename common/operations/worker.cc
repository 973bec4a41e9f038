#include "common/operations/worker.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/errors/status_macros.h"
#include "common/operations/held_work.h"

namespace teraju::operations {
namespace {

// Errors that may be gone at the next run.
bool MayPass(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnknown:  // whether the last step was committed is in the row
      return true;
    default:
      return false;
  }
}

}  // namespace

struct Worker::Impl {
  Impl(WorkerOptions given,
       Handlers given_handlers,
       postgres::Database& database,
       const auth::Authorizer& authorizer,
       logging::Logger& logger)
      : options(std::move(given)),
        handlers(std::move(given_handlers)),
        database(database),
        authorizer(authorizer),
        logger(logger) {
    for (const auto& [kind, handler] : handlers) kinds.push_back(kind);
  }

  void WorkLoop();
  void HeartbeatLoop();
  std::optional<Taken> TakeOne();
  void Execute(Taken taken);
  absl::StatusOr<google::protobuf::Any> RunHandler(HeldWork& work) const;
  void End(const HeldWork& work, const absl::StatusOr<google::protobuf::Any>& result);
  void Settle(const HeldWork& work,
              const absl::StatusOr<google::protobuf::Any>& result,
              OperationStore store) const;
  // The worker's own statements. Bounded, so that a silent server does not keep it from stopping.
  absl::Status Write(const std::string& agency, absl::FunctionRef<void(OperationStore)> fn);

  const WorkerOptions options;
  const Handlers handlers;
  postgres::Database& database;
  const auth::Authorizer& authorizer;
  logging::Logger& logger;
  std::vector<std::string> kinds;

  absl::Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  absl::Time next_look ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  absl::flat_hash_map<std::string, HeldWork*> running ABSL_GUARDED_BY(mutex);
  std::vector<std::thread> threads;
};

absl::Status Worker::Impl::Write(const std::string& agency,
                                 absl::FunctionRef<void(OperationStore)> fn) {
  const CallContext call(
      {.principal = {.subject = "services/" + options.service, .agency = AgencyId(agency)},
       .method = "operations/worker",
       .time = absl::Now(),
       .deadline = absl::Now() + absl::Seconds(5)},
      authorizer);
  return database.Write(call, [&](postgres::Transaction& tx) {
    fn(OperationStore(tx, options.service));
    return absl::OkStatus();
  });
}

std::optional<Taken> Worker::Impl::TakeOne() {
  std::optional<Taken> taken;
  const absl::Status status =
      Write("", [&](OperationStore store) { taken = store.Take(kinds, options.lease); });
  if (!status.ok()) {
    logger.Warning("operations_not_reachable", {{"error", logging::Describe(status)}});
    return std::nullopt;  // should the commit have come through after all, the lease will end
  }
  return taken;
}

void Worker::Impl::WorkLoop() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex);
      // One idle thread looks per interval; the others wait with it.
      while (!stopping && absl::Now() < next_look) {
        mutex.AwaitWithDeadline(absl::Condition(&stopping), next_look);
      }
      if (stopping) return;
      next_look = absl::Now() + options.poll;
    }
    std::optional<Taken> taken = TakeOne();
    if (!taken.has_value()) continue;
    {
      absl::MutexLock lock(&mutex);
      next_look = absl::InfinitePast();  // where one was there may be more
    }
    Execute(*std::move(taken));
  }
}

void Worker::Impl::Execute(Taken taken) {
  HeldWork work(std::move(taken), options.service, options.lease, database, authorizer);
  {
    absl::MutexLock lock(&mutex);
    running[work.taken().lease] = &work;
    if (stopping) work.Stop();
  }
  const absl::StatusOr<google::protobuf::Any> result = RunHandler(work);
  End(work, result);
  absl::MutexLock lock(&mutex);
  running.erase(work.taken().lease);
}

absl::StatusOr<google::protobuf::Any> Worker::Impl::RunHandler(HeldWork& work) const {
  if (work.taken().attempt > options.attempts) {
    // It took its replica with it each time.
    return errors::Internal(errors::reasons::INTERNAL_FAULT,
                            "The operation did not survive its runs.");
  }
  // Cancelled before this run, or taken in the moment of stopping.
  RETURN_IF_ERROR(work.MayGoOn());
  try {
    auto response = handlers.at(work.taken().kind)(work);
    if (!response.ok()) return std::move(response).status();
    google::protobuf::Any packed;
    packed.PackFrom(**response);
    return packed;
  } catch (const std::exception&) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "The operation threw an exception.");
  }
}

void Worker::Impl::Settle(const HeldWork& work,
                          const absl::StatusOr<google::protobuf::Any>& result,
                          OperationStore store) const {
  const Taken& taken = work.taken();
  if (result.ok()) return store.Succeed(taken, *result);
  const absl::Status& status = result.status();
  const int failures = work.advanced() ? 1 : taken.attempt;
  if (work.stopping() && MayPass(status)) return store.GiveBack(taken, absl::ZeroDuration(), false);
  if (!work.cancel_requested() && MayPass(status) && failures < options.attempts) {
    return store.GiveBack(taken, options.backoff * (1 << std::min(failures - 1, 6)), true);
  }
  store.Fail(taken,
             work.cancel_requested() ? "CANCELLED" : "FAILED",
             errors::ToRpc(status, options.service + ".teraju", taken.call_id, taken.locale));
}

void Worker::Impl::End(const HeldWork& work, const absl::StatusOr<google::protobuf::Any>& result) {
  if (!result.ok() && !work.stopping() && !work.cancel_requested()) {
    logger.Warning("operation_run_failed",
                   {{"operation", work.name()},
                    {"kind", work.taken().kind},
                    {"attempt", work.taken().attempt},
                    {"error", logging::Describe(result.status())}});
  }
  // Without an end in the row the lease runs out and the last step is repeated as a whole: nothing
  // is lost but time.
  const absl::Status status =
      Write(work.agency(), [&](OperationStore store) { Settle(work, result, std::move(store)); });
  if (!status.ok()) {
    logger.Warning("operation_end_not_recorded",
                   {{"operation", work.name()}, {"error", logging::Describe(status)}});
  }
}

// Ends with the worker: a handler that is still in a step holds its row locked, any other one is
// about to give back.
void Worker::Impl::HeartbeatLoop() {
  for (;;) {
    std::vector<std::string> leases;
    {
      absl::MutexLock lock(&mutex);
      if (mutex.AwaitWithTimeout(absl::Condition(&stopping), options.lease / 4)) return;
      for (const auto& [lease, work] : running) leases.push_back(lease);
    }
    if (leases.empty()) continue;
    std::vector<OperationStore::Held> held;
    const absl::Status status =
        Write("", [&](OperationStore store) { held = store.Prolong(leases, options.lease); });
    if (!status.ok())
      logger.Warning("operation_leases_not_prolonged", {{"error", logging::Describe(status)}});
    absl::MutexLock lock(&mutex);
    for (const OperationStore::Held& one : held) {
      const auto work = running.find(one.lease);
      if (work != running.end() && one.cancel) work->second->RequestCancel();
    }
  }
}

Worker::Worker(WorkerOptions options,
               Handlers handlers,
               postgres::Database& database,
               const auth::Authorizer& authorizer,
               logging::Logger& logger)
    : impl_(std::make_unique<Impl>(
          std::move(options), std::move(handlers), database, authorizer, logger)) {
  for (int i = 0; i < impl_->options.threads; ++i) {
    impl_->threads.emplace_back([this] { impl_->WorkLoop(); });
  }
  impl_->threads.emplace_back([this] { impl_->HeartbeatLoop(); });
}

Worker::~Worker() {
  {
    absl::MutexLock lock(&impl_->mutex);
    impl_->stopping = true;
    for (const auto& [lease, work] : impl_->running) work->Stop();
  }
  for (std::thread& thread : impl_->threads) thread.join();
}

}  // namespace teraju::operations
