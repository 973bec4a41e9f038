#include "services/feedback/domain/response_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace teraju::feedback::domain {
namespace {

constexpr std::size_t kUuidBytes = 16;

std::string Hmac(std::string_view key, const std::string& message) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  // Fails only where the library has no SHA-256; without it no answer may be taken.
  if (HMAC(EVP_sha256(),
           key.data(),
           static_cast<int>(key.size()),
           bytes,
           message.size(),
           digest,
           &size) == nullptr) {
    std::abort();
  }
  return {reinterpret_cast<const char*>(digest), size};
}

// 16 bytes of the round's UUID and 16 bytes of secret, base64url.
std::string Encode(std::string uuid, std::string_view secret) {
  uuid.erase(std::remove(uuid.begin(), uuid.end(), '-'), uuid.end());
  return absl::WebSafeBase64Escape(absl::HexStringToBytes(uuid) + std::string(secret));
}

}  // namespace

std::string Pseudonym(std::string_view campaign_key, const std::string& rater) {
  return Hmac(campaign_key, "rater:" + rater);
}

std::string ResponseToken(std::string_view campaign_key,
                          const CampaignId& campaign,
                          const RequestId& request) {
  const std::string secret = Hmac(campaign_key, "request:" + request.value());
  return Encode(campaign.value(), secret.substr(0, kTokenSecretBytes));
}

std::string SurveyCode(const SurveyId& survey, std::string_view random_bytes) {
  return Encode(survey.value(), random_bytes);
}

std::optional<std::string> RoundOfToken(const std::string& token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes)) return std::nullopt;
  // Only the form that we write: Abseil also takes padding and loose bits.
  if (bytes.size() != kUuidBytes + kTokenSecretBytes || absl::WebSafeBase64Escape(bytes) != token) {
    return std::nullopt;
  }
  std::string uuid = absl::BytesToHexString(bytes.substr(0, kUuidBytes));
  for (const std::size_t dash : {8, 13, 18, 23}) uuid.insert(dash, 1, '-');
  return uuid;
}

std::string HashToken(std::string_view token) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(token.data(), token.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    std::abort();
  }
  return {reinterpret_cast<const char*>(digest), size};
}

}  // namespace teraju::feedback::domain
