// The calls to services that are under way, so that a gateway that ends can end them.
#pragma once

#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/client_context.h"

namespace teraju::gateway {

// Thread-safe.
class CallRegistry {
 public:
  void Add(grpc::ClientContext* call) {
    absl::MutexLock lock(&mutex_);
    calls_.insert(call);
    if (cancelled_) call->TryCancel();
  }
  // Before the context is destroyed.
  void Remove(grpc::ClientContext* call) {
    absl::MutexLock lock(&mutex_);
    calls_.erase(call);
  }
  // Cancels every call, now and later, and waits until they have ended.
  void CancelAllAndWait() {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    for (grpc::ClientContext* call : calls_) call->TryCancel();
    mutex_.Await(absl::Condition(this, &CallRegistry::None));
  }

 private:
  bool None() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return calls_.empty(); }

  absl::Mutex mutex_;
  absl::flat_hash_set<grpc::ClientContext*> calls_ ABSL_GUARDED_BY(mutex_);
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace teraju::gateway
