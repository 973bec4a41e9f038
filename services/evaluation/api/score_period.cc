#include "services/evaluation/api/score_period.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/period_checkpoint.h"
#include "services/evaluation/api/pinned_pack.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/scoring.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/scoring_store.h"
#include "teraju/evaluation/v1/cycles_service.pb.h"

namespace teraju::evaluation {
namespace {

constexpr int kScoredAtOnce = 500;
constexpr char kFeedback[] = "feedback";
constexpr char kScore[] = "score";
constexpr v1::Evaluation::State kScorable[] = {v1::Evaluation::OPEN, v1::Evaluation::RATED};

absl::Status ScoreLocally(const std::optional<domain::LocalPack>& pack,
                          const ScoringStore::Subject& subject,
                          const time::Period& days,
                          absl::Time now,
                          v1::Evaluation& evaluation) {
  evaluation.clear_local_result();
  if (!pack.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<v1::LocalResult> local,
                   domain::MakeLocalResult(*pack,
                                           {.evaluation = evaluation,
                                            .plan = subject.plan,
                                            .feedback = subject.feedback,
                                            .period = days},
                                           now));
  if (local.has_value()) *evaluation.mutable_local_result() = *std::move(local);
  return absl::OkStatus();
}

// As subjects, each once.
std::vector<std::string> PeopleOf(const std::vector<v1::Evaluation>& evaluations) {
  std::set<std::string> people;
  for (const v1::Evaluation& evaluation : evaluations)
    people.insert(SubjectOf(evaluation.snapshot().employee()));
  return {people.begin(), people.end()};
}

// Computes the evidence of a batch, read and written in the same transaction, and the local results
// where there is a pack.
absl::Status ScoreBatch(postgres::Transaction& tx,
                        const PeriodKey& key,
                        const v1::Period& period,
                        const std::optional<domain::LocalPack>& pack,
                        std::vector<ScoringStore::Subject>& batch) {
  std::vector<std::string> plans;
  for (const ScoringStore::Subject& subject : batch)
    plans.push_back(IdOf(subject.evaluation.work_plan()));
  const auto activities = ScoringStore(tx).Activities(key.agency, plans, period.end_date());
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(period));
  std::vector<v1::Evaluation> scored;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    v1::Evaluation& evaluation = scored.emplace_back(std::move(batch[i].evaluation));
    ASSIGN_OR_RETURN(const domain::ElapsedShare share,
                     domain::ShareOf(evaluation.snapshot(), days));
    const auto found = activities.find(plans[i]);
    ASSIGN_OR_RETURN(
        *evaluation.mutable_computed(),
        domain::ComputeEvidence(
            batch[i].plan,
            found == activities.end() ? std::vector<domain::Activity>{} : found->second,
            share,
            batch[i].feedback,
            tx.call().time()));
    domain::WarnWhenFar(evaluation);
    RETURN_IF_ERROR(ScoreLocally(pack, batch[i], days, tx.call().time(), evaluation));
  }
  ScoringStore(tx).StoreEvidence(key.agency, scored);
  if (key.period == domain::kYear) AnnualResultStore(tx).Ensure(key, PeopleOf(scored));
  return absl::OkStatus();
}

}  // namespace

absl::Status ScorePeriodWork::TakeFeedback(operations::Work& work,
                                           const PeriodKey& period,
                                           const std::string& campaign) const {
  PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  if (at.phase == kScore) return absl::OkStatus();
  bool first = at.phase.empty();
  while (first || !at.cursor.empty()) {
    FeedbackPage page;
    if (!campaign.empty()) {
      ASSIGN_OR_RETURN(page, feedback_.ListReports(work.call(), campaign, at.cursor));
    }
    std::vector<ScoringStore::FeedbackMean> means;
    for (const FeedbackReport& report : page.reports) {
      means.push_back({.employee = SubjectOf(report.employee),
                       .report = report.name,
                       .mean = report.overall_mean,
                       .superior = report.superior_mean,
                       .peers = report.peers_mean,
                       .subordinates = report.subordinates_mean});
    }
    at.phase = page.next_page_token.empty() ? kScore : kFeedback;
    at.cursor = page.next_page_token;
    RETURN_IF_ERROR(work.Step(at.ToString(), 0, 0, [&](postgres::Transaction& tx) -> absl::Status {
      ScoringStore store(tx);
      if (first) store.ClearFeedback(period);
      if (!means.empty()) store.StoreFeedback(period, means);
      return absl::OkStatus();
    }));
    first = false;
  }
  return absl::OkStatus();
}

absl::Status ScorePeriodWork::ScoreAll(operations::Work& work,
                                       const PeriodKey& key,
                                       const v1::Period& period,
                                       const std::string& local_pack) const {
  ASSIGN_OR_RETURN(const std::optional<domain::LocalPack> pack,
                   ReadPinnedPack(database_, work.call(), local_pack));
  ASSIGN_OR_RETURN(
      const int open,
      database_.Read(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<int> {
        return ScoringStore(tx).Count(key, kScorable);
      }));
  PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  for (bool more = true; more;) {
    // The batch decides the checkpoint, so it is known before the step: the rows are read again,
    // locked, within it.
    ASSIGN_OR_RETURN(
        const std::vector<std::string> ids,
        database_.Read(work.call(),
                       [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<std::string>> {
                         return ScoringStore(tx).NextIds(key, kScorable, at.cursor, kScoredAtOnce);
                       }));
    more = static_cast<int>(ids.size()) == kScoredAtOnce;
    if (ids.empty()) break;
    const std::string after = std::exchange(at.cursor, ids.back());
    at.done += static_cast<std::int64_t>(ids.size());
    RETURN_IF_ERROR(
        work.Step(at.ToString(), at.done, open, [&](postgres::Transaction& tx) -> absl::Status {
          std::vector<ScoringStore::Subject> batch =
              ScoringStore(tx).Next(key, kScorable, after, at.cursor);
          return ScoreBatch(tx, key, period, pack, batch);
        }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ScorePeriodWork::Run(
    operations::Work& work) const {
  v1::ScorePeriodRequest request;
  if (!work.request().UnpackTo(&request))
    return absl::InternalError("The operation holds another request.");
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(request.name(), "name"));
  ASSIGN_OR_RETURN(v1::Cycle cycle, database_.Read(work.call(), [&](postgres::Transaction& tx) {
    return CycleStore(tx).Get(key.cycle_key());
  }));
  const v1::Period* period = FindPeriod(cycle, key.period);
  if (period == nullptr) return errors::ResourceNotFound(request.name());
  RETURN_IF_ERROR(TakeFeedback(work, key, request.feedback_campaign()));
  RETURN_IF_ERROR(ScoreAll(work, key, *period, cycle.local_pack()));

  auto scored = std::make_unique<v1::Period>();
  const PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  RETURN_IF_ERROR(work.Step(
      work.checkpoint(), at.done, at.done, [&](postgres::Transaction& tx) -> absl::Status {
        return CycleStore(tx)
            .Update(key.cycle_key(),
                    api::Precondition::None(),
                    [&](v1::Cycle& changed) -> absl::Status {
                      v1::Period& own = *FindPeriod(changed, key.period);
                      RETURN_IF_ERROR(domain::CheckScorable(changed, own));
                      own.set_state(v1::Period::SCORED);
                      *scored = own;
                      RecordChange(tx, own.name(), "period.scored");
                      return absl::OkStatus();
                    })
            .status();
      }));
  return scored;
}

}  // namespace teraju::evaluation
