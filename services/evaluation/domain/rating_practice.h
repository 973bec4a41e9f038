// How one leader rates in one period: spread, distance to the figures, what ratings do not rest on.
#pragma once

#include <span>

#include "teraju/evaluation/v1/evaluation.pb.h"
#include "teraju/evaluation/v1/objection.pb.h"
#include "teraju/evaluation/v1/rating_practices_service.pb.h"

namespace teraju::evaluation::domain {

// Fewer people show chance and no practice, and fewer leaders one another.
inline constexpr int kFewestPeople = 5;
inline constexpr int kFewestLeaders = 5;

struct RatedPerson {
  v1::Rating results = v1::RATING_UNSPECIFIED;  // unspecified while the person is not rated
  v1::Rating behavior = v1::RATING_UNSPECIFIED;
  v1::Rating suggested = v1::RATING_UNSPECIFIED;  // by the figures; unspecified without any
  bool reasoned = false;
  bool talked = false;   // a dialogue within the period
  bool changed = false;  // by an objection
};

// Counts and findings of a leader's people, without the appraiser.
v1::RatingPractice MakeRatingPractice(std::span<const RatedPerson> people);

}  // namespace teraju::evaluation::domain
