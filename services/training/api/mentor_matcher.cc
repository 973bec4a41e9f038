#include "services/training/api/mentor_matcher.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/mentoring.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/mentoring_preference_store.h"
#include "services/training/store/mentorship_store.h"
#include "services/training/store/need_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> MentorMatcher::Run(
    operations::Work& work) const {
  v1::SolveMatchingRunRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const RunKey key, RunKey::Parse(request.name(), "name"));
  ASSIGN_OR_RETURN(v1::MatchingRun run, database_.Read(work.call(), [&](postgres::Transaction& tx) {
    return MentorshipStore(tx).GetRun(key);
  }));
  if (!work.checkpoint().empty()) return std::make_unique<v1::MatchingRun>(std::move(run));

  domain::MatchingBasis basis;
  ASSIGN_OR_RETURN(basis.appraisals, evaluation_.ListAppraisals(work.call(), run.cycle_period()));
  ASSIGN_OR_RETURN(basis.staff, identity_.ListStaff(work.call(), key.agency));
  RETURN_IF_ERROR(database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
    MentorshipStore(tx).ReadHistory(key.agency, basis);
    for (const auto& [person, said] : MentoringPreferenceStore(tx).OfAll(key.agency)) {
      if (said.languages_size() > 0)
        basis.languages[person] = {said.languages().begin(), said.languages().end()};
      if (said.no_mentees()) basis.without_mentees.insert(person);
    }
    basis.needs = NeedStore(tx).OpenNeeds(key.agency);
    basis.learnt = EnrollmentStore(tx).LearntTopics(key.agency);
    return absl::OkStatus();
  }));
  const domain::MatchingProblem matching = domain::MakeProblem(basis, run.capacity());
  ASSIGN_OR_RETURN(const auto matches, allocation::MatchMentors(matching.problem));

  auto response = std::make_unique<v1::MatchingRun>();
  const auto count = static_cast<std::int64_t>(matching.mentees.size());
  RETURN_IF_ERROR(work.Step("solved", count, count, [&](postgres::Transaction& tx) -> absl::Status {
    std::vector<v1::Mentorship> pairs;
    ASSIGN_OR_RETURN(
        *response,
        MentorshipStore(tx).UpdateRun(key, [&](v1::MatchingRun& changed) -> absl::Status {
          RETURN_IF_ERROR(domain::CheckSolvable(changed));
          pairs = domain::Conclude(changed, basis, matching, matches);
          return absl::OkStatus();
        }));
    for (v1::Mentorship& pair : pairs) {
      pair.set_name(NameOf<MentorshipKey>(key.agency, NewUuid7(tx.call().time())));
      RecordChange(tx, pair.name(), "mentorship.proposed");
    }
    MentorshipStore(tx).Insert(key, pairs);
    RecordChange(tx, key.Name(), "matchingRun.solved");
    return absl::OkStatus();
  }));
  return response;
}

}  // namespace teraju::training
