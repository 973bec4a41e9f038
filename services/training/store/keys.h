// The names of training's resources.
#pragma once

#include <string>
#include <string_view>

#include "common/api/resource_key.h"
#include "common/api/resource_name.h"

namespace teraju::training {

struct CourseTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/courses/{course}"};
};
struct BudgetTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/budgets/{budget}"};
};
struct NeedTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/needs/{need}"};
};
struct PlanTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/allocationPlans/{allocation_plan}"};
};
struct EnrollmentTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/enrollments/{enrollment}"};
};
struct RunTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/matchingRuns/{matching_run}"};
};
struct MentorshipTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/mentorships/{mentorship}"};
};

using CourseKey = api::ResourceKey<CourseTag>;
using BudgetKey = api::ResourceKey<BudgetTag>;
using NeedKey = api::ResourceKey<NeedTag>;
using PlanKey = api::ResourceKey<PlanTag>;
using EnrollmentKey = api::ResourceKey<EnrollmentTag>;
using RunKey = api::ResourceKey<RunTag>;
using MentorshipKey = api::ResourceKey<MentorshipTag>;

inline constexpr api::NamePattern kEmployeeName{"agencies/{agency}/employees/{employee}"};
inline constexpr api::NamePattern kPreferenceName{
    "agencies/{agency}/employees/{employee}/mentoringPreference"};
inline constexpr api::NamePattern kOfferingName{
    "agencies/{agency}/courses/{course}/offerings/{offering}"};
inline constexpr api::NamePattern kSessionName{
    "agencies/{agency}/mentorships/{mentorship}/sessions/{session}"};
inline constexpr api::NamePattern kDecisionName{
    "agencies/{agency}/allocationPlans/{allocation_plan}/decisions/{decision}"};

// Of a person.
struct PreferenceKey {
  AgencyId agency;
  std::string employee;  // id
  std::string Name() const { return kPreferenceName.Format({agency.value(), employee}); }
  // The person's name.
  std::string Person() const { return kEmployeeName.Format({agency.value(), employee}); }
};

// `agencies/dumai/needs/7` for (`dumai`, `7`).
template <typename Key>
std::string NameOf(const AgencyId& agency, std::string id) {
  return Key{agency, decltype(Key::id)(std::move(id))}.Name();
}

}  // namespace teraju::training
