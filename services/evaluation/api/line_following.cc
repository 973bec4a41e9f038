#include "services/evaluation/api/line_following.h"

#include <algorithm>
#include <set>

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/evaluation/api/open_cycle.h"
#include "services/evaluation/store/cycle_store.h"

namespace teraju::evaluation {
namespace {

// Whom a change of identity's concerns; empty for the others. Who was only created has no post yet.
std::string PersonOf(const postgres::FeedChange& change) {
  if (change.type != "assignment.changed" && change.type != "employee.changed" &&
      change.type != "reportingLine.changed")
    return "";
  return change.resource.substr(0, change.resource.find("/assignments/"));
}

bool WasOpened(const OpenedCycle& opened, const v1::Snapshot& segment) {
  return std::any_of(opened.units.begin(), opened.units.end(), [&](const std::string& unit) {
    return unit.empty() ||
           std::any_of(segment.unit_path().begin(),
                       segment.unit_path().end(),
                       [&](const std::string& above) { return IdOf(above) == unit; });
  });
}

}  // namespace

absl::Status LineFollowing::Read(std::span<const postgres::FeedChange> changes) {
  lines_.clear();
  cycles_.clear();
  std::map<std::string, std::set<std::string>> people;  // by agency
  for (const postgres::FeedChange& change : changes) {
    if (std::string person = PersonOf(change); !person.empty())
      people[change.agency].insert(std::move(person));
  }
  if (people.empty()) return absl::OkStatus();
  std::vector<std::string> agencies;
  for (const auto& [agency, persons] : people) agencies.push_back(agency);

  const CallContext call = own_call_();
  RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) -> absl::Status {
    cycles_.clear();
    for (OpenedCycle& opened : FollowingStore(tx).Opened(agencies)) {
      ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(opened.key));
      cycles_.push_back({std::move(opened), std::move(cycle)});
    }
    return absl::OkStatus();
  }));
  for (const Followed& in : cycles_) {
    const std::set<std::string>& persons = people[in.opened.key.agency];
    ASSIGN_OR_RETURN(const SegmentPage page,
                     identity_.ListSegments(call,
                                            {.agency = in.opened.key.agency,
                                             .start_date = in.cycle.start_date(),
                                             .end_date = in.cycle.end_date(),
                                             .unit = "",
                                             .employees = {persons.begin(), persons.end()},
                                             .page_token = ""}));
    std::map<std::string, std::vector<v1::Snapshot>> segments;
    for (const v1::Snapshot& segment : page.segments)
      segments[segment.employee()].push_back(segment);
    for (const std::string& person : persons)
      lines_[person].push_back({&in, std::move(segments[person])});
  }
  return absl::OkStatus();
}

absl::Status LineFollowing::Apply(postgres::Transaction& tx,
                                  const postgres::FeedChange& change) const {
  const std::string person = PersonOf(change);
  const auto lines = lines_.find(person);
  if (lines == lines_.end()) return absl::OkStatus();
  for (const Line& line : lines->second) RETURN_IF_ERROR(FollowInCycle(tx, person, line));
  return absl::OkStatus();
}

absl::Status LineFollowing::FollowInCycle(postgres::Transaction& tx,
                                          const std::string& person,
                                          const Line& line) const {
  const CycleKey& key = line.in->opened.key;
  FollowingStore store(tx);
  const std::vector<domain::PlannedSegment> plans = store.LockPlans(key, SubjectOf(person));
  ASSIGN_OR_RETURN(domain::LineSteps steps, domain::FollowLine(plans, line.segments));
  std::erase_if(steps.added,
                [&](const v1::Snapshot& segment) { return !WasOpened(line.in->opened, segment); });
  store.Remove(key.agency, steps.removed);
  store.Move(key, steps.moved);
  // Evaluations of moved plans in the periods that they touch only now, too.
  std::vector<v1::Snapshot> touched;
  for (const domain::PlannedSegment& plan : steps.moved) touched.push_back(plan.snapshot);
  touched.insert(touched.end(), steps.added.begin(), steps.added.end());
  ASSIGN_OR_RETURN(const Additions additions,
                   AdditionsOf(line.in->cycle, std::move(touched), tx.call().time()));
  OpeningStore(tx).Add(key, additions.plans, additions.evaluations);

  const auto record = [&](const std::string& plan, const char* type) {
    postgres::RecordChange(tx, kWorkPlanName.Format({key.agency, plan}), type);
  };
  for (const std::string& plan : steps.removed) record(plan, "workPlan.removed");
  for (const domain::PlannedSegment& plan : steps.moved) record(plan.plan, "workPlan.moved");
  for (std::size_t i = steps.moved.size(); i < additions.plans.size(); ++i)
    record(additions.plans[i].id, "workPlan.opened");
  for (const auto& [plan, left] : store.NoteLeft(key, SubjectOf(person), steps.left))
    record(plan, left ? "workPlan.withoutSegment" : "workPlan.withSegment");
  return absl::OkStatus();
}

}  // namespace teraju::evaluation
