#include "services/evaluation/api/recompute_cycle.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/period_checkpoint.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/recomputation.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "services/evaluation/store/recomputation_store.h"

namespace teraju::evaluation {
namespace {

constexpr int kRecomputedAtOnce = 200;
constexpr int kMostDifferences = 100;
constexpr char kYears[] = "annualResults";  // the phase behind the last period

}  // namespace

// Where the work is, and what it has found; all of it stands in the checkpoint, so that a report
// survives a restart.
struct RecomputeCycleWork::Progress {
  PeriodCheckpoint at;  // phase: the period; cursor: the last id
  v1::CycleRecomputation report;

  static Progress Parse(const std::string& checkpoint) {
    Progress progress;
    progress.at = PeriodCheckpoint::Parse(checkpoint);
    const std::vector<std::string> parts = absl::StrSplit(progress.at.cursor, ' ');
    std::string bytes;
    if (parts.size() == 2 && absl::Base64Unescape(parts[1], &bytes))
      progress.report.ParseFromString(bytes);
    progress.at.cursor = parts[0];
    return progress;
  }
  std::string ToString() const {
    PeriodCheckpoint stored = at;
    absl::StrAppend(&stored.cursor, " ", absl::Base64Escape(report.SerializeAsString()));
    return stored.ToString();
  }
  void Count(const v1::Recomputation& recomputation) {
    ++at.done;
    report.set_results(report.results() + 1);
    if (recomputation.matches()) {
      report.set_matching(report.matching() + 1);
    } else if (report.differences_size() < kMostDifferences) {
      *report.add_differences() = domain::OnlyDifferences(recomputation);
    }
  }
};

absl::StatusOr<std::optional<domain::LocalPack>> FindPinnedPack(postgres::Database& database,
                                                                const CallContext& call,
                                                                const std::string& name) {
  if (name.empty()) return std::nullopt;
  absl::StatusOr<domain::LocalPack> pack =
      database.Read(call, [&](postgres::Transaction& tx) { return LocalPackStore(tx).Get(name); });
  if (pack.ok()) return std::optional(*std::move(pack));
  if (absl::IsInternal(pack.status()) || absl::IsNotFound(pack.status())) return std::nullopt;
  return pack.status();
}

absl::Status RecomputeCycleWork::CheckPeriod(operations::Work& work,
                                             const Plan& plan,
                                             const v1::Period& period,
                                             Progress& progress) const {
  ASSIGN_OR_RETURN(const PeriodKey key, ParsePeriod(period.name(), "name"));
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(period));
  for (;;) {
    using Page = std::vector<domain::StoredEvaluation>;
    ASSIGN_OR_RETURN(
        const Page page,
        database_.Read(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<Page> {
          return RecomputationStore(tx).Evaluations(key, progress.at.cursor, kRecomputedAtOnce);
        }));
    if (page.empty()) return absl::OkStatus();
    for (const domain::StoredEvaluation& stored : page) {
      progress.Count(
          domain::RecomputeEvaluation(stored, days, plan.pack.has_value() ? &*plan.pack : nullptr));
    }
    progress.at.phase = key.period;
    progress.at.cursor = IdOf(page.back().evaluation.name());
    RETURN_IF_ERROR(
        work.Step(progress.ToString(), progress.at.done, plan.total, [](postgres::Transaction&) {
          return absl::OkStatus();
        }));
  }
}

absl::Status RecomputeCycleWork::CheckYears(operations::Work& work,
                                            const Plan& plan,
                                            const PeriodKey& year,
                                            Progress& progress) const {
  ASSIGN_OR_RETURN(const time::Period days, domain::DaysOf(plan.cycle));
  for (;;) {
    using Page = std::vector<domain::StoredYear>;
    ASSIGN_OR_RETURN(
        const Page page,
        database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<Page> {
          return RecomputationStore(tx).Years(year, progress.at.cursor, kRecomputedAtOnce);
        }));
    if (page.empty()) return absl::OkStatus();
    for (const domain::StoredYear& stored : page) {
      progress.Count(
          domain::RecomputeYear(stored, days, plan.pack.has_value() ? &*plan.pack : nullptr));
    }
    progress.at.phase = kYears;
    progress.at.cursor = IdOf(page.back().result.name());
    RETURN_IF_ERROR(
        work.Step(progress.ToString(), progress.at.done, plan.total, [](postgres::Transaction&) {
          return absl::OkStatus();
        }));
  }
}

absl::StatusOr<RecomputeCycleWork::Plan> RecomputeCycleWork::MakePlan(operations::Work& work,
                                                                      const CycleKey& key) const {
  Plan plan;
  ASSIGN_OR_RETURN(plan.cycle, database_.Read(work.call(), [&](postgres::Transaction& tx) {
    return CycleStore(tx).Get(key);
  }));
  ASSIGN_OR_RETURN(
      plan.total,
      database_.Read(work.call(), [&](postgres::Transaction& tx) -> absl::StatusOr<std::int64_t> {
        return RecomputationStore(tx).Count(key);
      }));
  ASSIGN_OR_RETURN(plan.pack, FindPinnedPack(database_, work.call(), plan.cycle.local_pack()));
  return plan;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RecomputeCycleWork::Run(
    operations::Work& work) const {
  v1::RecomputeCycleRequest request;
  if (!work.request().UnpackTo(&request))
    return absl::InternalError("The operation holds another request.");
  ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(request.name(), "name"));
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(work, key));
  Progress progress = Progress::Parse(work.checkpoint());
  const std::string resumed = progress.at.phase;
  bool reached = resumed.empty();
  for (const v1::Period& period : plan.cycle.periods()) {
    const std::string id = IdOf(period.name());
    if (!reached && id != resumed) continue;
    if (reached) progress.at.cursor.clear();
    reached = true;
    RETURN_IF_ERROR(CheckPeriod(work, plan, period, progress));
  }
  if (resumed != kYears) progress.at.cursor.clear();
  RETURN_IF_ERROR(CheckYears(work, plan, {key.agency, key.cycle, domain::kYear}, progress));
  return std::make_unique<v1::CycleRecomputation>(std::move(progress.report));
}

}  // namespace teraju::evaluation
