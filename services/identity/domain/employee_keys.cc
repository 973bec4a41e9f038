#include "services/identity/domain/employee_keys.h"

#include <openssl/sha.h>

#include <charconv>
#include <cstring>

namespace teraju::identity::domain {
namespace {

std::uint64_t NumberOf(std::string_view nip) {
  std::uint64_t number = 0;
  std::from_chars(nip.data(), nip.data() + nip.size(), number);
  return number;
}

}  // namespace

EmployeeKeys::Digest EmployeeKeys::DigestOf(std::string_view external_id) {
  unsigned char whole[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(external_id.data()), external_id.size(), whole);
  Digest digest;
  std::memcpy(&digest.first, whole, sizeof digest.first);
  std::memcpy(&digest.second, whole + sizeof digest.first, sizeof digest.second);
  return digest;
}

void EmployeeKeys::AddStored(const PersonKey& employee,
                             std::string_view nip,
                             std::string_view external_id) {
  const auto number = static_cast<std::uint32_t>(stored_.size());
  stored_.push_back(employee);
  named_.push_back(false);
  by_nip_.emplace(NumberOf(nip), number);
  if (!external_id.empty()) by_external_id_.emplace(DigestOf(external_id), number);
}

EmployeeMatch EmployeeKeys::Match(std::string_view nip, std::string_view external_id) {
  constexpr EmployeeMatch kConflict{EmployeeMatch::Kind::kConflict, {}};
  const auto of_nip = by_nip_.find(NumberOf(nip));
  const std::uint32_t by_nip = of_nip == by_nip_.end() ? kNobody : of_nip->second;
  std::uint32_t found = by_nip;
  if (!external_id.empty()) {
    // An id that no stored person has stands here from now on, so that it is known a second time.
    const auto [of_id, first] = by_external_id_.emplace(DigestOf(external_id), kNobody);
    if (first) {
      // The person with this NIP takes the id on.
    } else if (of_id->second == kNobody || (by_nip != kNobody && by_nip != of_id->second)) {
      return kConflict;
    } else {
      found = of_id->second;
    }
  }
  if (found == kNobody) return {};
  if (named_[found]) return kConflict;
  named_[found] = true;
  return {EmployeeMatch::Kind::kStored, stored_[found]};
}

}  // namespace teraju::identity::domain
