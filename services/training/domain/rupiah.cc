#include "services/training/domain/rupiah.h"

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

constexpr char kCurrency[] = "IDR";
constexpr std::int64_t kMaximum = 1'000'000'000'000'000;

}  // namespace

absl::StatusOr<std::int64_t> ParseRupiah(const google::type::Money& money, std::string_view field) {
  if (money.units() == 0 && money.nanos() == 0) return 0;
  if (money.currency_code() != kCurrency) {
    return errors::InvalidArgument(v1::CURRENCY_MIXED, "Amounts are in rupiah.")
        .With("currency", kCurrency);
  }
  if (money.units() < 0 || money.units() > kMaximum || money.nanos() != 0) {
    errors::FieldViolations violations;
    violations.Add(field,
                   "OUT_OF_BOUNDS",
                   "Isi dengan rupiah bulat dari 0 sampai 1.000.000.000.000.000.",
                   "Give whole rupiah from 0 to 1,000,000,000,000,000.");
    return violations.ToStatus();
  }
  return money.units();
}

google::type::Money ToMoney(std::int64_t rupiah) {
  google::type::Money money;
  money.set_currency_code(kCurrency);
  money.set_units(rupiah);
  return money;
}

}  // namespace teraju::training::domain
