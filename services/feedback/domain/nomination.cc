#include "services/feedback/domain/nomination.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>
#include <utility>

#include "common/engines/statistics/rater_graph.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using Team = std::vector<std::string>;

// Not std::shuffle, whose draws differ between libraries: the same seed must give the same raters
// everywhere.
void Shuffle(Team& team, std::mt19937_64& random) {
  for (std::size_t left = team.size(); left > 1; --left) {
    std::swap(team[left - 1], team[random() % left]);
  }
}

// Everybody under one appraiser, in the order of the ring.
std::map<std::string, Team, std::less<>> MakeTeams(const std::vector<ReportingLine>& lines,
                                                   const std::string& seed) {
  std::map<std::string, Team, std::less<>> teams;
  for (const ReportingLine& line : lines) {
    if (!line.appraiser.empty()) teams[line.appraiser].push_back(line.employee);
  }
  for (auto& [appraiser, team] : teams) {
    const std::string text = seed + appraiser;
    std::seed_seq sequence(text.begin(), text.end());
    std::mt19937_64 random(sequence);
    Shuffle(team, random);
  }
  return teams;
}

// Chooses raters of one ratee; nobody is chosen twice.
class Choice {
 public:
  Choice(const std::string& ratee, std::vector<RaterChoice>& choices)
      : ratee_(ratee), choices_(choices), begin_(choices.size()) {}

  bool Add(const std::string& rater, v1::RaterGroup group) {
    const bool taken = std::any_of(choices_.begin() + static_cast<std::ptrdiff_t>(begin_),
                                   choices_.end(),
                                   [&](const RaterChoice& c) { return c.rater == rater; });
    if (!taken) choices_.push_back({ratee_, rater, group});
    return !taken;
  }
  // Up to `count` of `team`, beginning behind `from` in the ring.
  void AddSome(const Team& team, const std::string& from, int count, v1::RaterGroup group) {
    const auto start = std::find(team.begin(), team.end(), from);
    const std::size_t offset = start == team.end() ? 0 : start - team.begin() + 1;
    for (std::size_t i = 0; i < team.size() && count > 0; ++i) {
      if (Add(team[(offset + i) % team.size()], group)) --count;
    }
  }

 private:
  const std::string& ratee_;
  std::vector<RaterChoice>& choices_;
  const std::size_t begin_;
};

bool Within(const ReportingLine& line, const std::string& unit) {
  return unit.empty() ||
         std::find(line.unit_path.begin(), line.unit_path.end(), unit) != line.unit_path.end();
}

}  // namespace

absl::Status CheckRater(const RaterChoice& choice) {
  if ((choice.ratee == choice.rater) == (choice.group == v1::SELF)) return absl::OkStatus();
  return errors::InvalidArgument(v1::RATER_IS_RATEE,
                                 "Rater and ratee are the same exactly for self feedback.");
}

absl::Status RequireDistinct(const std::vector<RaterChoice>& choices) {
  errors::FieldViolations violations;
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (pairs.emplace(choices[i].ratee, choices[i].rater).second) continue;
    violations.Add(fmt::format("nominations[{}].rater", i),
                   "RATER_REPEATED",
                   "Penilai ini sudah disebut untuk orang yang sama; hapus salah satu.",
                   "The rater is named twice for the same person; remove one.");
  }
  return violations.ToStatus();
}

std::vector<RaterChoice> SuggestRaters(std::vector<ReportingLine> lines,
                                       const SuggestionRules& rules) {
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return std::tie(a.employee, a.appraiser, a.unit) < std::tie(b.employee, b.appraiser, b.unit);
  });
  lines.erase(std::unique(lines.begin(),
                          lines.end(),
                          [](const auto& a, const auto& b) { return a.employee == b.employee; }),
              lines.end());
  const auto teams = MakeTeams(lines, rules.seed);
  std::vector<RaterChoice> choices;
  for (const ReportingLine& line : lines) {
    if (!Within(line, rules.unit)) continue;
    Choice choice(line.employee, choices);
    choice.Add(line.employee, v1::SELF);
    if (!line.appraiser.empty()) {
      choice.Add(line.appraiser, v1::SUPERIOR);
      choice.AddSome(teams.find(line.appraiser)->second, line.employee, rules.peers, v1::PEER);
    }
    if (const auto own = teams.find(line.employee); own != teams.end()) {
      choice.AddSome(own->second, line.employee, rules.subordinates, v1::SUBORDINATE);
    }
  }
  return choices;
}

Connections ConnectChoices(const std::vector<RaterChoice>& choices) {
  std::map<std::string, int> ratee_index;
  std::map<std::string, int> rater_index;
  std::vector<std::string> ratees;
  std::vector<std::string> raters;
  const auto index = [](const std::string& person, auto& known, auto& people) {
    const auto [found, added] = known.emplace(person, static_cast<int>(people.size()));
    if (added) people.push_back(person);
    return found->second;
  };
  std::vector<statistics::Assignment> assignments;
  for (const RaterChoice& choice : choices) {
    if (choice.group == v1::SELF) continue;
    assignments.push_back({.ratee = index(choice.ratee, ratee_index, ratees),
                           .rater = index(choice.rater, rater_index, raters)});
  }
  Connections connections{.ratees = static_cast<int>(ratees.size()),
                          .raters = static_cast<int>(raters.size())};
  const statistics::RaterGraph graph =
      statistics::ConnectRaters(connections.ratees,
                                connections.raters,
                                assignments,
                                [&](const statistics::Assignment& proposed) {
                                  return ratees[proposed.ratee] != raters[proposed.rater];
                                });
  connections.components = graph.components;
  for (const statistics::Assignment& link : graph.connecting)
    connections.connecting.push_back({ratees[link.ratee], raters[link.rater], v1::PEER});
  return connections;
}

}  // namespace teraju::feedback::domain
