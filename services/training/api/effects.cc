#include "services/training/api/effects.h"

#include <utility>

#include "common/postgres/record_change.h"
#include "services/training/domain/course_effect.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/mentorship_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {
namespace {

// Reads the results of both periods of the request into `basis` and estimates.
template <typename Request>
absl::StatusOr<v1::CourseEffect> EstimateBetween(operations::Work& work,
                                                 EvaluationClient& evaluation,
                                                 const Request& request,
                                                 domain::EffectBasis basis) {
  ASSIGN_OR_RETURN(basis.before, evaluation.ListAppraisals(work.call(), request.before_period()));
  ASSIGN_OR_RETURN(basis.after, evaluation.ListAppraisals(work.call(), request.after_period()));
  ASSIGN_OR_RETURN(v1::CourseEffect effect, domain::EstimateCourse(basis));
  effect.set_before_period(request.before_period());
  effect.set_after_period(request.after_period());
  return effect;
}

}  // namespace

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CourseEffects::Run(
    operations::Work& work) const {
  v1::EstimateCourseEffectRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request.name(), "name"));
  domain::EffectBasis basis;
  RETURN_IF_ERROR(database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
    basis.completions = EnrollmentStore(tx).Completions(key);
    for (const v1::Course& course : CourseStore(tx).ListWithEffect(key.agency)) {
      if (course.name() == key.Name()) {
        basis.earlier = course.effect();
      } else {
        basis.others.push_back(course.effect());
      }
    }
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(v1::CourseEffect effect,
                   EstimateBetween(work, evaluation_, request, std::move(basis)));
  auto response = std::make_unique<v1::Course>();
  RETURN_IF_ERROR(
      work.Step("estimated", effect.trained(), effect.trained(), [&](auto& tx) -> absl::Status {
        effect.mutable_estimate_time()->set_seconds(absl::ToUnixSeconds(tx.call().time()));
        ASSIGN_OR_RETURN(*response, CourseStore(tx).UpdateEffect(key, effect));
        RecordChange(tx, key.Name(), "course.effectEstimated");
        return absl::OkStatus();
      }));
  return response;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MentoringEffects::Run(
    operations::Work& work) const {
  v1::EstimateMentoringEffectRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request.name(), "name"));
  domain::EffectBasis basis;
  RETURN_IF_ERROR(database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
    basis.completions = MentorshipStore(tx).FirstSessions(key);
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(v1::CourseEffect effect,
                   EstimateBetween(work, evaluation_, request, std::move(basis)));
  // Later runs expect nothing by it.
  effect.clear_expected_effect();
  auto response = std::make_unique<v1::MatchingRun>();
  RETURN_IF_ERROR(
      work.Step("estimated", effect.trained(), effect.trained(), [&](auto& tx) -> absl::Status {
        effect.mutable_estimate_time()->set_seconds(absl::ToUnixSeconds(tx.call().time()));
        ASSIGN_OR_RETURN(*response, MentorshipStore(tx).UpdateRun(key, [&](v1::MatchingRun& run) {
          *run.mutable_effect() = effect;
          return absl::OkStatus();
        }));
        RecordChange(tx, key.Name(), "matchingRun.effectEstimated");
        return absl::OkStatus();
      }));
  return response;
}

}  // namespace teraju::training
