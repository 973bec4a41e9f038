// Which mentor for whom: as many pairs as possible, then the best scores, within what each mentor
// can carry.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"

namespace teraju::allocation {

// Why two people cannot be a pair.
enum class Exclusion {
  kNone,
  kSamePerson,
  kDirectSuperior,  // a mentor is not one's appraiser
  kVetoed,          // by either
  kNoLanguage,      // they share none
};

struct Candidate {
  int mentor = 0;  // position in MentoringProblem::capacities
  int mentee = 0;  // 0 to mentees - 1
  Decimal score;   // greater is better; within ±1000, three digits count
  Exclusion exclusion = Exclusion::kNone;
  bool kept = false;  // are a pair already
};

struct MentoringProblem {
  std::vector<int> capacities;  // of each mentor: mentees at most
  int mentees = 0;
  std::vector<Candidate> candidates;  // a pair at most once
  // What a pair that stays is worth besides its score, so that little changes make no new pairs;
  // 0 to 1000, three digits.
  Decimal kept_worth = 0;
  // What each mentee that a mentor has already costs another pair, so that the load is shared;
  // 0 to 1000, three digits.
  Decimal load_cost = 0;
  std::vector<int> loads = {};  // of each mentor: mentees already, besides the capacity; or empty
};

enum class Unmatched {
  kNone,
  kMentorsFull,   // allowed mentors have others
  kNoLanguage,    // who is not excluded otherwise shares no language
  kOnlyVetoed,    // every candidate was vetoed, or is excluded otherwise
  kOnlySuperior,  // the only candidate is the direct superior
  kNoCandidate,
};
// `MENTORS_FULL`, `NO_LANGUAGE`, `ONLY_VETOED`, `ONLY_SUPERIOR`, `NO_CANDIDATE`; empty for kNone.
std::string UnmatchedCode(Unmatched reason);

struct Match {
  int mentor = -1;  // -1: none
  int rank = 0;     // 1: the best-scored mentor that this mentee may have, and so on
  int allowed = 0;  // how many mentors this mentee may have
  Unmatched unmatched = Unmatched::kNone;
};

// A match for each mentee. INVALID_ARGUMENT (FIELD_INVALID) for positions that do not exist, pairs
// named twice, capacities below 0 and scores out of bounds.
absl::StatusOr<std::vector<Match>> MatchMentors(const MentoringProblem& problem);

}  // namespace teraju::allocation
