// The access token of this service itself, fetched when it is needed and again before it expires.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/clock.h"

namespace teraju::rpc {

class ServiceToken {
 public:
  struct Token {
    std::string access_token;
    absl::Time expire_time;
  };
  using Fetch = std::function<absl::StatusOr<Token>()>;

  ServiceToken(Fetch fetch, const time::Clock& clock);
  ~ServiceToken();

  // Thread-safe; one fetch at a time. A token is renewed when a fifth of its life is left; if that
  // fails while it is still good, it is used. The error of the fetch otherwise.
  absl::StatusOr<std::string> Get();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::rpc
