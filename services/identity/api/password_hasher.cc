#include "services/identity/api/password_hasher.h"

#include <argon2.h>

#include <cstdlib>

#include "common/auth/random_bytes.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/credentials.h"

namespace teraju::identity {
namespace {

constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
constexpr int kMostWaiting = 20;

std::string Encode(const std::string& password) {
  const std::string salt = auth::RandomBytes(kSaltBytes);
  std::string encoded(
      argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
  const int result = argon2id_hash_encoded(kPasses,
                                           kMemoryKib,
                                           kLanes,
                                           password.data(),
                                           password.size(),
                                           salt.data(),
                                           salt.size(),
                                           kHashBytes,
                                           encoded.data(),
                                           encoded.size());
  if (result != ARGON2_OK) std::abort();  // only without memory
  encoded.resize(encoded.find('\0'));
  return encoded;
}

}  // namespace

// The right to compute one hash, while it lives.
class PasswordHasher::Turn {
 public:
  static absl::StatusOr<std::unique_ptr<Turn>> Take(PasswordHasher& hasher, absl::Time deadline) {
    const auto is_free = [](int* free) { return *free > 0; };
    absl::MutexLock lock(&hasher.mutex_);
    bool taken = hasher.free_ > 0;
    if (!taken && hasher.waiting_ < kMostWaiting) {
      ++hasher.waiting_;
      taken = hasher.mutex_.AwaitWithDeadline(absl::Condition(+is_free, &hasher.free_), deadline);
      --hasher.waiting_;
    }
    if (!taken) {
      return errors::ResourceExhausted(errors::reasons::OVERLOADED, "Too many sign-ins at once.")
          .RetryAfter(kRetryAfter);
    }
    --hasher.free_;
    return std::make_unique<Turn>(hasher);
  }

  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {}
  ~Turn() {
    absl::MutexLock lock(&hasher_.mutex_);
    ++hasher_.free_;
  }

 private:
  PasswordHasher& hasher_;
};

PasswordHasher::PasswordHasher(int concurrent) : free_(concurrent), dummy_(Encode(NewSecret())) {}

absl::StatusOr<std::string> PasswordHasher::Hash(const std::string& password, absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Turn::Take(*this, deadline));
  return Encode(password);
}

absl::StatusOr<bool> PasswordHasher::Verify(const std::string& hash,
                                            const std::string& password,
                                            absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Turn::Take(*this, deadline));
  const std::string& compared = hash.empty() ? dummy_ : hash;
  const bool fits =
      argon2id_verify(compared.c_str(), password.data(), password.size()) == ARGON2_OK;
  return fits && !hash.empty();
}

}  // namespace teraju::identity
