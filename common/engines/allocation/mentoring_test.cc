#include "common/engines/allocation/mentoring.h"

#include <algorithm>
#include <functional>
#include <random>

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::teraju::testing::StatusIs;

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

TEST(MatchMentors, TakesTheBestTotal) {
  MentoringProblem problem{{1, 1}, 2, {{0, 0, 9}, {0, 1, 8}, {1, 0, 7}, {1, 1, 1}}};
  const auto matches = MatchMentors(problem).value();
  EXPECT_EQ(matches[0].mentor, 1);  // 7 + 8 beats 9 + 1
  EXPECT_EQ(matches[0].rank, 2);
  EXPECT_EQ(matches[0].allowed, 2);
  EXPECT_EQ(matches[1].mentor, 0);
  EXPECT_EQ(matches[1].rank, 1);
}

TEST(MatchMentors, PrefersMorePairsToBetterScores) {
  MentoringProblem problem{{1, 1}, 2, {{0, 0, 1000}, {0, 1, D("0.001")}, {1, 0, -1000}}};
  const auto matches = MatchMentors(problem).value();
  EXPECT_EQ(matches[0].mentor, 1);
  EXPECT_EQ(matches[1].mentor, 0);
}

TEST(MatchMentors, NeverTakesAnExcludedPair) {
  MentoringProblem problem{{5, 5}, 1, {{0, 0, 9, Exclusion::kDirectSuperior}, {1, 0, 1}}};
  EXPECT_EQ(MatchMentors(problem)->at(0).mentor, 1);
  problem.candidates[0].exclusion = Exclusion::kNone;  // the control
  EXPECT_EQ(MatchMentors(problem)->at(0).mentor, 0);
}

TEST(MatchMentors, SaysWhySomebodyHasNoMentor) {
  MentoringProblem problem{{1, 3}, 6, {}};
  problem.candidates = {{0, 0, 9},
                        {0, 1, 5},
                        {1, 2, 5, Exclusion::kDirectSuperior},
                        {1, 3, 5, Exclusion::kVetoed},
                        {0, 3, 5, Exclusion::kDirectSuperior},
                        {1, 5, 5, Exclusion::kSamePerson}};
  const auto matches = MatchMentors(problem).value();
  EXPECT_EQ(matches[0].unmatched, Unmatched::kNone);
  EXPECT_EQ(matches[1].unmatched, Unmatched::kMentorsFull);
  EXPECT_EQ(matches[2].unmatched, Unmatched::kOnlySuperior);
  EXPECT_EQ(matches[3].unmatched, Unmatched::kOnlyVetoed);
  EXPECT_EQ(matches[4].unmatched, Unmatched::kNoCandidate);
  EXPECT_EQ(matches[5].unmatched, Unmatched::kOnlyVetoed);
  EXPECT_EQ(UnmatchedCode(matches[1].unmatched), "MENTORS_FULL");
  EXPECT_EQ(UnmatchedCode(Unmatched::kNone), "");
}

TEST(MatchMentors, WithoutAnybodyThereIsNothing) {
  EXPECT_EQ(MatchMentors({})->size(), 0u);
  EXPECT_EQ(MatchMentors({{}, 2, {}})->at(1).unmatched, Unmatched::kNoCandidate);
  EXPECT_EQ(MatchMentors({{0}, 1, {{0, 0, 5}}})->at(0).unmatched, Unmatched::kMentorsFull);
}

TEST(MatchMentors, RefusesWhatDoesNotExist) {
  for (const MentoringProblem& problem : {MentoringProblem{{1}, 1, {{1, 0, 1}}},
                                          MentoringProblem{{1}, 1, {{0, 1, 1}}},
                                          MentoringProblem{{1}, 1, {{-1, 0, 1}}},
                                          MentoringProblem{{-1}, 1, {}},
                                          MentoringProblem{{1}, 1, {{0, 0, 1}, {0, 0, 2}}},
                                          MentoringProblem{{1}, 1, {{0, 0, 1001}}}}) {
    EXPECT_THAT(MatchMentors(problem), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(MatchMentors, KeepsPairsUnlessMuchIsToBeGained) {
  MentoringProblem problem{{1, 1}, 2, {{0, 0, 5}, {0, 1, 6}, {1, 0, 6}, {1, 1, 5}}};
  problem.candidates[0].kept = problem.candidates[3].kept = true;
  EXPECT_EQ(MatchMentors(problem)->at(0).mentor, 1);
  problem.kept_worth = 2;
  EXPECT_EQ(MatchMentors(problem)->at(0).mentor, 0);
  EXPECT_EQ(MatchMentors(problem)->at(1).mentor, 1);
}

TEST(MatchMentors, SharesTheLoad) {
  MentoringProblem problem{{3, 3}, 2, {{0, 0, 6}, {0, 1, 6}, {1, 0, 5}, {1, 1, 5}}};
  EXPECT_EQ(MatchMentors(problem)->at(1).mentor, MatchMentors(problem)->at(0).mentor);
  problem.load_cost = 2;
  EXPECT_NE(MatchMentors(problem)->at(1).mentor, MatchMentors(problem)->at(0).mentor);
  problem.loads = {2, 0};  // who has two already gets none
  EXPECT_EQ(MatchMentors(problem)->at(0).mentor, 1);
  EXPECT_EQ(MatchMentors(problem)->at(1).mentor, 1);
}

// Of a pair, whose mentor got so many in this matching before.
Decimal WorthOf(const MentoringProblem& problem, const Candidate& candidate, int before) {
  const int load = problem.loads.empty() ? 0 : problem.loads[candidate.mentor];
  return candidate.score + (candidate.kept ? problem.kept_worth : Decimal(0)) -
         problem.load_cost * Decimal(load + before);
}

// The most pairs, then the largest total, by trying everything.
std::pair<int, Decimal> BruteForce(const MentoringProblem& problem) {
  std::pair<int, Decimal> best = {0, 0};
  std::vector<int> load(problem.capacities.size(), 0);
  const std::function<void(int, int, Decimal)> assign =
      [&](int mentee, int pairs, const Decimal& total) {
        if (mentee == problem.mentees) {
          if (pairs > best.first || (pairs == best.first && total > best.second))
            best = {pairs, total};
          return;
        }
        assign(mentee + 1, pairs, total);
        for (const Candidate& c : problem.candidates) {
          if (c.mentee != mentee || c.exclusion != Exclusion::kNone) continue;
          if (load[c.mentor] == problem.capacities[c.mentor]) continue;
          const Decimal worth = WorthOf(problem, c, load[c.mentor]);
          ++load[c.mentor];
          assign(mentee + 1, pairs + 1, total + worth);
          --load[c.mentor];
        }
      };
  assign(0, 0, 0);
  return best;
}

TEST(MatchMentors, FindsTheBestOfAllMatchings) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    MentoringProblem problem;
    problem.mentees = 1 + static_cast<int>(random() % 6);
    for (int mentor = 0; mentor < 4; ++mentor) {
      problem.capacities.push_back(static_cast<int>(random() % 3));
      for (int mentee = 0; mentee < problem.mentees; ++mentee) {
        if (random() % 3 == 0) continue;
        const auto exclusion = random() % 5 == 0 ? Exclusion::kVetoed : Exclusion::kNone;
        problem.candidates.push_back({mentor,
                                      mentee,
                                      Decimal(Integer(random() % 2001) - 1000, 2),
                                      exclusion,
                                      random() % 4 == 0});
      }
    }
    if (round % 2 == 0) {
      problem.kept_worth = Decimal(Integer(random() % 500), 2);
      problem.load_cost = Decimal(Integer(random() % 300), 2);
      problem.loads = {0, 2, static_cast<int>(random() % 3), 1};
    }
    const auto matches = MatchMentors(problem).value();
    std::pair<int, Decimal> found = {0, 0};
    std::vector<int> load(problem.capacities.size(), 0);
    for (std::size_t mentee = 0; mentee < matches.size(); ++mentee) {
      if (matches[mentee].mentor < 0) continue;
      const auto pair = std::find_if(
          problem.candidates.begin(), problem.candidates.end(), [&](const Candidate& c) {
            return c.mentor == matches[mentee].mentor && c.mentee == static_cast<int>(mentee);
          });
      ASSERT_EQ(pair->exclusion, Exclusion::kNone);
      found = {found.first + 1, found.second + WorthOf(problem, *pair, load[pair->mentor])};
      ++load[pair->mentor];
    }
    for (std::size_t i = 0; i < load.size(); ++i) ASSERT_LE(load[i], problem.capacities[i]);
    EXPECT_EQ(found, BruteForce(problem)) << round;
  }
}

}  // namespace
}  // namespace teraju::allocation
