#include "services/feedback/domain/estimate.h"

#include <fmt/format.h>

#include <cmath>

namespace teraju::feedback::domain {

google::type::Decimal ToDecimal(double estimate, int digits) {
  const double unit = std::pow(10.0, digits);
  const double rounded = std::floor(estimate * unit + 0.5) / unit;
  google::type::Decimal decimal;
  decimal.set_value(fmt::format("{:.{}f}", rounded == 0 ? 0.0 : rounded, digits));
  return decimal;
}

v1::Refusal ToRefusal(const statistics::Refusal& refusal) {
  v1::Refusal result;
  result.set_code(statistics::ReasonName(refusal.reason));
  result.set_text_id(refusal.id);
  result.set_text_en(refusal.en);
  return result;
}

}  // namespace teraju::feedback::domain
