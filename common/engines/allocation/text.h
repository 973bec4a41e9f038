// Something for people to read, in both languages.
#pragma once

#include <cstdint>
#include <string>

#include "common/decimal/decimal.h"

namespace teraju::allocation {

struct Text {
  std::string id;
  std::string en;
};

// `1.250.000` in Indonesian, `1,250,000` in English.
Text AmountText(std::int64_t amount);
// Without trailing zeros; in Indonesian the comma parts the decimals.
Text NumberText(const Decimal& value);

}  // namespace teraju::allocation
