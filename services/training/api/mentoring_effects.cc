#include "services/training/api/mentoring_effects.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/course_effect.h"
#include "services/training/store/mentorship_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MentoringEffects::Run(
    operations::Work& work) const {
  v1::EstimateMentoringEffectRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request.name(), "name"));
  domain::EffectBasis basis;
  ASSIGN_OR_RETURN(basis.before, evaluation_.ListAppraisals(work.call(), request.before_period()));
  ASSIGN_OR_RETURN(basis.after, evaluation_.ListAppraisals(work.call(), request.after_period()));
  RETURN_IF_ERROR(database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
    basis.completions = MentorshipStore(tx).LastSessions(key);
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(v1::CourseEffect effect, domain::EstimateCourse(basis));
  effect.clear_expected_effect();
  effect.set_before_period(request.before_period());
  effect.set_after_period(request.after_period());
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
