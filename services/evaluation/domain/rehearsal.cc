#include "services/evaluation/domain/rehearsal.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/count_table.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

enum DifferenceCount { kCompared, kBetter, kSame, kWorse };

// Columns of everybody who is compared and the three ways to stand.
CountShape DifferenceShape() {
  return {.counts = 4,
          .details = 4,
          .splits = {{kCompared, kBetter, kWorse}},
          .stands = {{kCompared, kBetter}, {kCompared, kSame}, {kCompared, kWorse}}};
}

// The smaller the number of a predicate, the better it is.
int StandOf(const ComparedPerson& person) {
  if (person.after == person.before) return kSame - kBetter;
  return person.after < person.before ? 0 : kWorse - kBetter;
}

v1::RehearsalCounts ToDifferences(const CountRow& row) {
  v1::RehearsalCounts counts;
  counts.set_unit(row.unit);
  if (row.shown[kCompared]) counts.set_compared(row.counts[kCompared]);
  if (row.shown[kBetter]) counts.set_better(row.counts[kBetter]);
  if (row.shown[kSame]) counts.set_same(row.counts[kSame]);
  if (row.shown[kWorse]) counts.set_worse(row.counts[kWorse]);
  return counts;
}

}  // namespace

absl::Status CheckRehearsal(const v1::Cycle& cycle) {
  if (cycle.kind() == v1::Cycle::SHADOW) return absl::OkStatus();
  return errors::FailedPrecondition(v1::NOT_A_REHEARSAL, "The cycle binds.")
      .With("cycle", cycle.name());
}

absl::Status CheckComparable(const v1::Cycle& cycle) {
  RETURN_IF_ERROR(CheckRehearsal(cycle));
  return CheckYearPublished(cycle);
}

std::vector<v1::RehearsalCounts> CountDifferences(std::span<const ComparedPerson> people,
                                                  int threshold) {
  std::vector<TabulatedPerson> counted;
  for (const ComparedPerson& person : people) {
    const auto& path = person.unit_path;
    const std::size_t from = path.size() > 2 ? path.size() - 2 : 0;
    counted.push_back(
        {{path.begin() + static_cast<std::ptrdiff_t>(from), path.end()}, StandOf(person)});
  }
  const CountShape shape = DifferenceShape();
  std::vector<CountRow> rows = CountByUnit(shape, counted);
  WithholdSmall(threshold, rows);
  WithholdComplements(shape, counted, threshold, rows);
  std::vector<v1::RehearsalCounts> differences;
  for (const CountRow& row : rows) {
    if (std::find(row.shown.begin(), row.shown.end(), true) == row.shown.end()) continue;
    differences.push_back(ToDifferences(row));
  }
  return differences;
}

absl::Status DecideRehearsal(v1::RehearsalReport& report,
                             std::string_view by,
                             std::string_view reason,
                             absl::Time now) {
  if (report.has_decision()) {
    return errors::FailedPrecondition(v1::REHEARSAL_DECIDED, "The switch was decided before.");
  }
  v1::RehearsalDecision& decision = *report.mutable_decision();
  decision.set_decided_by(std::string(by));
  decision.set_reason(std::string(reason));
  SetTime(*decision.mutable_decide_time(), now);
  return absl::OkStatus();
}

absl::Status CheckSwitched(const v1::Cycle& cycle, const RehearsalStand& stand) {
  if (cycle.kind() == v1::Cycle::SHADOW || !stand.rehearsed || stand.decided || stand.bound)
    return absl::OkStatus();
  return errors::FailedPrecondition(v1::REHEARSAL_NOT_DECIDED,
                                    "Nobody has decided that the rehearsed rules bind.");
}

}  // namespace teraju::evaluation::domain
