// Campaigns with known truth: how far raw means and adjusted values are from what the ratees are
// worth, and how often the intervals hold it. Seeded: the same settings give the same numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/engines/statistics/ratings.h"

namespace teraju::statistics {

enum class Behaviour {
  kHonest,     // raters are drawn by lot
  kChosen,     // ratees pick the most lenient of those around them
  kColluding,  // a tenth of the people give one another the best they can
};

struct CampaignSettings {
  std::string name;
  int people = 300;
  int unit = 30;  // raters come from the own unit, one of ten from anywhere
  int least_raters = 3;
  int most_raters = 8;  // drawn evenly for each ratee
  double worth_sd = 0.5;
  double severity_sd = 0.5;  // as far apart as the ratees: README.md
  double error_sd = 0.6;
  bool ordinal = false;  // whole numbers from 1 to 5
  Behaviour behaviour = Behaviour::kHonest;
};

struct Campaign {
  Ratings ratings;
  std::vector<double> truth;  // by ratee, on the scale of the answers
};

Campaign DrawCampaign(const CampaignSettings& settings, std::uint64_t seed);

// Ratees with the same number of raters.
struct Coverage {
  int least_raters = 0;
  int most_raters = 0;
  int ratees = 0;
  int covered = 0;
};

struct Comparison {
  int campaigns = 0;
  int refused = 0;
  int boundary = 0;      // fits without ratee variance
  double raw_error = 0;  // root mean square against the truth
  double adjusted_error = 0;
  std::vector<Coverage> coverage;  // 3, 4, 5 to 8 raters
};

// Draws `campaigns` campaigns with the seeds `seed`, `seed` + 1, ... and fits each.
Comparison Compare(const CampaignSettings& settings, int campaigns, std::uint64_t seed);

// What is published as evidence, in this order.
std::vector<CampaignSettings> StandardCampaigns();

}  // namespace teraju::statistics
