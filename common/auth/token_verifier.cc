#include "common/auth/token_verifier.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/auth/encoding.h"
#include "common/auth/jws.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::auth {
namespace {

using errors::reasons::TOKEN_EXPIRED;
using errors::reasons::TOKEN_INVALID;

constexpr std::size_t kMaxToken = 4096;
constexpr std::size_t kMaxText = 128;    // of any claim that is kept
constexpr std::size_t kMaxScope = 1300;  // twenty of sixty
constexpr absl::Duration kLeeway = absl::Seconds(60);
constexpr absl::Duration kMaxLife = absl::Hours(1);
constexpr std::array<std::string_view, 5> kCollections = {
    "employees/", "officials/", "apiClients/", "accounts/", "services/"};

// One refusal for every fault: it teaches an attacker nothing.
absl::Status Invalid() {
  return errors::Unauthenticated(TOKEN_INVALID, "The bearer token is not valid.");
}

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '~' || c == '-';
  });
}

bool IsSubject(std::string_view subject) {
  return std::any_of(kCollections.begin(), kCollections.end(), [&](std::string_view collection) {
    return subject.starts_with(collection) && IsId(subject.substr(collection.size()));
  });
}

// Absent is empty; anything but a short text is refused.
bool ReadOptional(const boost::json::object& payload,
                  const char* name,
                  std::string& into,
                  std::size_t most = kMaxText) {
  if (!payload.contains(name)) return true;
  std::optional<std::string> text = TextMember(payload, name);
  if (!text || text->size() > most || text->find('\0') != std::string::npos) return false;
  into = *std::move(text);
  return true;
}

std::optional<Principal> ReadPrincipal(const boost::json::object& payload) {
  Principal principal;
  std::string agency;
  std::optional<std::string> subject = TextMember(payload, "sub");
  if (!subject || !IsSubject(*subject)) return std::nullopt;
  principal.subject = *std::move(subject);
  if (!ReadOptional(payload, "agency", agency) ||
      !ReadOptional(payload, "client", principal.client) ||
      !ReadOptional(payload, "sid", principal.session) ||
      !ReadOptional(payload, "scope", principal.scope, kMaxScope)) {
    return std::nullopt;
  }
  // An empty scope would mean no limit.
  if (payload.contains("scope") && principal.scope.empty()) return std::nullopt;
  if (payload.contains("agency") && !IsId(agency)) return std::nullopt;
  if (principal.person() && agency.empty()) return std::nullopt;
  principal.agency = AgencyId(std::move(agency));
  return principal;
}

struct Accepted {
  Principal principal;
  absl::Time expire_time;
  std::shared_ptr<const VerificationKey> key;
};

}  // namespace

struct TokenVerifier::Impl {
  Impl(Options options, KeySource& keys, const time::Clock& clock)
      : options(std::move(options)), keys(keys), clock(clock) {}

  absl::StatusOr<std::shared_ptr<const VerificationKey>> KeyOf(
      const boost::json::object& header) const {
    const std::optional<std::string> id = TextMember(header, "kid");
    const std::optional<std::string> algorithm = TextMember(header, "alg");
    // Whatever else a header could carry (crit, b64, jku, jwk, x5u, x5c, zip, cty) changes what is
    // believed.
    if (header.size() != 3 || !id || !algorithm || TextMember(header, "typ") != "at+jwt" ||
        !IsKeyId(*id))
      return Invalid();
    auto key = keys.Find(*id);
    if (key.status().code() == absl::StatusCode::kNotFound) return Invalid();
    if (key.ok() && (*key)->algorithm_name() != *algorithm) return Invalid();
    return key;
  }

  absl::StatusOr<Accepted> Check(std::string_view token, absl::Time now) const {
    const std::optional<Jws> parts = ParseJws(token, kMaxToken);
    if (!parts) return Invalid();
    ASSIGN_OR_RETURN(std::shared_ptr<const VerificationKey> key, KeyOf(parts->header));
    if (!key->Verify(parts->signed_text, parts->signature)) return Invalid();
    const boost::json::object& payload = parts->payload;
    if (options.issuer.empty() || TextMember(payload, "iss") != options.issuer ||
        TextMember(payload, "aud") != options.audience) {
      return Invalid();
    }
    std::optional<Principal> principal = ReadPrincipal(payload);
    if (principal) principal->key = key->id();
    const std::optional<absl::Time> issued = SecondsMember(payload, "iat");
    const std::optional<absl::Time> expires = SecondsMember(payload, "exp");
    if (!principal || !issued || !expires || *expires <= *issued || *expires - *issued > kMaxLife ||
        *issued > now + kLeeway) {
      return Invalid();
    }
    if (payload.contains("nbf")) {
      const std::optional<absl::Time> not_before = SecondsMember(payload, "nbf");
      if (!not_before || *not_before > now + kLeeway) return Invalid();
    }
    if (now >= *expires + kLeeway)
      return errors::Unauthenticated(TOKEN_EXPIRED, "The bearer token has expired.");
    return Accepted{*principal, *expires, std::move(key)};
  }

  std::optional<Accepted> Remembered(const std::string& digest, absl::Time now) const {
    absl::ReaderMutexLock lock(&mutex);
    const auto found = cache.find(digest);
    if (found == cache.end() || now >= found->second.expire_time + kLeeway) return std::nullopt;
    return found->second;
  }

  void Remember(std::string digest, Accepted accepted, absl::Time now) {
    absl::MutexLock lock(&mutex);
    if (cache.size() >= options.cached_tokens) {
      absl::erase_if(cache,
                     [&](const auto& entry) { return now >= entry.second.expire_time + kLeeway; });
      if (cache.size() >= options.cached_tokens) cache.clear();
    }
    cache.insert_or_assign(std::move(digest), std::move(accepted));
  }

  const Options options;
  KeySource& keys;
  const time::Clock& clock;
  mutable absl::Mutex mutex;
  absl::flat_hash_map<std::string, Accepted> cache ABSL_GUARDED_BY(mutex);
};

TokenVerifier::TokenVerifier(Options options, KeySource& keys, const time::Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), keys, clock)) {}
TokenVerifier::~TokenVerifier() = default;

std::optional<Principal> TokenVerifier::Known(std::string_view token) const {
  std::optional<Accepted> known = impl_->Remembered(Sha256(token), impl_->clock.Now());
  if (!known) return std::nullopt;
  // A key that was withdrawn or replaced takes its tokens with it.
  const auto current = impl_->keys.Peek(known->key->id());
  if (current == nullptr || *current != *known->key) return std::nullopt;
  return std::move(known->principal);
}

absl::StatusOr<Principal> TokenVerifier::Verify(std::string_view token) const {
  const absl::Time now = impl_->clock.Now();
  std::string digest = Sha256(token);
  if (std::optional<Accepted> known = impl_->Remembered(digest, now)) {
    // A key that was withdrawn or replaced takes its tokens with it.
    const auto current = impl_->keys.Find(known->key->id());
    if (current.ok() && **current == *known->key) return std::move(known->principal);
  }
  ASSIGN_OR_RETURN(Accepted accepted, impl_->Check(token, now));
  Principal principal = accepted.principal;
  impl_->Remember(std::move(digest), std::move(accepted), now);
  return principal;
}

}  // namespace teraju::auth
