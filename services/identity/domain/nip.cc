#include "services/identity/domain/nip.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "common/errors/error.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/text.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

constexpr std::size_t kDigits = 18;
constexpr int kFirstPppkCode = 21;

int Number(std::string_view text, std::size_t at, std::size_t length) {
  int number = 0;
  std::from_chars(text.data() + at, text.data() + at + length, number);
  return number;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// `1.98E+17`, `1,98503E+17`: digits, at most one separator, an exponent.
bool IsScientific(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0) return false;
  std::string_view exponent = text.substr(e + 1);
  if (!exponent.empty() && (exponent[0] == '+' || exponent[0] == '-')) exponent.remove_prefix(1);
  if (!IsDigits(exponent)) return false;
  const std::string_view mantissa = text.substr(0, e);
  return std::all_of(
      mantissa.begin(), mantissa.end(), [](char c) { return IsDigit(c) || c == '.' || c == ','; });
}

}  // namespace

std::string_view CodeOf(NipFault fault) {
  switch (fault) {
    case NipFault::kScientific:
      return "NIP_SCIENTIFIC";
    case NipFault::kNotDigits:
      return "NIP_NOT_DIGITS";
    case NipFault::kLength:
      return "NIP_LENGTH";
    case NipFault::kBirthDate:
      return "NIP_BIRTH_DATE";
    case NipFault::kTmtMonth:
      return "NIP_TMT_MONTH";
    case NipFault::kSex:
      return "NIP_SEX";
    case NipFault::kSerial:
      return "NIP_SERIAL";
  }
  return "";
}

std::string NormaliseNip(std::string_view text) {
  std::string digits;
  digits.reserve(kDigits);
  text = Trim(text);
  if (!text.empty() && text[0] == '\'') text.remove_prefix(1);
  for (const char c : text) {
    if (c != '.' && !IsSpace(c)) digits.push_back(c);
  }
  return digits;
}

bool Nip::TryParse(std::string_view text, Nip& nip, NipFault& fault) {
  const auto refuse = [&](NipFault why) {
    fault = why;
    return false;
  };
  if (IsScientific(Trim(text))) return refuse(NipFault::kScientific);
  std::string digits = NormaliseNip(text);
  if (!IsDigits(digits)) return refuse(NipFault::kNotDigits);
  if (digits.size() != kDigits) return refuse(NipFault::kLength);
  const auto birth = MakeDay(Number(digits, 0, 4), Number(digits, 4, 2), Number(digits, 6, 2));
  if (!birth) return refuse(NipFault::kBirthDate);
  const int month = Number(digits, 12, 2);
  if (month < kFirstPppkCode && (month < 1 || month > 12)) return refuse(NipFault::kTmtMonth);
  if (digits[14] != '1' && digits[14] != '2') return refuse(NipFault::kSex);
  if (digits.substr(15) == "000") return refuse(NipFault::kSerial);
  nip.value_ = std::move(digits);
  nip.birth_date_ = *birth;
  return true;
}

absl::StatusOr<Nip> Nip::Parse(std::string_view text) {
  Nip nip;
  NipFault fault;
  if (TryParse(text, nip, fault)) return nip;
  return errors::InvalidArgument(v1::NIP_INVALID, "The NIP is not valid.")
      .With("code", CodeOf(fault));
}

bool Nip::pppk() const { return Number(value_, 12, 2) >= kFirstPppkCode; }

bool Nip::age_plausible() const {
  // A PPPK number names only the year of the appointment: the age reached in that year counts.
  const int year = Number(value_, 8, 4);
  const int month = Number(value_, 12, 2);
  const int months = (year - static_cast<int>(birth_date_.year())) * 12 +
                     (pppk() ? 12 - birth_date_.month() : month - birth_date_.month());
  return months >= 18 * 12 && months < 61 * 12;
}

std::uint64_t Nip::number() const {
  std::uint64_t number = 0;
  std::from_chars(value_.data(), value_.data() + value_.size(), number);
  return number;
}

}  // namespace teraju::identity::domain
