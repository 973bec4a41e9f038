#include "services/feedback/domain/publication.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/errors/status_macros.h"
#include "services/feedback/domain/measurement.h"
#include "services/feedback/domain/response_token.h"

namespace teraju::feedback::domain {
namespace {

using FeedbackByRatee = std::map<std::string, RateeFeedback>;

FeedbackByRatee Collect(std::span<const Participation> participations,
                        std::span<const SentAnswer> answers) {
  FeedbackByRatee collected;
  for (const Participation& participation : participations) {
    collected[participation.ratee].asked.push_back(participation.group);
  }
  for (const SentAnswer& sent : answers) collected[sent.ratee].answers.push_back(sent.answer);
  return collected;
}

// The only place where answers and raters meet, by the key that closing destroys.
std::vector<std::string> Answered(std::string_view campaign_key,
                                  std::span<const Participation> participations,
                                  std::span<const SentAnswer> answers) {
  std::set<std::pair<std::string, std::string>> sent;
  for (const SentAnswer& answer : answers) sent.emplace(answer.pseudonym, answer.ratee);
  std::vector<std::string> answered;
  for (const Participation& participation : participations) {
    if (sent.contains({Pseudonym(campaign_key, participation.rater), participation.ratee})) {
      answered.push_back(participation.request);
    }
  }
  return answered;
}

// As Answered: by the key.
std::vector<RaterSeverity> SeverityByRater(
    std::string_view campaign_key,
    std::span<const Participation> participations,
    const std::map<std::string, v1::RaterNote::Severity>& severity) {
  std::map<std::string, v1::RaterNote::Severity> by_rater;
  for (const Participation& participation : participations) {
    const auto found = severity.find(Pseudonym(campaign_key, participation.rater));
    if (found != severity.end()) by_rater.emplace(participation.rater, found->second);
  }
  std::vector<RaterSeverity> raters;
  for (const auto& [rater, band] : by_rater) raters.push_back({rater, band});
  return raters;
}

void CountGroups(const v1::Report& report, v1::CampaignCounts& counts) {
  for (const v1::GroupResult& group : report.groups()) {
    if (group.withheld()) {
      counts.set_groups_withheld(counts.groups_withheld() + 1);
    } else {
      counts.set_groups_shown(counts.groups_shown() + 1);
    }
  }
}

}  // namespace

absl::StatusOr<Publication> Publish(const v1::Questionnaire& questionnaire,
                                    const v1::Campaign& campaign,
                                    std::string_view campaign_key,
                                    std::span<const Participation> participations,
                                    std::span<const SentAnswer> answers,
                                    std::uint64_t seed) {
  Publication publication;
  for (const auto& [ratee, feedback] : Collect(participations, answers)) {
    ASSIGN_OR_RETURN(v1::Report report, MakeReport(questionnaire, campaign, feedback, ++seed));
    for (const v1::RaterGroup group : {v1::PEER, v1::SUBORDINATE}) {
      if (PublishesItems(report, group)) publication.kept.push_back({ratee, group});
    }
    CountGroups(report, publication.counts);
    publication.reports.push_back({ratee, std::move(report)});
  }
  Measurement measured = Measure(questionnaire, campaign, answers, publication.reports);
  for (RateeReport& report : publication.reports)
    *report.report.mutable_adjusted() = std::move(measured.adjusted[report.ratee]);
  publication.quality = std::move(measured.quality);
  publication.severity = SeverityByRater(campaign_key, participations, measured.severity);
  publication.answered = Answered(campaign_key, participations, answers);
  const auto declined = std::count_if(
      participations.begin(), participations.end(), [](const auto& p) { return p.declined; });
  publication.counts.set_ratees(static_cast<int>(publication.reports.size()));
  publication.counts.set_requests(static_cast<int>(participations.size()));
  publication.counts.set_answers(static_cast<int>(answers.size()));
  publication.counts.set_declined(static_cast<int>(declined));
  return publication;
}

}  // namespace teraju::feedback::domain
