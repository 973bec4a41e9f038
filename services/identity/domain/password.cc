#include "services/identity/domain/password.h"

#include <algorithm>
#include <set>
#include <string>

#include "common/errors/error.h"
#include "services/identity/domain/text.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

constexpr std::ptrdiff_t kMinCharacters = 12;
constexpr std::size_t kMaxBytes = 1000;  // bounds the work of the hash
constexpr std::size_t kMinDistinct = 5;

bool IsSequence(std::string_view text) {
  return std::adjacent_find(text.begin(), text.end(), [](char a, char b) { return b != a + 1; }) ==
         text.end();
}

}  // namespace

absl::Status CheckPassword(std::string_view password, std::string_view login) {
  // Code points: bytes that do not continue one.
  const auto characters =
      std::count_if(password.begin(), password.end(), [](char c) { return (c & 0xC0) != 0x80; });
  const bool plain = std::set<char>(password.begin(), password.end()).size() < kMinDistinct ||
                     IsSequence(password);
  const bool has_login =
      !login.empty() && ToLower(password).find(ToLower(login)) != std::string::npos;
  if (characters >= kMinCharacters && password.size() <= kMaxBytes && !plain && !has_login)
    return absl::OkStatus();
  return errors::InvalidArgument(v1::PASSWORD_WEAK, "The password is too short or too simple.");
}

}  // namespace teraju::identity::domain
