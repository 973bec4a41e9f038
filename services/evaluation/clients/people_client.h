// What evaluation asks identity for a printed form: how people and units are called.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "services/evaluation/domain/plan_form.h"

namespace teraju::evaluation {

class PeopleClient {
 public:
  virtual ~PeopleClient() = default;
  // The employee or official of this name with the unit; an empty card where there is none.
  // UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<domain::PersonCard> GetCard(const CallContext& call,
                                                     const std::string& person,
                                                     const std::string& unit) = 0;
};

}  // namespace teraju::evaluation
