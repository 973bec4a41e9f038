// What evaluation asks feedback: the published means of a campaign.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "google/type/decimal.pb.h"
#include "services/evaluation/domain/promotion.h"

namespace teraju::evaluation {

struct FeedbackReport {
  std::string name;
  std::string employee;                // name of the person it is about
  google::type::Decimal overall_mean;  // empty where withheld
  // Of the groups; empty where withheld or not asked.
  google::type::Decimal superior_mean, peers_mean, subordinates_mean;
};

struct FeedbackPage {
  std::vector<FeedbackReport> reports;
  std::string next_page_token;  // empty at the end
};

class FeedbackClient {
 public:
  virtual ~FeedbackClient() = default;
  // A page of the reports of a campaign (`agencies/…/campaigns/…`). UNAVAILABLE, DEADLINE_EXCEEDED;
  // FAILED_PRECONDITION (FEEDBACK_UNKNOWN) when there is no such campaign.
  virtual absl::StatusOr<FeedbackPage> ListReports(const CallContext& call,
                                                   const std::string& campaign,
                                                   const std::string& page_token) = 0;
  // What a closed survey of citizens says about each unit, without those that it withholds. Errors
  // as of ListReports.
  virtual absl::StatusOr<std::vector<domain::SurveyIndex>> ListSurveyResults(
      const CallContext& call, const std::string& survey) = 0;
};

}  // namespace teraju::evaluation
