// Whether a process is ready: asked of its own database again and again, so that it falls and
// rises.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/logging/logger.h"

namespace teraju::service {

class Readiness {
 public:
  // Runs `check` every `interval` in a thread of its own, more often until it has been ready once,
  // and tells `changed` what is new; the first answer always. Never asks a peer: a service without
  // its peers still answers what it can.
  Readiness(std::function<absl::Status()> check,
            std::function<void(bool)> changed,
            logging::Logger& logger,
            absl::Duration interval = absl::Milliseconds(500));
  ~Readiness();

  bool ready() const;
  // Falls for good, at once: the process is going.
  void Stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::service
