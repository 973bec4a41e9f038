#include "services/identity/clients/oidc_provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "common/auth/id_token.h"
#include "common/auth/jws.h"
#include "common/auth/strict_json.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/http/http_client.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kRediscover = absl::Minutes(10);
constexpr absl::Duration kSilence = absl::Seconds(5);

constexpr absl::Duration kLongestAnswer = absl::Seconds(5);

// https, or http to this machine.
bool MayAsk(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view here : {"http://127.0.0.1", "http://localhost"}) {
    if (!url.starts_with(here)) continue;
    const std::string_view rest = url.substr(here.size());
    return rest.empty() || rest.front() == ':' || rest.front() == '/';
  }
  return false;
}

// INVALID_ARGUMENT for an address that is not allowed, and as http::SendHttp.
absl::StatusOr<std::string> Ask(http::HttpRequest request, absl::Time deadline) {
  if (!MayAsk(request.url)) return absl::InvalidArgumentError("an issuer's address must be https");
  request.accept = "application/json";
  return http::SendHttp(request, std::min(deadline, absl::Now() + kLongestAnswer));
}

std::string Encode(std::string_view text) {
  std::string encoded;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return encoded;
}

absl::StatusOr<boost::json::object> ParseObject(const std::string& text) {
  ASSIGN_OR_RETURN(boost::json::value value, auth::ParseStrictJson(text));
  if (!value.is_object()) return absl::UnavailableError("the issuer's answer is no object");
  return std::move(value.get_object());
}

absl::StatusOr<OidcSettings> ReadOne(const boost::json::value& value) {
  const boost::json::object* object = value.if_object();
  if (object == nullptr) return absl::InvalidArgumentError("a provider must be an object");
  OidcSettings read;
  std::string secret_file;
  const std::array<std::pair<const char*, std::string*>, 9> members = {
      {{"id", &read.id},
       {"displayName", &read.display_name},
       {"agency", &read.agency},
       {"issuer", &read.issuer},
       {"clientId", &read.client_id},
       {"clientSecretFile", &secret_file},
       {"redirectUri", &read.redirect_uri},
       {"claim", &read.claim},
       {"attribute", &read.attribute}}};
  for (const auto& [name, into] : members) {
    const auto text = auth::TextMember(*object, name);
    if (!text || (text->empty() && into != &secret_file)) {
      return absl::InvalidArgumentError(
          fmt::format("provider '{}': {} must be a text", read.id, name));
    }
    *into = *text;
  }
  if (object->size() != members.size())
    return absl::InvalidArgumentError(fmt::format("provider '{}': unknown members", read.id));
  if (read.attribute != "externalId" && read.attribute != "nip" && read.attribute != "email") {
    return absl::InvalidArgumentError(
        fmt::format("provider '{}': attribute must be externalId, nip or email", read.id));
  }
  if (!secret_file.empty()) {
    std::ifstream file(secret_file);
    std::string secret;
    if (!std::getline(file, secret))
      return absl::InvalidArgumentError(fmt::format("{} cannot be read", secret_file));
    read.client_secret = logging::Secret(std::move(secret));
  }
  return read;
}

}  // namespace

absl::StatusOr<std::vector<OidcSettings>> ReadOidcSettings(const std::string& path) {
  std::vector<OidcSettings> providers;
  if (path.empty()) return providers;
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(fmt::format("{} cannot be read", path));
  const auto value = auth::ParseStrictJson(text.str());
  if (!value.ok() || !value->is_array())
    return absl::InvalidArgumentError(fmt::format("{} is no JSON list", path));
  for (const boost::json::value& one : value->get_array()) {
    ASSIGN_OR_RETURN(OidcSettings provider, ReadOne(one));
    providers.push_back(std::move(provider));
  }
  return providers;
}

OidcProvider::OidcProvider(OidcSettings settings, logging::Logger& logger)
    : settings_(std::move(settings)), logger_(logger) {}
OidcProvider::~OidcProvider() = default;

absl::StatusOr<OidcProvider::Endpoints> OidcProvider::Discover() {
  absl::MutexLock lock(&mutex_);
  if (absl::Now() - discovered_ < kRediscover) return endpoints_;
  if (absl::Now() < silent_until_) return absl::UnavailableError("the issuer did not answer");
  const absl::Status read = ReadConfiguration();
  if (!read.ok()) {
    silent_until_ = absl::Now() + kSilence;
    return read;
  }
  discovered_ = absl::Now();
  return endpoints_;
}

absl::Status OidcProvider::ReadConfiguration() {
  ASSIGN_OR_RETURN(
      const std::string text,
      // Not by the caller's deadline: whoever is in a hurry must not make the issuer seem silent.
      Ask({.url = settings_.issuer + "/.well-known/openid-configuration"}, absl::InfiniteFuture()));
  ASSIGN_OR_RETURN(const boost::json::object document, ParseObject(text));
  const auto authorization = auth::TextMember(document, "authorization_endpoint");
  const auto token = auth::TextMember(document, "token_endpoint");
  const auto keys = auth::TextMember(document, "jwks_uri");
  // Another issuer's document must not be taken for this one's.
  if (auth::TextMember(document, "issuer") != settings_.issuer || !authorization || !token || !keys)
    return absl::UnavailableError("the issuer's configuration is not its own or not complete");
  endpoints_ = {*authorization, *token, *keys};
  if (keys_ == nullptr) {
    keys_ = std::make_unique<auth::JwksSource>(
        [uri = *keys]() -> absl::StatusOr<std::string> {
          return Ask({.url = uri}, absl::InfiniteFuture());
        },
        logger_);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> OidcProvider::AuthorizationUri(const std::string& state,
                                                           const std::string& nonce,
                                                           const std::string& challenge) {
  ASSIGN_OR_RETURN(const Endpoints endpoints, Discover());
  return fmt::format(
      "{}{}response_type=code&client_id={}&redirect_uri={}&scope=openid%20profile%20email&state={}"
      "&nonce={}&code_challenge={}&code_challenge_method=S256",
      endpoints.authorization,
      endpoints.authorization.find('?') == std::string::npos ? '?' : '&',
      Encode(settings_.client_id),
      Encode(settings_.redirect_uri),
      Encode(state),
      Encode(nonce),
      Encode(challenge));
}

absl::StatusOr<std::string> OidcProvider::Redeem(const std::string& code,
                                                 const std::string& verifier,
                                                 const std::string& nonce,
                                                 absl::Time now,
                                                 absl::Time deadline) {
  ASSIGN_OR_RETURN(const Endpoints endpoints, Discover());
  http::HttpRequest request{.method = "POST", .url = endpoints.token};
  request.content_type = "application/x-www-form-urlencoded";
  request.body = fmt::format(
      "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}&client_id={}",
      Encode(code),
      Encode(settings_.redirect_uri),
      Encode(verifier),
      Encode(settings_.client_id));
  if (!settings_.client_secret.empty()) {
    // RFC 6749, section 2.3.1: both are encoded as in a form.
    request.authorization = "Basic " + absl::Base64Escape(Encode(settings_.client_id) + ":" +
                                                          Encode(settings_.client_secret.Reveal()));
  }
  ASSIGN_OR_RETURN(const std::string text, Ask(std::move(request), deadline));
  ASSIGN_OR_RETURN(const boost::json::object answer, ParseObject(text));
  const auto token = auth::TextMember(answer, "id_token");
  if (!token) return absl::UnavailableError("the issuer has given no ID token");
  auth::KeySource* keys = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    keys = keys_.get();
  }
  ASSIGN_OR_RETURN(
      const boost::json::object claims,
      auth::VerifyIdToken(
          *token,
          {.issuer = settings_.issuer, .client_id = settings_.client_id, .nonce = nonce},
          *keys,
          now));
  const boost::json::value* verified = claims.if_contains("email_verified");
  const bool trusted = settings_.attribute != "email" ||
                       (verified != nullptr && verified->is_bool() && verified->get_bool());
  const auto value = auth::TextMember(claims, settings_.claim.c_str());
  if (!trusted || !value || value->empty()) {
    return errors::Unauthenticated(errors::reasons::TOKEN_INVALID,
                                   "The issuer does not say who it is.");
  }
  return *value;
}

}  // namespace teraju::identity
