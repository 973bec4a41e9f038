// Keeps a replica's role bindings equal to identity's.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/time/clock.h"

namespace teraju::auth {

// Asks `source` for all bindings every `interval` in a thread of its own and puts them in place of
// the old ones. While the source fails nothing changes, and after their lease the bindings are no
// longer fresh. A binding that identity took away thus stops working within the interval, and at
// the latest with the lease.
class BindingsFollower {
 public:
  using Source = std::function<absl::StatusOr<std::vector<RoleBinding>>()>;

  BindingsFollower(Source source,
                   InMemoryBindings& bindings,
                   const time::Clock& clock,
                   logging::Logger& logger,
                   absl::Duration interval = absl::Seconds(1));
  ~BindingsFollower();

  // Asks the source now. When it returns, what the source knew at the call is in force, unless the
  // source failed.
  void Refresh();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::auth
