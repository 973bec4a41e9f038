// Whom the rows of a file are about: people who are stored already, found by external id or else by
// NIP, or new ones. A person found by external id keeps identity over a corrected NIP.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "services/identity/domain/line_changes.h"

namespace teraju::identity::domain {

struct EmployeeMatch {
  enum class Kind {
    kNew,
    kStored,
    // NIP and external id name two different people, or an earlier row has named the same person.
    kConflict,
  };
  Kind kind = Kind::kNew;
  PersonKey employee;  // where stored
};

// Holds the keys of a million people in about 120 MB: external ids by their digest.
class EmployeeKeys {
 public:
  // Before the first Match. `nip` has 18 digits, `external_id` may be empty.
  void AddStored(const PersonKey& employee, std::string_view nip, std::string_view external_id);
  // For the next row of the file that was accepted.
  EmployeeMatch Match(std::string_view nip, std::string_view external_id);

 private:
  using Digest = std::pair<std::uint64_t, std::uint64_t>;
  // The half of SHA-256 (FIPS 180-4): no two ids of a register share it.
  static Digest DigestOf(std::string_view external_id);

  static constexpr std::uint32_t kNobody = UINT32_MAX;  // or somebody new

  std::vector<PersonKey> stored_;
  std::vector<bool> named_;  // by an earlier row
  absl::flat_hash_map<std::uint64_t, std::uint32_t> by_nip_;
  absl::flat_hash_map<Digest, std::uint32_t> by_external_id_;
};

}  // namespace teraju::identity::domain
