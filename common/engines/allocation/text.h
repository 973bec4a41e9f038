// Figures for people to read, in both languages.
#pragma once

#include <cstdint>

#include "common/decimal/decimal.h"
#include "common/engines/text.h"

namespace teraju::allocation {

// `1.250.000` in Indonesian, `1,250,000` in English.
Text AmountText(std::int64_t amount);
// Without trailing zeros; in Indonesian the comma parts the decimals.
Text NumberText(const Decimal& value);

}  // namespace teraju::allocation
