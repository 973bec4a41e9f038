#include "common/engines/statistics/campaign_simulation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "common/engines/statistics/rater_model.h"

namespace teraju::statistics {
namespace {

// Independent of the standard library's distributions, which differ between implementations.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  int Below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  double Uniform() { return (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53; }
  // Box and Muller 1958.
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(Uniform()));
    return radius * std::cos(2 * 3.14159265358979323846 * Uniform());
  }

 private:
  std::mt19937_64 engine_;
};

struct Population {
  std::vector<double> worth;
  std::vector<double> severity;  // added to what the person gives
  std::vector<bool> colluder;
};

constexpr double kMean = 3.5;
constexpr int kColluders = 10;  // one of so many

Population DrawPopulation(const CampaignSettings& settings, Random& random) {
  Population population;
  for (int i = 0; i < settings.people; ++i) {
    population.worth.push_back(settings.worth_sd * random.Normal());
    population.severity.push_back(settings.severity_sd * random.Normal());
    population.colluder.push_back(settings.behaviour == Behaviour::kColluding &&
                                  random.Below(kColluders) == 0);
  }
  return population;
}

int Candidate(const CampaignSettings& settings, int ratee, Random& random) {
  if (random.Below(10) == 0) return random.Below(settings.people);
  const int first = ratee / settings.unit * settings.unit;
  const int size = std::min(settings.unit, settings.people - first);
  return first + random.Below(size);
}

std::vector<int> DrawRaters(const CampaignSettings& settings,
                            const Population& population,
                            int ratee,
                            Random& random) {
  const int span = settings.most_raters - settings.least_raters + 1;
  const int count = settings.least_raters + random.Below(span);
  // Those who choose know twice as many and take the lenient half.
  const bool chooses = settings.behaviour == Behaviour::kChosen;
  const int wanted = chooses ? 2 * count : count;
  std::set<int> candidates;
  for (int tries = 0; static_cast<int>(candidates.size()) < wanted && tries < 1000; ++tries) {
    const int rater = Candidate(settings, ratee, random);
    if (rater != ratee) candidates.insert(rater);
  }
  std::vector<int> raters(candidates.begin(), candidates.end());
  if (chooses) {
    std::sort(raters.begin(), raters.end(), [&](int a, int b) {
      return population.severity[a] > population.severity[b];
    });
    raters.resize(std::min<std::size_t>(raters.size(), count));
  }
  return raters;
}

double Answer(const CampaignSettings& settings, double value) {
  return settings.ordinal ? std::clamp(std::round(value), 1.0, 5.0) : value;
}

// What a person of this worth gets on average from a rater drawn by lot: the truth on the scale of
// the answers.
double ExpectedAnswer(const CampaignSettings& settings, double worth) {
  if (!settings.ordinal) return kMean + worth;
  const double sd = std::hypot(settings.severity_sd, settings.error_sd);
  double expected = 1;
  for (int level = 1; level < 5; ++level) {
    expected += 0.5 * std::erfc((level + 0.5 - kMean - worth) / sd / std::sqrt(2.0));
  }
  return expected;
}

void AddErrors(const Campaign& campaign,
               const RaterFit& fit,
               double& raw,
               double& adjusted,
               std::vector<Coverage>& coverage) {
  for (std::size_t i = 0; i < campaign.truth.size(); ++i) {
    const AdjustedRatee& ratee = fit.ratees[i];
    const double truth = campaign.truth[i];
    raw += std::pow(ratee.raw - truth, 2);
    adjusted += std::pow(ratee.adjusted - truth, 2);
    for (Coverage& row : coverage) {
      if (ratee.raters < row.least_raters || ratee.raters > row.most_raters) continue;
      ++row.ratees;
      row.covered += ratee.interval.lower <= truth && truth <= ratee.interval.upper;
    }
  }
}

}  // namespace

Campaign DrawCampaign(const CampaignSettings& settings, std::uint64_t seed) {
  Random random(seed);
  const Population population = DrawPopulation(settings, random);
  Campaign campaign;
  campaign.ratings.ratees = campaign.ratings.raters = settings.people;
  for (int i = 0; i < settings.people; ++i) {
    campaign.truth.push_back(ExpectedAnswer(settings, population.worth[i]));
    for (const int j : DrawRaters(settings, population, i, random)) {
      const double honest = kMean + population.worth[i] + population.severity[j] +
                            settings.error_sd * random.Normal();
      const bool favour = population.colluder[i] && population.colluder[j];
      campaign.ratings.answers.push_back({i, j, Answer(settings, favour ? 5 : honest)});
    }
  }
  return campaign;
}

Comparison Compare(const CampaignSettings& settings, int campaigns, std::uint64_t seed) {
  Comparison result{.campaigns = campaigns};
  result.coverage = {{3, 3, 0, 0}, {4, 4, 0, 0}, {5, 8, 0, 0}};
  double raw = 0;
  double adjusted = 0;
  double ratees = 0;
  for (int c = 0; c < campaigns; ++c) {
    const Campaign campaign = DrawCampaign(settings, seed + c);
    const auto fit = FitRaterModel(campaign.ratings);
    if (!fit.ok()) {
      ++result.refused;
      continue;
    }
    result.boundary += fit->ratee_sd == 0;
    ratees += static_cast<double>(campaign.truth.size());
    AddErrors(campaign, *fit, raw, adjusted, result.coverage);
  }
  result.raw_error = std::sqrt(raw / ratees);
  result.adjusted_error = std::sqrt(adjusted / ratees);
  return result;
}

std::vector<CampaignSettings> StandardCampaigns() {
  const CampaignSettings realistic{.name = "realistic"};
  std::vector<CampaignSettings> all = {realistic};
  const auto add = [&](const std::string& name, auto change) {
    CampaignSettings settings = realistic;
    settings.name = name;
    change(settings);
    all.push_back(settings);
  };
  add("one unit of 30", [](auto& s) { s.people = 30; });
  add("60 people", [](auto& s) { s.people = 60; });
  add("2,000 people", [](auto& s) { s.people = 2000; });
  add("little severity", [](auto& s) { s.severity_sd = 0.15; });
  add("much severity", [](auto& s) { s.severity_sd = 0.8; });
  add("ordinal", [](auto& s) { s.ordinal = true; });
  add("chosen raters", [](auto& s) { s.behaviour = Behaviour::kChosen; });
  add("collusion", [](auto& s) { s.behaviour = Behaviour::kColluding; });
  add("ordinal, chosen", [](auto& s) {
    s.ordinal = true;
    s.behaviour = Behaviour::kChosen;
  });
  add("ordinal, collusion", [](auto& s) {
    s.ordinal = true;
    s.behaviour = Behaviour::kColluding;
  });
  return all;
}

}  // namespace teraju::statistics
