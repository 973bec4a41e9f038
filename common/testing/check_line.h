// The one line that a named check prints, from which the published table is made.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace teraju::testing {

// Prints `{"name":…,"pass":…,"figure":…,"unit":…,"bound":…,"n":…,"seconds":…,"seed":…,"version":…}`
// when it goes.
class CheckLine {
 public:
  CheckLine(std::string name, std::string unit, std::string bound, std::uint32_t seed = 0);
  ~CheckLine();
  CheckLine(const CheckLine&) = delete;
  CheckLine& operator=(const CheckLine&) = delete;

  // What was measured, of how many. A check that has measured passes unless the test it stands in
  // has failed; one that ends before it has measured has not passed.
  void Set(double figure, std::int64_t n) {
    measured_ = true;
    figure_ = figure;
    n_ = n;
  }

 private:
  const std::string name_;
  const std::string unit_;
  const std::string bound_;
  const std::uint32_t seed_;
  const absl::Time start_ = absl::Now();
  bool measured_ = false;
  double figure_ = 0;
  std::int64_t n_ = 0;
};

}  // namespace teraju::testing
