// What evaluation asks identity for a printed form or a count: how people and units are called, and
// by what groups people are counted.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "google/type/date.pb.h"
#include "services/evaluation/domain/fairness.h"
#include "services/evaluation/domain/plan_form.h"

namespace teraju::evaluation {

class PeopleClient {
 public:
  virtual ~PeopleClient() = default;
  // The employee or official of this name as of `day`, with the unit, or the one of that day's post
  // where `unit` is empty; an empty card where there is none. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<domain::PersonCard> GetCard(const CallContext& call,
                                                     const std::string& person,
                                                     const std::string& unit,
                                                     const google::type::Date& day) = 0;
  // The employee of the agency (a name) with this NIP (name); empty where there is none.
  // UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::string> FindByNip(const CallContext& call,
                                                const std::string& agency,
                                                const std::string& nip) = 0;
  // By what groups of the agency's employees are counted, by their names; also of those who have
  // left. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::map<std::string, domain::PersonTraits>> ListTraits(
      const CallContext& call, const std::string& agency) = 0;
  // What the agency's units were called on `day`, by their names. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::map<std::string, std::string>> ListUnitNames(
      const CallContext& call, const std::string& agency, const google::type::Date& day) = 0;
};

}  // namespace teraju::evaluation
