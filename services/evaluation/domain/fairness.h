// How results and objections are spread over groups of people: counts without small ones, and how
// far groups differ, with its uncertainty. It describes and corrects nobody's result.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/fairness_service.pb.h"

namespace teraju::evaluation::domain {

// What identity tells of a person for counting.
struct PersonTraits {
  std::string grade;   // `34`
  std::string gender;  // `MALE`, `FEMALE`; empty where it is not known
};

enum class FairnessObjection { kNone, kUnchanged, kChanged };

struct FairnessPerson {
  std::vector<std::string> unit_path;  // names, from the unit to the root
  std::string position_kind;           // `FUNCTIONAL`
  std::string rank_group;              // of RankGroupOf
  std::string gender;                  // of GenderGroupOf
  v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
  FairnessObjection objection = FairnessObjection::kNone;
};

// `III` of `34`, as SIASN writes III/d; `PPPK` of a Roman numeral; else `OTHER`.
std::string RankGroupOf(std::string_view grade);
// The gender; `OTHER` where it is not known.
std::string GenderGroupOf(std::string_view gender);

// Everybody, the units right below the root, kinds of posts, golongan, genders, in this order.
// Nothing of it tells about fewer than `threshold` people, also not by subtraction.
std::vector<v1::FairnessGroup> CountFairness(std::span<const FairnessPerson> people, int threshold);

// A share of a share, of `n` people each; the 95 % interval is Newcombe's hybrid of Wilson's (1998,
// method 10). Fractions.
struct ShareDifference {
  double difference = 0;
  double low = 0;
  double high = 0;
};
ShareDifference CompareShares(int count, int n, int other_count, int other_n);

}  // namespace teraju::evaluation::domain
