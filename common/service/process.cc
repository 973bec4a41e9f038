#include "common/service/process.h"

#include <pthread.h>

#include <csignal>

#include "absl/synchronization/mutex.h"

namespace teraju::service {
namespace {

sigset_t Awaited() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void BeginProcess() {
  const sigset_t signals = Awaited();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

int AwaitSignal() {
  const sigset_t signals = Awaited();
  int received = 0;
  sigwait(&signals, &received);
  return received;
}

}  // namespace teraju::service
