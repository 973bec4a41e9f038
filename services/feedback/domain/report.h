// What is published of the answers about one person, and what is not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

struct GivenAnswer {
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  std::vector<int> values;  // in the order of the questionnaire's items
  std::string comment;
};

struct RateeFeedback {
  std::vector<v1::RaterGroup> asked;  // the groups with at least one request
  std::vector<GivenAnswer> answers;
};

// Whether a group hides its members: the superior is one person by nature, oneself needs no hiding.
bool IsAnonymous(v1::RaterGroup group);

// Groups, overall mean and comments; the caller adds names and time. Means are rounded half up,
// those of groups and items to 0.1, the overall mean to 0.01.
// * A group of peers or subordinates is withheld below the campaign's threshold.
// * The overall mean is made of the published means of the groups shown: subtraction finds nothing
//   that is withheld.
// * Numbers that would tell an answer (statistics::AuditPublication: by linear algebra, or because
//   only answers at an end of the scale give them) are not published: then the group's items are
//   withheld, or, if its mean alone does so, the group.
// * From twice the threshold on a group with items has an interval and a distribution; the latter
//   not where it and the items' means together would tell that all gave an item the same answer.
// * Comments come from anonymous groups that reach the text threshold, in the order that `seed`
//   gives.
// INVALID_ARGUMENT (FIELD_INVALID) when answers do not fit the questionnaire.
absl::StatusOr<v1::Report> MakeReport(const v1::Questionnaire& questionnaire,
                                      const v1::Campaign& campaign,
                                      const RateeFeedback& feedback,
                                      std::uint64_t seed);

// Whether the items of an anonymous group are published: only then its answers are kept.
bool PublishesItems(const v1::Report& report, v1::RaterGroup group);

}  // namespace teraju::feedback::domain
