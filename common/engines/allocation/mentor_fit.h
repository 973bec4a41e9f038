// How well a mentor suits somebody, in points and in words.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/decimal/decimal.h"
#include "common/engines/allocation/mentoring.h"
#include "common/engines/allocation/text.h"

namespace teraju::allocation {

struct Mentor {
  std::string id;
  std::set<std::string> strengths;     // topics
  int experience = 0;                  // years
  int level = 0;                       // in the hierarchy, 1 for the highest
  std::vector<std::string> unit_path;  // the own unit and those above it, nearest first
  std::set<std::string> languages;     // empty: not asked
};

struct Mentee {
  std::string id;
  std::vector<std::pair<std::string, Decimal>> needs;  // topic and weight
  int experience = 0;
  int level = 0;
  std::vector<std::string> unit_path;
  std::set<std::string> languages;
  std::string superior;  // the direct one
};

// What each point is for; together the score, 0 to 100, two digits.
struct MentorFit {
  Decimal need;  // to 50: the share of the mentee's needs, by weight, that the mentor is strong in
  Decimal experience;  // to 20: 2 for each year more
  Decimal hierarchy;   // to 15: 15 one or two levels above, 5 fewer for each level off that
  Decimal unit;        // to 15: 3 fewer for each step in the tree of units
  Exclusion exclusion = Exclusion::kNone;

  Decimal Score() const { return need + experience + hierarchy + unit; }
};

// Vetoes are pairs of mentor and mentee, by id.
MentorFit FitOf(const Mentor& mentor,
                const Mentee& mentee,
                const std::set<std::pair<std::string, std::string>>& vetoes);

// Why these two, or why they cannot be.
Text FitText(const Mentor& mentor, const Mentee& mentee, const MentorFit& fit);

// Every mentor who has something to give, with every mentee; `kept` are pairs that exist, by id.
std::vector<Candidate> MentorCandidates(const std::vector<Mentor>& mentors,
                                        const std::vector<Mentee>& mentees,
                                        const std::set<std::pair<std::string, std::string>>& vetoes,
                                        const std::set<std::pair<std::string, std::string>>& kept);

}  // namespace teraju::allocation
