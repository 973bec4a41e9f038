// What the frozen answers of a campaign measure: each person's value without the raters' severity,
// how far raters agree, and how each rater used the scale. Computed once, while it closes.
#pragma once

#include <map>
#include <span>
#include <string>

#include "services/feedback/domain/publication.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

struct Measurement {
  v1::CampaignQuality quality;
  std::map<std::string, v1::AdjustedValue> adjusted;        // by ratee, of every report
  std::map<std::string, v1::RaterNote::Severity> severity;  // by pseudonym
};

// Only answers of the groups that are shown in `reports` count, and none about oneself: no number
// contains an answer that is withheld. Of raters who cannot all be compared the largest part is
// measured. A person's value is refused where fewer than twice the campaign's threshold of raters
// remain, outside that part, and where the rater model refuses the campaign.
Measurement Measure(const v1::Questionnaire& questionnaire,
                    const v1::Campaign& campaign,
                    std::span<const SentAnswer> answers,
                    std::span<const RateeReport> reports);

// What the rater reads about a band.
v1::RaterNote NoteOf(v1::RaterNote::Severity severity);

}  // namespace teraju::feedback::domain
