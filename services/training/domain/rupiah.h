// Money of training: whole, non-negative rupiah.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/type/money.pb.h"

namespace teraju::training::domain {

// An absent amount is 0. INVALID_ARGUMENT: CURRENCY_MIXED for another currency; FIELD_INVALID,
// naming `field`, for negative amounts, fractions and more than 10^15.
absl::StatusOr<std::int64_t> ParseRupiah(const google::type::Money& money, std::string_view field);

google::type::Money ToMoney(std::int64_t rupiah);

}  // namespace teraju::training::domain
