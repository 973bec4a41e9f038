// The number of a civil servant: NIP of a PNS or NI PPPK, 18 digits that pass the rules of their
// composition.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace teraju::identity::domain {

enum class NipFault {
  kScientific,  // 1.98E+17: a spreadsheet has lost the digits
  kNotDigits,
  kLength,
  kBirthDate,  // digits 1-8 are no calendar date
  kTmtMonth,   // digits 13-14 are neither a month nor a PPPK frequency code
  kSex,
  kSerial,  // 000, which is also what rounding to 15 digits leaves
};

// Stable code of a fault, such as `NIP_LENGTH`.
std::string_view CodeOf(NipFault fault);

class Nip {
 public:
  // Digits 1-8 birth, 9-12 year of appointment, 13-14 month (PNS) or frequency code from 21 (PPPK),
  // 15 sex (1 male, 2 female), 16-18 serial. Spaces, dots and one leading apostrophe are removed
  // first. INVALID_ARGUMENT (NIP_INVALID) with metadata `code`.
  static absl::StatusOr<Nip> Parse(std::string_view text);
  // The same without building a status: null and `fault` set when the text is not a NIP.
  static bool TryParse(std::string_view text, Nip& nip, NipFault& fault);

  const std::string& value() const { return value_; }
  absl::CivilDay birth_date() const { return birth_date_; }
  bool pppk() const;
  bool male() const { return value_[14] == '1'; }
  // Whether the age at the appointment is within 18 and 60 years. Only a warning: registers hold
  // exceptions.
  bool age_plausible() const;
  // The digits as a number, for sets.
  std::uint64_t number() const;

 private:
  std::string value_;
  absl::CivilDay birth_date_;
};

// Removes spaces, dots and one leading apostrophe.
std::string NormaliseNip(std::string_view text);

}  // namespace teraju::identity::domain
