// What evaluation asks identity: who works where under whom.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "google/type/date.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

struct SegmentQuery {
  std::string agency;  // id
  google::type::Date start_date;
  google::type::Date end_date;         // last day
  std::string unit;                    // name; empty: everybody
  std::vector<std::string> employees;  // names, at most 1,000, on one page; empty: everybody
  std::string page_token;
};

struct SegmentPage {
  std::vector<v1::Snapshot> segments;
  std::string next_page_token;  // empty at the end
};

class IdentityClient {
 public:
  virtual ~IdentityClient() = default;
  // A page of the segments of an interval, in the order of persons. UNAVAILABLE, DEADLINE_EXCEEDED;
  // every other failure is FAILED_PRECONDITION (IDENTITY_UNAVAILABLE).
  virtual absl::StatusOr<SegmentPage> ListSegments(const CallContext& call,
                                                   const SegmentQuery& query) = 0;
};

}  // namespace teraju::evaluation
