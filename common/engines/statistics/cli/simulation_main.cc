// Prints raw means and adjusted values side by side on simulated campaigns with known truth.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/engines/statistics/campaign_simulation.h"

using teraju::statistics::CampaignSettings;
using teraju::statistics::Compare;
using teraju::statistics::Comparison;
using teraju::statistics::Coverage;
using teraju::statistics::StandardCampaigns;

int main(int argc, char** argv) {
  const int campaigns = argc > 1 ? std::atoi(argv[1]) : 200;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20250101;
  if (campaigns < 1) {
    std::fprintf(stderr, "usage: teraju-rater-simulation [campaigns, 200] [seed, 20250101]\n");
    return 2;
  }
  std::printf(
      "%d campaigns of 300 people, or as many people otherwise, seed %llu; error: root mean square "
      "against the truth;\n"
      "coverage of 95 %% intervals by number of raters\n\n",
      campaigns,
      static_cast<unsigned long long>(seed));
  std::printf("%-20s %9s %9s %9s %7s %7s %7s %8s\n",
              "campaign",
              "raw",
              "adjusted",
              "change",
              "3",
              "4",
              "5-8",
              "boundary");
  for (const CampaignSettings& settings : StandardCampaigns()) {
    // As many ratees of each kind.
    const Comparison c = Compare(settings, std::max(1, campaigns * 300 / settings.people), seed);
    std::printf("%-20s %9.4f %9.4f %+8.1f%%",
                settings.name.c_str(),
                c.raw_error,
                c.adjusted_error,
                100 * (c.adjusted_error / c.raw_error - 1));
    for (const Coverage& row : c.coverage) {
      std::printf(" %6.2f%%", 100.0 * row.covered / row.ratees);
    }
    std::printf(" %8d\n", c.boundary);
    std::fflush(stdout);
  }
  return 0;
}
