#include "common/auth/id_token.h"

#include <boost/json/array.hpp>

#include "common/auth/jws.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::auth {
namespace {

constexpr std::size_t kMost = 16384;  // issuers put much into them
constexpr absl::Duration kLeeway = absl::Seconds(60);

absl::Status Wrong() {
  return errors::Unauthenticated(errors::reasons::TOKEN_INVALID, "The ID token is not valid.");
}

absl::StatusOr<std::shared_ptr<const VerificationKey>> KeyOf(const boost::json::object& header,
                                                             KeySource& keys) {
  const auto algorithm = TextMember(header, "alg");
  const auto id = TextMember(header, "kid");
  if (!algorithm || !id || !IsKeyId(*id)) return Wrong();
  for (const auto& member : header) {
    const bool plain = member.key() == "alg" || member.key() == "kid" ||
                       (member.key() == "typ" && TextMember(header, "typ") == "JWT");
    if (!plain) return Wrong();
  }
  auto key = keys.Find(*id);
  if (key.status().code() == absl::StatusCode::kNotFound) return Wrong();
  if (key.ok() && (*key)->algorithm_name() != *algorithm) return Wrong();
  return key;
}

// Only for this client, or among others but issued to it.
bool IsFor(const boost::json::object& payload, const std::string& client_id) {
  const boost::json::value* audience = payload.if_contains("aud");
  if (audience == nullptr) return false;
  if (audience->is_string()) return TextMember(payload, "aud") == client_id;
  if (!audience->is_array() || audience->get_array().empty()) return false;
  bool named = false;
  for (const boost::json::value& one : audience->get_array()) {
    if (!one.is_string()) return false;
    named = named || std::string_view(one.get_string()) == client_id;
  }
  return named && (audience->get_array().size() == 1 || TextMember(payload, "azp") == client_id);
}

}  // namespace

absl::StatusOr<boost::json::object> VerifyIdToken(std::string_view token,
                                                  const IdTokenCheck& check,
                                                  KeySource& keys,
                                                  absl::Time now) {
  std::optional<Jws> jws = ParseJws(token, kMost);
  if (!jws) return Wrong();
  ASSIGN_OR_RETURN(const auto key, KeyOf(jws->header, keys));
  if (!key->Verify(jws->signed_text, jws->signature)) return Wrong();
  const boost::json::object& payload = jws->payload;
  const auto subject = TextMember(payload, "sub");
  const auto issued = SecondsMember(payload, "iat");
  const auto expires = SecondsMember(payload, "exp");
  if (check.issuer.empty() || TextMember(payload, "iss") != check.issuer ||
      !IsFor(payload, check.client_id) || !subject || subject->empty() || !issued || !expires ||
      *issued > now + kLeeway || check.nonce.empty() ||
      TextMember(payload, "nonce") != check.nonce) {
    return Wrong();
  }
  if (now >= *expires + kLeeway)
    return errors::Unauthenticated(errors::reasons::TOKEN_EXPIRED, "The ID token has expired.");
  return std::move(jws->payload);
}

}  // namespace teraju::auth
