#include "common/engines/allocation/mentoring.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

#include "common/decimal/rounding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::allocation {
namespace {

using Graph = lemon::SmartDigraph;
using Simplex = lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t>;

// So that the worth of all pairs together stays within 64 bits.
constexpr int kScoreDigits = 3;
constexpr std::int64_t kLargestScore = 1000;

absl::Status Check(const MentoringProblem& problem) {
  bool good = problem.mentees >= 0 && std::all_of(problem.capacities.begin(),
                                                  problem.capacities.end(),
                                                  [](int capacity) { return capacity >= 0; });
  const auto small = [](const Decimal& value) {
    return value.sign() >= 0 && value <= Decimal(kLargestScore);
  };
  good = good && small(problem.kept_worth) && small(problem.load_cost) &&
         (problem.loads.empty() || problem.loads.size() == problem.capacities.size()) &&
         std::all_of(problem.loads.begin(), problem.loads.end(), [](int load) {
           return load >= 0 && load <= kLargestScore;
         });
  std::set<std::pair<int, int>> pairs;
  for (const Candidate& candidate : problem.candidates) {
    good = good && candidate.mentor >= 0 &&
           candidate.mentor < static_cast<int>(problem.capacities.size()) &&
           candidate.mentee >= 0 && candidate.mentee < problem.mentees &&
           pairs.emplace(candidate.mentor, candidate.mentee).second &&
           candidate.score <= Decimal(kLargestScore) && candidate.score >= Decimal(-kLargestScore);
  }
  if (good) return absl::OkStatus();
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                 "A matching has positions that exist, each pair once, capacities "
                                 "of at least 0, scores within ±1000, a worth and a cost from 0 "
                                 "to 1000.");
}

std::int64_t Scaled(const Decimal& score) {
  return static_cast<std::int64_t>(Round(score, kScoreDigits, Rounding::kHalfUp).unscaled());
}

// A flow of one unit per mentee, from mentors or along a way that costs nothing.
class Matching {
 public:
  explicit Matching(const MentoringProblem& problem)
      : problem_(problem), kept_worth_(Scaled(problem.kept_worth)) {
    for (std::size_t i = 0; i < problem.capacities.size(); ++i)
      mentors_.push_back(graph_.addNode());
    for (int i = 0; i < problem.mentees; ++i) mentees_.push_back(graph_.addNode());
    for (std::size_t i = 0; i < mentors_.size(); ++i) ConnectMentor(static_cast<int>(i));
    for (const Graph::Node mentee : mentees_) Connect(mentee, sink_, 1, 0);
    Connect(source_, sink_, problem.mentees, 0);
    const std::int64_t pair_worth = PairWorth();
    for (const Candidate& candidate : problem.candidates) {
      if (candidate.exclusion != Exclusion::kNone) continue;
      const Graph::Node mentor = mentors_[candidate.mentor];
      const Graph::Node mentee = mentees_[candidate.mentee];
      const std::int64_t worth = pair_worth + WorthOf(candidate);
      pairs_.emplace_back(Connect(mentor, mentee, 1, -worth), &candidate);
    }
  }

  // The mentor of each mentee, -1 for none.
  std::vector<int> Solve() {
    Simplex simplex(graph_);
    simplex.upperMap(capacity_).costMap(cost_).stSupply(source_, sink_, problem_.mentees);
    simplex.run();
    std::vector<int> mentor_of(problem_.mentees, -1);
    for (const auto& [arc, candidate] : pairs_) {
      if (simplex.flow(arc) > 0) mentor_of[candidate->mentee] = candidate->mentor;
    }
    return mentor_of;
  }

 private:
  Graph::Arc Connect(Graph::Node from, Graph::Node to, std::int64_t most, std::int64_t costs) {
    const Graph::Arc arc = graph_.addArc(from, to);
    capacity_[arc] = most;
    cost_[arc] = costs;
    return arc;
  }

  // Each further mentee costs more than the one before.
  void ConnectMentor(int mentor) {
    const std::int64_t load_cost = Scaled(problem_.load_cost);
    const int places = std::min(problem_.capacities[mentor], problem_.mentees);
    if (load_cost == 0) {
      Connect(source_, mentors_[mentor], places, 0);
      return;
    }
    const int load = problem_.loads.empty() ? 0 : problem_.loads[mentor];
    for (int place = 0; place < places; ++place) {
      const std::int64_t cost = load_cost * (load + place);
      largest_load_cost_ = std::max(largest_load_cost_, cost);
      Connect(source_, mentors_[mentor], 1, cost);
    }
  }

  std::int64_t WorthOf(const Candidate& candidate) const {
    return Scaled(candidate.score) + (candidate.kept ? kept_worth_ : 0);
  }

  // A pair is worth more than any difference of the rest that it could cost.
  std::int64_t PairWorth() const {
    std::int64_t largest = 0;
    for (const Candidate& candidate : problem_.candidates) {
      largest = std::max(largest, std::abs(WorthOf(candidate)));
    }
    return (2 * largest + largest_load_cost_) * (problem_.mentees + 1) + 1;
  }

  const MentoringProblem& problem_;
  const std::int64_t kept_worth_;
  std::int64_t largest_load_cost_ = 0;
  Graph graph_;
  Graph::ArcMap<std::int64_t> capacity_{graph_}, cost_{graph_};
  const Graph::Node source_ = graph_.addNode();
  const Graph::Node sink_ = graph_.addNode();
  std::vector<Graph::Node> mentors_, mentees_;
  std::vector<std::pair<Graph::Arc, const Candidate*>> pairs_;
};

// How the candidates of one mentee came out.
Match Explain(const std::vector<const Candidate*>& candidates, int mentor) {
  Match match;
  match.mentor = mentor;
  const Candidate* chosen = nullptr;
  bool only_superior = !candidates.empty();
  bool no_language = false;
  for (const Candidate* candidate : candidates) {
    match.allowed += candidate->exclusion == Exclusion::kNone;
    only_superior = only_superior && candidate->exclusion == Exclusion::kDirectSuperior;
    no_language = no_language || candidate->exclusion == Exclusion::kNoLanguage;
    if (candidate->mentor == mentor) chosen = candidate;
  }
  if (chosen == nullptr) {
    match.unmatched = match.allowed > 0    ? Unmatched::kMentorsFull
                      : candidates.empty() ? Unmatched::kNoCandidate
                      : only_superior      ? Unmatched::kOnlySuperior
                      : no_language        ? Unmatched::kNoLanguage
                                           : Unmatched::kOnlyVetoed;
    return match;
  }
  match.rank = 1;
  for (const Candidate* other : candidates) {
    match.rank += other->exclusion == Exclusion::kNone && other->score > chosen->score;
  }
  return match;
}

}  // namespace

std::string UnmatchedCode(Unmatched reason) {
  switch (reason) {
    case Unmatched::kNone:
      return "";
    case Unmatched::kMentorsFull:
      return "MENTORS_FULL";
    case Unmatched::kNoLanguage:
      return "NO_LANGUAGE";
    case Unmatched::kOnlyVetoed:
      return "ONLY_VETOED";
    case Unmatched::kOnlySuperior:
      return "ONLY_SUPERIOR";
    case Unmatched::kNoCandidate:
      return "NO_CANDIDATE";
  }
  return "";
}

absl::StatusOr<std::vector<Match>> MatchMentors(const MentoringProblem& problem) {
  RETURN_IF_ERROR(Check(problem));
  const std::vector<int> mentor_of = Matching(problem).Solve();
  std::vector<std::vector<const Candidate*>> candidates(problem.mentees);
  for (const Candidate& candidate : problem.candidates) {
    candidates[candidate.mentee].push_back(&candidate);
  }
  std::vector<Match> matches;
  for (int mentee = 0; mentee < problem.mentees; ++mentee) {
    matches.push_back(Explain(candidates[mentee], mentor_of[mentee]));
  }
  return matches;
}

}  // namespace teraju::allocation
