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
  Entries known;      // measured before, not corrected
  Entries confirmed;  // of those, what the batch says again
  Entries added;
  std::vector<std::size_t> told_by;  // of `added`: the figure's place
};

// The entry of the same place: item, indicator, day and source.
const v1::ProgressEntry* FindIn(const Entries& entries, const v1::ProgressEntry& like) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
    return entry.item_id() == like.item_id() && entry.indicator_id() == like.indicator_id() &&
           entry.date().SerializeAsString() == like.date().SerializeAsString() &&
           entry.measured().source() == like.measured().source();
  });
  return found == entries.end() ? nullptr : &*found;
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
      targets_.emplace(id, Target{*std::move(plan), cycle, {}, {}, {}, {}});
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
    // Into every plan of that day that names it (a rehearsal's beside a binding one need not), all
    // of them before any: a figure is taken whole or not at all.
    std::vector<std::pair<Target*, Entries>> taken;
    for (const std::string& id : plans_.at(place)) {
      Target& target = targets_.at(id);
      Entries entries =
          domain::EntriesOf(figure.measurement, target.plan, target.cycle, figure.result);
      if (ContradictsEarlier(target, entries)) {
        domain::Refuse(
            figure.result,
            "Kiriman ini sudah memuat nilai lain untuk hari dan sumber yang sama. Kirim hanya yang "
            "benar.",
            "There is another value for the same day and source in what was sent. Send only the "
            "right one.");
      }
      if (figure.result.state() == v1::MeasurementResult::REFUSED) return;
      if (!entries.empty()) taken.emplace_back(&target, std::move(entries));
    }
    if (taken.empty()) {
      domain::Refuse(
          figure.result,
          "Tidak ada indikator SKP dengan kode angka ini. Periksa kodenya, atau isi pada "
          "indikator.",
          "No indicator of the plan names this figure. Check the code, or enter it at the "
          "indicator.");
      return;
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
  static bool ContradictsEarlier(const Target& target, const Entries& entries) {
    return std::any_of(entries.begin(), entries.end(), [&](const v1::ProgressEntry& entry) {
      const v1::ProgressEntry* earlier = FindIn(target.added, entry);
      if (earlier == nullptr) earlier = FindIn(target.confirmed, entry);
      return earlier != nullptr && !domain::SameFigure(*earlier, entry);
    });
  }

  void Add(Target& target, v1::ProgressEntry entry, std::size_t place) {
    if (FindIn(target.added, entry) != nullptr) return;
    v1::MeasurementResult& result = figures_[place].result;
    const v1::ProgressEntry* known = FindIn(target.known, entry);
    if (known != nullptr && domain::SameFigure(*known, entry)) {
      target.confirmed.push_back(std::move(entry));
      return;
    }
    if (known != nullptr) {
      entry.set_corrects(known->name());
      result.set_state(v1::MeasurementResult::CORRECTED);
    } else if (result.state() != v1::MeasurementResult::CORRECTED) {
      result.set_state(v1::MeasurementResult::RECORDED);
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
