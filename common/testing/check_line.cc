#include "common/testing/check_line.h"

#include <cstdio>
#include <utility>

#include "gtest/gtest.h"

namespace teraju::testing {

CheckLine::CheckLine(std::string name, std::string unit, std::string bound, std::uint32_t seed)
    : name_(std::move(name)), unit_(std::move(unit)), bound_(std::move(bound)), seed_(seed) {}

CheckLine::~CheckLine() {
  std::printf(
      "{\"name\":\"%s\",\"pass\":%s,\"figure\":%.6g,\"unit\":\"%s\",\"bound\":\"%s\",\"n\":%lld,"
      "\"seconds\":%.1f,"
      "\"seed\":%u,\"version\":\"%s\"}\n",
      name_.c_str(),
      measured_ && !::testing::Test::HasFailure() ? "true" : "false",
      figure_,
      unit_.c_str(),
      bound_.c_str(),
      static_cast<long long>(n_),
      absl::ToDoubleSeconds(absl::Now() - start_),
      seed_,
      TERAJU_VERSION);
  std::fflush(stdout);
}

}  // namespace teraju::testing
