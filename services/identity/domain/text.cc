#include "services/identity/domain/text.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace teraju::identity::domain {

bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsAlphanumeric(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), absl::ascii_toupper);
  return upper;
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), absl::ascii_tolower);
  return lower;
}

std::string CollapseSpace(std::string_view text) {
  std::string collapsed;
  for (const char c : Trim(text)) {
    if (!IsSpace(c)) {
      collapsed.push_back(c);
    } else if (!collapsed.ends_with(' ')) {
      collapsed.push_back(' ');
    }
  }
  return collapsed;
}

}  // namespace teraju::identity::domain
