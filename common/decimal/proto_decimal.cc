#include "common/decimal/proto_decimal.h"

#include <limits>
#include <string>

#include "common/errors/error.h"

namespace teraju {
namespace {

constexpr int kNanoDigits = 9;
constexpr std::int64_t kNanosPerUnit = 1'000'000'000;

absl::Status Refuse(std::string_view why) {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, why);
}

}  // namespace

absl::StatusOr<Decimal> FromProto(const google::type::Decimal& proto) {
  return Decimal::Parse(proto.value());
}

google::type::Decimal ToProto(const Decimal& value) {
  google::type::Decimal proto;
  proto.set_value(value.ToString());
  return proto;
}

absl::StatusOr<Decimal> AmountOf(const google::type::Money& money) {
  const bool bounded = money.nanos() > -kNanosPerUnit && money.nanos() < kNanosPerUnit;
  const bool one_sign =
      (money.units() <= 0 || money.nanos() >= 0) && (money.units() >= 0 || money.nanos() <= 0);
  if (!bounded || !one_sign) {
    return Refuse("The nanos of an amount lie within ±999999999 and have the sign of its units.");
  }
  return Decimal(Integer(money.units()) * kNanosPerUnit + money.nanos(), kNanoDigits).Normalized();
}

absl::StatusOr<google::type::Money> ToMoney(const Decimal& amount, std::string_view currency_code) {
  const Decimal exact = amount.Normalized();
  if (exact.scale() > kNanoDigits) {
    return Refuse("An amount has at most nine digits after the point.");
  }
  const Integer nanos = exact.unscaled() * PowerOfTen(kNanoDigits - exact.scale());
  const Integer units = nanos / kNanosPerUnit;
  if (units > std::numeric_limits<std::int64_t>::max() ||
      units < std::numeric_limits<std::int64_t>::min()) {
    return Refuse("An amount fits into 64 bits of whole units.");
  }
  google::type::Money money;
  money.set_currency_code(std::string(currency_code));
  money.set_units(static_cast<std::int64_t>(units));
  money.set_nanos(static_cast<std::int32_t>(nanos % kNanosPerUnit));
  return money;
}

}  // namespace teraju
