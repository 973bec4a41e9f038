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
                                 "of at least 0 and scores within ±1000.");
}

std::int64_t Scaled(const Decimal& score) {
  return static_cast<std::int64_t>(Round(score, kScoreDigits, Rounding::kHalfUp).unscaled());
}

// The mentor of each mentee, -1 for none: a flow of one unit per mentee, from mentors or along a
// way that costs nothing.
std::vector<int> Solve(const MentoringProblem& problem) {
  Graph graph;
  const Graph::Node source = graph.addNode();
  const Graph::Node sink = graph.addNode();
  std::vector<Graph::Node> mentors, mentees;
  for (std::size_t i = 0; i < problem.capacities.size(); ++i) mentors.push_back(graph.addNode());
  for (int i = 0; i < problem.mentees; ++i) mentees.push_back(graph.addNode());
  Graph::ArcMap<std::int64_t> capacity(graph), cost(graph);
  const auto connect =
      [&](Graph::Node from, Graph::Node to, std::int64_t most, std::int64_t costs) {
        const Graph::Arc arc = graph.addArc(from, to);
        capacity[arc] = most;
        cost[arc] = costs;
        return arc;
      };
  // A pair is worth more than any difference of scores that it could cost.
  std::int64_t largest = 0;
  for (const Candidate& c : problem.candidates)
    largest = std::max(largest, std::abs(Scaled(c.score)));
  const std::int64_t pair_worth = 2 * largest * (problem.mentees + 1) + 1;
  for (std::size_t i = 0; i < mentors.size(); ++i)
    connect(source, mentors[i], problem.capacities[i], 0);
  for (const Graph::Node mentee : mentees) connect(mentee, sink, 1, 0);
  connect(source, sink, problem.mentees, 0);
  std::vector<std::pair<Graph::Arc, const Candidate*>> pairs;
  for (const Candidate& candidate : problem.candidates) {
    if (candidate.exclusion != Exclusion::kNone) continue;
    pairs.emplace_back(connect(mentors[candidate.mentor],
                               mentees[candidate.mentee],
                               1,
                               -pair_worth - Scaled(candidate.score)),
                       &candidate);
  }
  Simplex simplex(graph);
  simplex.upperMap(capacity).costMap(cost).stSupply(source, sink, problem.mentees);
  simplex.run();
  std::vector<int> mentor_of(problem.mentees, -1);
  for (const auto& [arc, candidate] : pairs) {
    if (simplex.flow(arc) > 0) mentor_of[candidate->mentee] = candidate->mentor;
  }
  return mentor_of;
}

// How the candidates of one mentee came out.
Match Explain(const std::vector<const Candidate*>& candidates, int mentor) {
  Match match;
  match.mentor = mentor;
  const Candidate* chosen = nullptr;
  bool only_superior = !candidates.empty();
  for (const Candidate* candidate : candidates) {
    match.allowed += candidate->exclusion == Exclusion::kNone;
    only_superior = only_superior && candidate->exclusion == Exclusion::kDirectSuperior;
    if (candidate->mentor == mentor) chosen = candidate;
  }
  if (chosen == nullptr) {
    match.unmatched = match.allowed > 0    ? Unmatched::kMentorsFull
                      : candidates.empty() ? Unmatched::kNoCandidate
                      : only_superior      ? Unmatched::kOnlySuperior
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
  const std::vector<int> mentor_of = Solve(problem);
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
