// What closing a campaign publishes and keeps, computed once from the frozen answers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/feedback/domain/report.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// Who was asked about whom.
struct Participation {
  std::string request;
  std::string ratee;
  std::string rater;
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  bool declined = false;
};

// An answer that was sent, under its pseudonym.
struct SentAnswer {
  std::string pseudonym;
  std::string ratee;
  GivenAnswer answer;
};

struct RateeReport {
  std::string ratee;
  v1::Report report;
};

// The answers of a group about a ratee.
struct RateeGroup {
  std::string ratee;
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
};

// What closing keeps of a rater.
struct RaterSeverity {
  std::string rater;
  v1::RaterNote::Severity severity = v1::RaterNote::SEVERITY_UNSPECIFIED;
};

struct Publication {
  std::vector<RateeReport> reports;     // in the order of ratees
  std::vector<RateeGroup> kept;         // whose answers are kept
  std::vector<std::string> answered;    // requests whose rater sent an answer
  std::vector<RaterSeverity> severity;  // by rater; those with answers that count
  v1::CampaignCounts counts;
  v1::CampaignQuality quality;
};

// Errors of MakeReport. `seed` decides the order of comments.
absl::StatusOr<Publication> Publish(const v1::Questionnaire& questionnaire,
                                    const v1::Campaign& campaign,
                                    std::string_view campaign_key,
                                    std::span<const Participation> participations,
                                    std::span<const SentAnswer> answers,
                                    std::uint64_t seed);

}  // namespace teraju::feedback::domain
