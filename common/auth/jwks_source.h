// Keys that an issuer publishes, kept up to date in the background.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/auth/verification_key.h"
#include "common/logging/logger.h"

namespace teraju::auth {

// Thread-safe. Fetches every `refresh`, after a failure sooner with growing pauses, and once when
// somebody brings an id that is not known, but for such ids at most once in `pause`, however many
// come: an id is free to invent. A failed or empty fetch leaves the keys as they are; a key that is
// missing from a good one stops at once.
class JwksSource final : public KeySource {
 public:
  // Returns the document (RFC 7517). Must end by itself within seconds.
  using Fetch = std::function<absl::StatusOr<std::string>()>;
  struct Options {
    absl::Duration refresh = absl::Minutes(5);
    absl::Duration pause = absl::Seconds(30);
    absl::Duration first_retry = absl::Milliseconds(250);
    absl::Duration wait =
        absl::Seconds(3);  // of a caller with an unknown id, for the fetch it caused
  };

  JwksSource(Fetch fetch, logging::Logger& logger)
      : JwksSource(std::move(fetch), logger, Options{}) {}
  JwksSource(Fetch fetch, logging::Logger& logger, Options options);
  ~JwksSource() override;

  absl::StatusOr<std::shared_ptr<const VerificationKey>> Find(std::string_view id) override;
  std::shared_ptr<const VerificationKey> Peek(std::string_view id) override;
  // Whether there is any key: before, nobody's token can be verified.
  bool HasKeys() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::auth
