#include "services/evaluation/domain/scoring.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/achievement.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/timestamps.h"

namespace teraju::evaluation::domain {
namespace {

// Units of measure whose figures do not add up over the year.
constexpr std::string_view kRatios[] = {"%",
                                        "persen",
                                        "percent",
                                        "persentase",
                                        "indeks",
                                        "index",
                                        "rasio",
                                        "ratio",
                                        "skor",
                                        "score",
                                        "nilai",
                                        "rata-rata"};

struct WarningText {
  std::string_view code, id, en;
};
constexpr WarningText kWarnings[] = {
    {"NO_APPROVED_PLAN",
     "SKP belum disetujui, sehingga tidak ada yang dapat dihitung.",
     "The work plan is not approved, so there is nothing to compute."},
    {"NO_REALISATION",
     "Belum ada realisasi yang dicatat sampai akhir periode.",
     "No realisation has been recorded until the end of the period."},
    {"PARTIAL_REALISATION",
     "Sebagian indikator belum memiliki realisasi; indikator itu tidak ikut dihitung.",
     "Some indicators have no realisation; they do not count."},
    {"NO_EVIDENCE",
     "Tidak ada bukti dukung atau prakarsa yang dicatat.",
     "Neither evidence nor an initiative has been recorded."},
    {"RECENT_ENTRIES_ONLY",
     "Hampir semua yang dicatat berasal dari 30 hari terakhir; lihat juga bulan-bulan sebelumnya.",
     "Almost all that is recorded is of the last 30 days; look at the months before as well."},
    {"FEEDBACK_WITHHELD",
     "Umpan balik tidak ditampilkan karena jawabannya terlalu sedikit.",
     "The feedback is withheld because there are too few answers."},
    {"RATING_FAR_FROM_EVIDENCE",
     "Rating hasil kerja jauh dari yang ditunjukkan angka.",
     "The rating of results is far from what the figures show."},
};

const Activity* FindActivity(std::span<const Activity> all,
                             std::string_view item,
                             std::string_view indicator) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Activity& activity) {
    return activity.item_id == item && activity.indicator_id == indicator;
  });
  return found == all.end() ? nullptr : &*found;
}

// Whether more than four fifths of what is recorded are of the last days, though more than a
// quarter has passed: so much is reported at the end of a first quarter by everybody.
bool LeansOnTheLastDays(std::span<const Activity> activities, const ElapsedShare& share) {
  constexpr int kQuarterAndMonth = 120;
  constexpr int kEnough = 3;
  int recorded = 0;
  int recent = 0;
  for (const Activity& activity : activities) {
    recorded += activity.entries + activity.initiatives;
    recent += activity.recent;
  }
  return share.elapsed > kQuarterAndMonth && recorded >= kEnough && recent * 5 > recorded * 4;
}

google::type::Decimal TwoDigits(const Rational& value) {
  return ToProto(Round(value, 2, Rounding::kHalfUp));
}

// Collects the exact figures while the message is filled with rounded ones.
class Scorer {
 public:
  Scorer(std::span<const Activity> activities,
         const ElapsedShare& share,
         v1::ComputedEvidence& evidence)
      : activities_(activities), share_(share), evidence_(evidence) {}

  absl::Status Add(const v1::WorkPlanItem& item) {
    v1::ItemAchievement& scored = *evidence_.add_items();
    scored.set_item_id(item.item_id());
    if (const Activity* own = FindActivity(activities_, item.item_id(), "")) {
      scored.set_initiatives(own->initiatives);
      scored.set_evidence(own->evidence);
      proven_ = proven_ || own->initiatives > 0 || own->evidence > 0;
    }
    std::vector<Rational> achievements;
    for (const v1::ItemIndicator& indicator : item.indicators()) {
      ASSIGN_OR_RETURN(const std::optional<Rational> exact,
                       Add(item.item_id(), indicator, *scored.add_indicators()));
      if (exact.has_value()) achievements.push_back(*exact);
      missing_ = missing_ || !exact.has_value();
    }
    if (const std::optional<Rational> mean = MeanOf(achievements)) {
      *scored.mutable_achievement() = TwoDigits(*mean);
      items_.push_back(*mean);
    }
    return absl::OkStatus();
  }

  std::optional<Rational> mean() const { return MeanOf(items_); }
  bool missing() const { return missing_; }
  bool proven() const { return proven_; }

 private:
  absl::StatusOr<std::optional<Rational>> Add(const std::string& item_id,
                                              const v1::ItemIndicator& indicator,
                                              v1::IndicatorAchievement& scored) {
    const ElapsedShare due = DueShare(indicator, share_);
    scored.set_indicator_id(indicator.indicator_id());
    *scored.mutable_target() = indicator.target();
    if (indicator.has_target_upper()) *scored.mutable_target_upper() = indicator.target_upper();
    *scored.mutable_due_share() = TwoDigits(Rational(due.elapsed * 100, due.days));
    const Activity* activity = FindActivity(activities_, item_id, indicator.indicator_id());
    if (activity == nullptr || !activity->realisation.has_value()) return std::nullopt;
    scored.set_entries(activity->entries);
    scored.set_evidence(activity->evidence);
    proven_ = proven_ || activity->evidence > 0;
    *scored.mutable_realisation() = ToProto(*activity->realisation);
    ASSIGN_OR_RETURN(const Rational exact, AchievementOf(indicator, *activity->realisation, due));
    *scored.mutable_achievement() = TwoDigits(exact);
    scored.set_category(std::string(rules::CategoryName(rules::CategoryOf(exact))));
    return exact;
  }

  const std::span<const Activity> activities_;
  const ElapsedShare share_;
  v1::ComputedEvidence& evidence_;
  std::vector<Rational> items_;
  bool missing_ = false;
  bool proven_ = false;
};

}  // namespace

absl::StatusOr<ElapsedShare> ShareOf(const v1::Snapshot& segment, const time::Period& period) {
  ASSIGN_OR_RETURN(const absl::CivilDay first, time::ToCivilDay(segment.start_date()));
  ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(segment.end_date()));
  ASSIGN_OR_RETURN(const time::Period days, time::Period::Make(first, last + 1));
  ASSIGN_OR_RETURN(const time::Period passed,
                   time::Period::Make(first, std::min(days.end(), period.end())));
  return ElapsedShare{passed.days(), days.days()};
}

bool IsDueByDay(const v1::ItemIndicator& indicator) {
  const std::string unit = absl::AsciiStrToLower(indicator.unit_of_measure());
  return indicator.aspect() == v1::ItemIndicator::QUANTITY &&
         indicator.polarity() == v1::ItemIndicator::HIGHER_IS_BETTER &&
         std::find(std::begin(kRatios), std::end(kRatios), unit) == std::end(kRatios);
}

ElapsedShare DueShare(const v1::ItemIndicator& indicator, const ElapsedShare& share) {
  return IsDueByDay(indicator) ? share : ElapsedShare{};
}

absl::StatusOr<Rational> AchievementOf(const v1::ItemIndicator& indicator,
                                       const Decimal& realised,
                                       const ElapsedShare& share) {
  ASSIGN_OR_RETURN(const Decimal target, FromProto(indicator.target()));
  if (target.sign() == 0) return Rational(realised.sign() <= 0 ? 100 : 0);
  // Both sides times the days of the segment: the due part of the target stays an exact decimal.
  rules::Target due{target * Decimal(share.elapsed), std::nullopt};
  if (indicator.has_target_upper()) {
    ASSIGN_OR_RETURN(const Decimal upper, FromProto(indicator.target_upper()));
    due.high = upper * Decimal(share.elapsed);
  }
  const bool special = indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER;
  return rules::Achievement(special ? rules::Condition::kSpecial : rules::Condition::kNormal,
                            due,
                            realised * Decimal(share.days));
}

v1::Rating Suggest(const std::optional<Rational>& mean, const SuggestionRule& rule) {
  if (!mean.has_value()) return v1::RATING_UNSPECIFIED;
  return rule.ratings[static_cast<std::size_t>(rules::CategoryOf(*mean)) - 1];
}

absl::StatusOr<v1::ComputedEvidence> ComputeEvidence(const v1::WorkPlan& plan,
                                                     std::span<const Activity> activities,
                                                     const ElapsedShare& share,
                                                     const std::optional<Feedback>& feedback,
                                                     absl::Time now,
                                                     const SuggestionRule& rule) {
  v1::ComputedEvidence evidence;
  const bool approved = plan.state() == v1::WorkPlan::APPROVED;
  Scorer scorer(activities, share, evidence);
  if (approved) {
    for (const v1::WorkPlanItem& item : plan.items()) RETURN_IF_ERROR(scorer.Add(item));
  }
  const std::optional<Rational> mean = scorer.mean();
  if (mean.has_value()) *evidence.mutable_mean_achievement() = TwoDigits(*mean);
  evidence.set_suggested_result_rating(Suggest(mean, rule));
  if (!approved) AddWarning(evidence, "NO_APPROVED_PLAN");
  if (!mean.has_value()) AddWarning(evidence, "NO_REALISATION");
  if (mean.has_value() && scorer.missing()) AddWarning(evidence, "PARTIAL_REALISATION");
  if (!scorer.proven()) AddWarning(evidence, "NO_EVIDENCE");
  if (approved && LeansOnTheLastDays(activities, share))
    AddWarning(evidence, "RECENT_ENTRIES_ONLY");
  if (feedback.has_value()) {
    evidence.set_feedback_report(feedback->report);
    if (feedback->mean.has_value()) *evidence.mutable_feedback_mean() = ToProto(*feedback->mean);
    if (!feedback->mean.has_value()) AddWarning(evidence, "FEEDBACK_WITHHELD");
  }
  SetTime(*evidence.mutable_compute_time(), now);
  return evidence;
}

std::optional<Rational> MeanOf(std::span<const Rational> values) {
  if (values.empty()) return std::nullopt;
  Rational sum = 0;
  for (const Rational& value : values) sum += value;
  return sum / static_cast<int>(values.size());
}

std::string AccountKey(std::string_view title) {
  constexpr std::size_t kMost = 200;
  if (title.size() <= kMost) return std::string(title);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(title[end]) & 0xC0U) == 0x80U) --end;
  return std::string(title.substr(0, end));
}

void AddWarning(v1::ComputedEvidence& evidence, std::string_view code) {
  for (const WarningText& text : kWarnings) {
    if (text.code != code) continue;
    v1::Warning& warning = *evidence.add_warnings();
    warning.set_code(std::string(text.code));
    warning.set_text_id(std::string(text.id));
    warning.set_text_en(std::string(text.en));
  }
}

}  // namespace teraju::evaluation::domain
