#include "common/rpc/request_metadata.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "absl/strings/numbers.h"

namespace teraju::rpc {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string BearerToken(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos ||
      !EqualsIgnoringCase(authorization.substr(0, space), "bearer"))
    return "";
  return std::string(authorization.substr(space + 1));
}

// The weight of `id;q=0.8`; 1 without one, 0 when malformed.
double Weight(std::string_view parameters) {
  parameters = Trim(parameters);
  if (parameters.empty()) return 1;
  if (!parameters.starts_with("q=") && !parameters.starts_with("Q=")) return 0;
  double weight = 0;
  const std::string number(Trim(parameters.substr(2)));
  return absl::SimpleAtod(number, &weight) && weight >= 0 && weight <= 1 ? weight : 0;
}

}  // namespace

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

bool IsPersonSubject(std::string_view text) {
  const bool known = text.starts_with("employees/") || text.starts_with("officials/");
  const std::string_view id = text.substr(std::min(text.find('/') + 1, text.size()));
  return known && IsRequestId(id);
}

bool IsAddress(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isxdigit(c) != 0 || c == '.' || c == ':';
         });
}

bool IsTraceparent(std::string_view text) {
  if (text.size() != 55 || !text.starts_with("00-") || text[35] != '-' || text[52] != '-')
    return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::string PreferredLocale(std::string_view accept_language) {
  std::string best = "id";
  double best_weight = 0;
  accept_language = accept_language.substr(0, 256);
  while (!accept_language.empty()) {
    const std::size_t comma = std::min(accept_language.find(','), accept_language.size());
    const std::string_view range = accept_language.substr(0, comma);
    accept_language.remove_prefix(std::min(comma + 1, accept_language.size()));
    const std::size_t semicolon = std::min(range.find(';'), range.size());
    const std::string_view language = Trim(range.substr(0, std::min(range.find('-'), semicolon)));
    const double weight = semicolon == range.size() ? 1 : Weight(range.substr(semicolon + 1));
    if (weight <= best_weight) continue;
    if (EqualsIgnoringCase(language, "id") || EqualsIgnoringCase(language, "en")) {
      best = EqualsIgnoringCase(language, "en") ? "en" : "id";
      best_weight = weight;
    }
  }
  return best;
}

RequestMetadata ReadRequestMetadata(const grpc::ServerContextBase& context) {
  RequestMetadata metadata;
  int authorizations = 0;
  for (const auto& [key, value] : context.client_metadata()) {
    const std::string_view name(key.data(), key.size());
    const std::string_view text(value.data(), value.size());
    if (name == "authorization") {
      ++authorizations;
      metadata.bearer_token = BearerToken(text);
    } else if (name == "x-request-id" && IsRequestId(text)) {
      metadata.request_id = text;
    } else if (name == "traceparent" && IsTraceparent(text)) {
      metadata.traceparent = text;
    } else if (name == "accept-language") {
      metadata.locale = PreferredLocale(text);
    } else if (name == kOnBehalfOfHeader) {
      // What is malformed stays, so that it is refused and not taken for nobody.
      metadata.on_behalf_of = IsPersonSubject(text) ? std::string(text) : "?";
    } else if (name == kSourceHeader && IsAddress(text)) {
      metadata.source = text;
    }
  }
  metadata.has_authorization = authorizations > 0;
  // Two tokens: which one counts must not depend on their order.
  if (authorizations > 1) metadata.bearer_token.clear();
  return metadata;
}

}  // namespace teraju::rpc
