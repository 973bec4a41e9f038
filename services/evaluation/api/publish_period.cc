#include "services/evaluation/api/publish_period.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/auth/random_bytes.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/final_year.h"
#include "services/evaluation/api/in_parts.h"
#include "services/evaluation/api/period_checkpoint.h"
#include "services/evaluation/api/pinned_pack.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/receipt.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/calibration_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/scoring_store.h"
#include "services/evaluation/store/unit_result_store.h"
#include "teraju/evaluation/v1/cycles_service.pb.h"

namespace teraju::evaluation {
namespace {

constexpr int kPublishedAtOnce = 200;
constexpr std::size_t kStoredAtOnce = 25;
constexpr std::size_t kSaltBytes = 16;
// Phases of the checkpoint.
constexpr char kFinal[] = "final";
constexpr char kCombine[] = "year";
constexpr v1::Evaluation::State kOpen[] = {v1::Evaluation::OPEN};
constexpr v1::Evaluation::State kRated[] = {v1::Evaluation::RATED};

}  // namespace

absl::Status CheckPublishable(postgres::Transaction& tx, const PeriodKey& key) {
  ASSIGN_OR_RETURN(v1::Cycle cycle, CycleStore(tx).Get(key.cycle_key()));
  const v1::Period* period = FindPeriod(cycle, key.period);
  if (period == nullptr) return errors::ResourceNotFound(key.ToName());
  return domain::CheckPublishable(
      cycle,
      *period,
      {.open_evaluations = ScoringStore(tx).Count(key, kOpen),
       .unscored_evaluations = ScoringStore(tx).CountUnscored(key),
       .units = UnitResultStore(tx).FindOpenUnits(key, domain::NeedsUnitResults(cycle, *period))});
}

absl::Status PublishPeriodWork::Finalise(const Plan& plan,
                                         absl::Time now,
                                         v1::Evaluation& evaluation) {
  RETURN_IF_ERROR(domain::Finalise(evaluation, now));
  if (plan.local_pack() == nullptr || !evaluation.has_local_result()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*evaluation.mutable_local_result(),
                   domain::FinalLocalResult(*plan.local_pack(), evaluation, now));
  return absl::OkStatus();
}

// Makes a batch final, each with a receipt, an event, and a record that holds the receipt's digest.
absl::Status PublishPeriodWork::FinaliseBatch(postgres::Transaction& tx,
                                              const Plan& plan,
                                              std::vector<ScoringStore::Subject> batch) {
  std::vector<v1::Evaluation> evaluations;
  for (const ScoringStore::Subject& subject : batch) evaluations.push_back(subject.evaluation);
  const std::map<std::string, domain::UnitContext> contexts =
      UnitResultStore(tx).ContextOf(evaluations);
  std::vector<std::string> ids;
  for (const v1::Evaluation& evaluation : evaluations) ids.push_back(IdOf(evaluation.name()));
  auto calibrations = CalibrationStore(tx).ChangesOf(plan.key.agency, ids);
  using Receipts = std::vector<v1::ScoreReceipt>;
  const auto finalise = [&](std::size_t begin, std::size_t end) -> absl::StatusOr<Receipts> {
    Receipts receipts;
    for (std::size_t i = begin; i < end; ++i) {
      RETURN_IF_ERROR(Finalise(plan, tx.call().time(), evaluations[i]));
      ASSIGN_OR_RETURN(
          v1::ScoreReceipt receipt,
          domain::MakeReceipt({.evaluation = evaluations[i],
                               .plan = batch[i].plan,
                               .period = plan.days,
                               .salt = absl::BytesToHexString(auth::RandomBytes(kSaltBytes)),
                               .own_unit = contexts.at(ids[i]).own_unit,
                               .local_pack = plan.local_pack(),
                               .calibrations = std::move(calibrations[ids[i]])}));
      receipts.push_back(std::move(receipt));
    }
    return receipts;
  };
  std::size_t stored = 0;
  return InParts(
      evaluations.size(), kStoredAtOnce, finalise, [&](Receipts receipts) -> absl::Status {
        const std::span<const v1::Evaluation> part(&evaluations[stored], receipts.size());
        stored += receipts.size();
        for (std::size_t i = 0; i < part.size(); ++i) {
          RecordChange(tx,
                       part[i].name(),
                       "evaluation.final",
                       absl::StrCat(R"({"digest":")", receipts[i].digest(), R"("})"));
        }
        ScoringStore(tx).StoreFinal(plan.key.agency, part, receipts);
        return absl::OkStatus();
      });
}

absl::Status PublishPeriodWork::FinaliseAll(operations::Work& work, const Plan& plan) const {
  PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  if (at.phase != kFinal) at.cursor.clear();
  at.phase = kFinal;
  for (;;) {
    using Ids = std::vector<std::string>;
    ASSIGN_OR_RETURN(
        const Ids ids,
        database_.Read(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<Ids> {
          return ScoringStore(tx).NextIds(plan.key, kRated, at.cursor, kPublishedAtOnce);
        }));
    if (ids.empty()) {
      // Once more from the start: nothing that is rated may stay behind.
      if (at.cursor.empty()) return absl::OkStatus();
      at.cursor.clear();
      continue;
    }
    const std::string after = std::exchange(at.cursor, ids.back());
    at.done += static_cast<std::int64_t>(ids.size());
    RETURN_IF_ERROR(work.Step(
        at.ToString(), at.done, plan.total, [&](postgres::Transaction& tx) -> absl::Status {
          return FinaliseBatch(tx, plan, ScoringStore(tx).Next(plan.key, kRated, after, at.cursor));
        }));
  }
}

absl::Status PublishPeriodWork::CombineAll(operations::Work& work, const Plan& plan) const {
  PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  if (at.phase != kCombine) at.cursor.clear();
  at.phase = kCombine;
  for (;;) {
    using Ids = std::vector<std::string>;
    ASSIGN_OR_RETURN(
        const Ids ids,
        database_.Read(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<Ids> {
          return AnnualResultStore(tx).NextDraftIds(plan.key, at.cursor, kPublishedAtOnce);
        }));
    if (ids.empty()) {
      if (at.cursor.empty()) return absl::OkStatus();
      at.cursor.clear();
      continue;
    }
    const std::string after = std::exchange(at.cursor, ids.back());
    at.done += static_cast<std::int64_t>(ids.size());
    RETURN_IF_ERROR(work.Step(at.ToString(), at.done, plan.total, [&](postgres::Transaction& tx) {
      return MakeFinal(tx,
                       {plan.key, plan.days, plan.local_pack()},
                       domain::AnnualAction::kPublish,
                       AnnualResultStore(tx).NextDrafts(plan.key, after, at.cursor));
    }));
  }
}

absl::StatusOr<PublishPeriodWork::Plan> PublishPeriodWork::MakePlan(operations::Work& work,
                                                                    const PeriodKey& key) const {
  struct Stand {
    v1::Cycle cycle;
    std::int64_t left = 0;
  };
  ASSIGN_OR_RETURN(
      Stand stand,
      database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<Stand> {
        RETURN_IF_ERROR(CheckPublishable(tx, key));
        Stand read;
        read.left = ScoringStore(tx).Count(key, kRated);
        if (key.period == domain::kYear) read.left += AnnualResultStore(tx).CountDrafts(key);
        ASSIGN_OR_RETURN(read.cycle, CycleStore(tx).Get(key.cycle_key()));
        return read;
      }));
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(*FindPeriod(stand.cycle, key.period)));
  ASSIGN_OR_RETURN(std::optional<domain::LocalPack> pack,
                   ReadPinnedPack(database_, work.call(), stand.cycle.local_pack()));
  return Plan{.key = key,
              .days = days,
              .pack = std::move(pack),
              .total = PeriodCheckpoint::Parse(work.checkpoint()).done + stand.left};
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> PublishPeriodWork::Run(
    operations::Work& work) const {
  v1::PublishPeriodRequest request;
  if (!work.request().UnpackTo(&request))
    return absl::InternalError("The operation holds another request.");
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(request.name(), "name"));
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(work, key));
  RETURN_IF_ERROR(FinaliseAll(work, plan));
  if (key.period == domain::kYear) RETURN_IF_ERROR(CombineAll(work, plan));

  auto published = std::make_unique<v1::Period>();
  const PeriodCheckpoint at = PeriodCheckpoint::Parse(work.checkpoint());
  RETURN_IF_ERROR(work.Step(
      work.checkpoint(), at.done, at.done, [&](postgres::Transaction& tx) -> absl::Status {
        RETURN_IF_ERROR(CheckPublishable(tx, key));
        UnitResultStore(tx).Publish(key);
        return CycleStore(tx)
            .Update(key.cycle_key(),
                    api::Precondition::None(),
                    [&](v1::Cycle& changed) -> absl::Status {
                      v1::Period& own = *FindPeriod(changed, key.period);
                      own.set_state(v1::Period::PUBLISHED);
                      *published = own;
                      RecordChange(tx, own.name(), "period.published");
                      return absl::OkStatus();
                    })
            .status();
      }));
  return published;
}

}  // namespace teraju::evaluation
