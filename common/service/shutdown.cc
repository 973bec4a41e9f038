#include "common/service/shutdown.h"

#include <pthread.h>

#include <csignal>

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

void BlockSignals() {
  const sigset_t signals = Awaited();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int AwaitSignal() {
  const sigset_t signals = Awaited();
  int received = 0;
  sigwait(&signals, &received);
  return received;
}

}  // namespace teraju::service
