#include "services/identity/domain/form.h"

#include "absl/strings/escaping.h"
#include "services/identity/domain/text.h"

namespace teraju::identity::domain {
namespace {

int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> FormDecode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded.push_back(' ');
    } else if (text[i] != '%') {
      decoded.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : HexValue(text[i + 2]);
      if (low < 0) return std::nullopt;
      decoded.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return decoded;
}

}  // namespace

std::optional<std::map<std::string, std::string>> ParseForm(std::string_view text) {
  std::map<std::string, std::string> fields;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(pair.size() == text.size() ? text.size() : pair.size() + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = FormDecode(pair.substr(0, equals));
    const auto value = equals == std::string_view::npos ? std::optional<std::string>("")
                                                        : FormDecode(pair.substr(equals + 1));
    if (!name || !value || !fields.emplace(*name, *value).second) return std::nullopt;
  }
  return fields;
}

std::optional<ClientCredentials> ParseBasic(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  if (ToLower(authorization.substr(0, kScheme.size())) != kScheme) return std::nullopt;
  std::string decoded;
  if (!absl::Base64Unescape(std::string(Trim(authorization.substr(kScheme.size()))), &decoded))
    return std::nullopt;
  const std::size_t colon = decoded.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto id = FormDecode(std::string_view(decoded).substr(0, colon));
  const auto secret = FormDecode(std::string_view(decoded).substr(colon + 1));
  if (!id || !secret) return std::nullopt;
  return ClientCredentials{*id, *secret};
}

}  // namespace teraju::identity::domain
