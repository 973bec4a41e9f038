#include "common/engines/allocation/text.h"

#include <algorithm>

namespace teraju::allocation {

Text AmountText(std::int64_t amount) {
  std::string digits = std::to_string(amount);
  Text text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool group = i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0;
    if (group) {
      text.id += '.';
      text.en += ',';
    }
    text.id += digits[i];
    text.en += digits[i];
  }
  return text;
}

Text NumberText(const Decimal& value) {
  Text text;
  text.en = value.Normalized().ToString();
  text.id = text.en;
  std::replace(text.id.begin(), text.id.end(), '.', ',');
  return text;
}

}  // namespace teraju::allocation
