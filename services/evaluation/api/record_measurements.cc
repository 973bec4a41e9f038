#include "services/evaluation/api/record_measurements.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/errors/status_macros.h"
#include "services/evaluation/api/progress_entries_service.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/measurement_store.h"
#include "services/evaluation/store/work_plan_store.h"

namespace teraju::evaluation {
namespace {

using Entries = std::vector<v1::ProgressEntry>;

struct Target {
  v1::WorkPlan plan;
  v1::Cycle cycle;
  Entries known;  // measured before, not corrected
  Entries added;
  std::vector<std::size_t> told_by;  // of `added`: the figure's place
};

bool SamePlace(const v1::ProgressEntry& a, const v1::ProgressEntry& b) {
  return a.item_id() == b.item_id() && a.indicator_id() == b.indicator_id() &&
         a.date().SerializeAsString() == b.date().SerializeAsString() &&
         a.measured().source() == b.measured().source();
}

class Recording {
 public:
  Recording(postgres::Transaction& tx, std::string agency, std::vector<domain::ToldFigure> figures)
      : tx_(tx), agency_(std::move(agency)), figures_(std::move(figures)) {}

  absl::Status FindTargets() {
    plans_ = MeasurementStore(tx_).LockPlans(agency_, figures_);
    std::set<std::string> ids;
    for (const auto& [place, plans] : plans_) ids.insert(plans.begin(), plans.end());
    std::map<std::string, v1::Cycle> cycles;
    for (const std::string& id : ids) {
      std::optional<v1::WorkPlan> plan = WorkPlanStore(tx_).Find({agency_, id});
      if (!plan) continue;
      if (!cycles.contains(plan->cycle())) {
        ASSIGN_OR_RETURN(cycles[plan->cycle()],
                         CycleStore(tx_).Get({agency_, IdOf(plan->cycle())}));
      }
      const v1::Cycle& cycle = cycles[plan->cycle()];
      targets_.emplace(id, Target{*std::move(plan), cycle, {}, {}, {}});
    }
    for (auto& [id, known] :
         MeasurementStore(tx_).FindMeasured(agency_, {ids.begin(), ids.end()}, figures_))
      targets_.at(id).known = std::move(known);
    return absl::OkStatus();
  }

  void Place(std::size_t place) {
    domain::ToldFigure& figure = figures_[place];
    if (figure.result.state() == v1::MeasurementResult::REFUSED) return;
    if (!plans_.contains(place)) {
      domain::Refuse(
          figure.result,
          "Tidak ada SKP yang disetujui untuk hari itu. Periksa pegawai atau unit dan tanggalnya.",
          "There is no approved plan of that day. Check employee or unit and date.");
      return;
    }
    // All plans before any: a figure is taken whole or not at all.
    std::vector<std::pair<Target*, Entries>> taken;
    for (const std::string& id : plans_.at(place)) {
      Target& target = targets_.at(id);
      Entries entries =
          domain::EntriesOf(figure.measurement, target.plan, target.cycle, figure.result);
      if (entries.empty()) return;
      taken.emplace_back(&target, std::move(entries));
    }
    figure.result.set_state(v1::MeasurementResult::UNCHANGED);
    for (auto& [target, entries] : taken) {
      for (v1::ProgressEntry& entry : entries) Add(*target, std::move(entry), place);
    }
  }

  v1::BatchCreateMeasurementsResponse Store() {
    for (auto& [id, target] : targets_) {
      if (target.added.empty()) continue;
      const Entries stored = StoreEntries(tx_, {agency_, id}, std::move(target.added));
      for (std::size_t i = 0; i < stored.size(); ++i)
        figures_[target.told_by[i]].result.add_progress_entries(stored[i].name());
    }
    v1::BatchCreateMeasurementsResponse reply;
    for (domain::ToldFigure& figure : figures_) *reply.add_results() = std::move(figure.result);
    return reply;
  }

 private:
  void Add(Target& target, v1::ProgressEntry entry, std::size_t place) {
    v1::MeasurementResult& result = figures_[place].result;
    const auto same = [&](const v1::ProgressEntry& other) { return SamePlace(other, entry); };
    // Told twice in one batch: the later one counts.
    if (const auto earlier = std::find_if(target.added.begin(), target.added.end(), same);
        earlier != target.added.end()) {
      if (domain::SameFigure(*earlier, entry)) return;
      entry.set_corrects(earlier->corrects());
      *earlier = std::move(entry);
      target.told_by[static_cast<std::size_t>(earlier - target.added.begin())] = place;
      result.set_state(v1::MeasurementResult::CORRECTED);
      return;
    }
    const auto known = std::find_if(target.known.begin(), target.known.end(), same);
    if (known != target.known.end() && domain::SameFigure(*known, entry)) return;
    if (known != target.known.end()) entry.set_corrects(known->name());
    if (result.state() != v1::MeasurementResult::CORRECTED) {
      result.set_state(entry.corrects().empty() ? v1::MeasurementResult::RECORDED
                                                : v1::MeasurementResult::CORRECTED);
    }
    target.added.push_back(std::move(entry));
    target.told_by.push_back(place);
  }

  postgres::Transaction& tx_;
  const std::string agency_;
  std::vector<domain::ToldFigure> figures_;
  std::map<std::size_t, std::vector<std::string>> plans_;
  std::map<std::string, Target> targets_;
};

}  // namespace

absl::StatusOr<v1::BatchCreateMeasurementsResponse> RecordMeasurements(
    postgres::Transaction& tx, const std::string& agency, std::vector<domain::ToldFigure> figures) {
  const std::size_t count = figures.size();
  Recording recording(tx, agency, std::move(figures));
  RETURN_IF_ERROR(recording.FindTargets());
  for (std::size_t place = 0; place < count; ++place) recording.Place(place);
  return recording.Store();
}

}  // namespace teraju::evaluation
