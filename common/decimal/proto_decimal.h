// Decimals as google.type.Decimal and google.type.Money.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"
#include "google/type/decimal.pb.h"
#include "google/type/money.pb.h"

namespace teraju {

absl::StatusOr<Decimal> FromProto(const google::type::Decimal& proto);
google::type::Decimal ToProto(const Decimal& value);

// INVALID_ARGUMENT (FIELD_INVALID) when nanos are out of bounds or of another sign than units.
absl::StatusOr<Decimal> AmountOf(const google::type::Money& money);
// INVALID_ARGUMENT (FIELD_INVALID) when the amount has more than nine digits after the point or
// does not fit: round first.
absl::StatusOr<google::type::Money> ToMoney(const Decimal& amount, std::string_view currency_code);

}  // namespace teraju
