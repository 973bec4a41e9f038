// What training's resources are to the question of permission.
#pragma once

#include <string>
#include <utility>

#include "common/api/strong_id.h"
#include "common/auth/authorizer.h"
#include "common/auth/call_context.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// Anything of the agency that is about nobody.
inline auth::Object AgencyObject(const AgencyId& agency, std::string resource) {
  return {.resource = std::move(resource), .agency = agency};
}

// `employees/7` of `agencies/dumai/employees/7`: how tokens name a person.
inline std::string SubjectOf(const AgencyId& agency, const std::string& person) {
  const std::string prefix = "agencies/" + agency.value() + "/";
  return person.starts_with(prefix) ? person.substr(prefix.size()) : std::string();
}

// A need or an enrollment: about its employee, under the appraiser of its snapshot.
template <typename Message>
auth::Object PersonObject(const AgencyId& agency, const Message& message) {
  return {.resource = message.name(),
          .agency = agency,
          .unit_path = {message.unit_path().begin(), message.unit_path().end()},
          .person = SubjectOf(agency, message.employee()),
          .appraiser = SubjectOf(agency, message.appraiser())};
}

// A pair belongs to both: to the mentor when the mentor asks, else to the mentee.
inline auth::Object PairObject(const CallContext& call,
                               const AgencyId& agency,
                               const v1::Mentorship& pair) {
  const std::string mentor = SubjectOf(agency, pair.mentor());
  return {.resource = pair.name(),
          .agency = agency,
          .person = call.principal().subject == mentor ? mentor : SubjectOf(agency, pair.mentee())};
}

}  // namespace teraju::training
