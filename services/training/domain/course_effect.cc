#include "services/training/domain/course_effect.h"

#include "absl/time/civil_time.h"
#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/effect.h"
#include "common/errors/status_macros.h"

namespace teraju::training::domain {
namespace {

constexpr int kTold = 2;  // digits of what is shown
// Until it is measured a seat is expected to close the whole of a need.
constexpr int kPrior = 1;

Decimal Known(const google::type::Decimal& value) { return FromProto(value).value_or(Decimal(0)); }

// What the estimate of expected effects takes of an effect that was stored.
allocation::CourseEffect Stored(const v1::CourseEffect& effect) {
  allocation::CourseEffect stored;
  stored.estimate.estimated = effect.refusal_code().empty();
  stored.estimate.mean = Known(effect.mean());
  stored.estimate.standard_error = Known(effect.standard_error());
  stored.mean_gap = Known(effect.mean_gap());
  return stored;
}

struct Groups {
  std::vector<allocation::Measured> trained;
  std::vector<allocation::Measured> untrained;
};

Groups Divide(const EffectBasis& basis) {
  Groups groups;
  const auto after = LastSegments(basis.after);
  for (const auto& [employee, before] : LastSegments(basis.before)) {
    const auto later = after.find(employee);
    if (later == after.end() || !before->mean_achievement || !later->second->mean_achievement)
      continue;
    const allocation::Measured measured{
        .stratum = before->unit_path.empty() ? std::string() : before->unit_path.back(),
        .before = *before->mean_achievement,
        .after = *later->second->mean_achievement};
    const auto completed = basis.completions.find(employee);
    if (completed == basis.completions.end()) {
      groups.untrained.push_back(measured);
      continue;
    }
    const google::type::Date& date = completed->second;
    const absl::CivilDay day(date.year(), date.month(), date.day());
    if (before->segment_start <= day && day <= later->second->segment_end)
      groups.trained.push_back(measured);
  }
  return groups;
}

Decimal MeanGap(const std::vector<allocation::Measured>& trained) {
  Decimal sum;
  for (const allocation::Measured& person : trained) {
    const Decimal gap = Decimal(100) - person.before;
    if (gap.sign() > 0) sum += gap;
  }
  if (trained.empty()) return 0;
  return Round(ToRational(sum) / static_cast<int>(trained.size()), 6, Rounding::kHalfUp);
}

}  // namespace

absl::StatusOr<v1::CourseEffect> EstimateCourse(const EffectBasis& basis) {
  const Groups groups = Divide(basis);
  allocation::CourseEffect course;
  ASSIGN_OR_RETURN(
      course.estimate,
      allocation::EstimateEffect(groups.trained, groups.untrained, {.caliper = kEffectCaliper}));
  course.mean_gap = MeanGap(groups.trained);
  const allocation::EffectEstimate& estimate = course.estimate;
  v1::CourseEffect effect;
  effect.set_trained(estimate.trained);
  effect.set_pairs(estimate.pairs);
  effect.set_text_id(estimate.text.id);
  effect.set_text_en(estimate.text.en);
  if (estimate.estimated) {
    const auto told = [](const Decimal& value) {
      return ToProto(Round(value, kTold, Rounding::kHalfUp));
    };
    *effect.mutable_mean() = told(estimate.mean);
    *effect.mutable_lower() = told(estimate.lower);
    *effect.mutable_upper() = told(estimate.upper);
    effect.set_significant(estimate.significant);
    *effect.mutable_mean_gap() = told(course.mean_gap);
    *effect.mutable_standard_error() = ToProto(estimate.standard_error);
  } else {
    effect.set_refusal_code("TOO_FEW_PAIRS");
    if (basis.earlier.has_expected_effect()) {
      *effect.mutable_expected_effect() = basis.earlier.expected_effect();
      return effect;
    }
  }
  std::vector<allocation::CourseEffect> courses{course};
  for (const v1::CourseEffect& other : basis.others) courses.push_back(Stored(other));
  *effect.mutable_expected_effect() = ToProto(allocation::ExpectedEffects(courses, kPrior).front());
  return effect;
}

}  // namespace teraju::training::domain
