#include "services/feedback/domain/measurement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "common/engines/statistics/rater_diagnostics.h"
#include "common/engines/statistics/rater_graph.h"
#include "common/engines/statistics/rater_model.h"
#include "common/engines/statistics/reliability.h"
#include "common/engines/statistics/suppression.h"
#include "common/engines/statistics/table.h"
#include "services/feedback/domain/estimate.h"

namespace teraju::feedback::domain {
namespace {

using statistics::RaterFit;
using statistics::Refusal;

constexpr double kGoodReliability = 0.8;
// A rater is severe or lenient from an eighth of the scale on: half a point of 1 to 5.
constexpr double kSeverityShare = 1.0 / 8;

// Answers with the names taken off: what the rater model works on.
struct Indexed {
  statistics::Ratings ratings;
  std::vector<std::string> ratees;
  std::vector<std::string> raters;  // pseudonyms
  std::vector<v1::RaterGroup> groups;
};

template <typename Value>
int IndexOf(const Value& value, std::map<Value, int>& known, std::vector<Value>& values) {
  const auto [found, added] = known.emplace(value, static_cast<int>(values.size()));
  if (added) values.push_back(value);
  return found->second;
}

double MeanOfItems(const GivenAnswer& answer) {
  return std::accumulate(answer.values.begin(), answer.values.end(), 0.0) /
         static_cast<double>(answer.values.size());
}

using Shown = std::set<std::pair<std::string, v1::RaterGroup>>;

Shown ShownGroups(std::span<const RateeReport> reports) {
  Shown shown;
  for (const auto& [ratee, report] : reports) {
    for (const v1::GroupResult& group : report.groups()) {
      if (!group.withheld() && group.group() != v1::SELF) shown.emplace(ratee, group.group());
    }
  }
  return shown;
}

std::vector<SentAnswer> CountedAnswers(std::span<const SentAnswer> answers, const Shown& shown) {
  std::vector<SentAnswer> counted;
  std::copy_if(answers.begin(), answers.end(), std::back_inserter(counted), [&](const auto& sent) {
    return shown.contains({sent.ratee, sent.answer.group}) && !sent.answer.values.empty();
  });
  return counted;
}

Indexed IndexAnswers(std::span<const SentAnswer> answers) {
  Indexed indexed;
  std::map<std::string, int> ratees;
  std::map<std::string, int> raters;
  std::map<v1::RaterGroup, int> groups;
  for (const SentAnswer& sent : answers) {
    indexed.ratings.answers.push_back(
        {.ratee = IndexOf(sent.ratee, ratees, indexed.ratees),
         .rater = IndexOf(sent.pseudonym, raters, indexed.raters),
         .value = MeanOfItems(sent.answer),
         .group = IndexOf(sent.answer.group, groups, indexed.groups)});
  }
  indexed.ratings.ratees = static_cast<int>(indexed.ratees.size());
  indexed.ratings.raters = static_cast<int>(indexed.raters.size());
  indexed.ratings.groups = static_cast<int>(indexed.groups.size());
  return indexed;
}

// The answers of the largest part in which raters can be compared with each other: those who share
// no ratee, directly or through others, are on scales of their own.
std::vector<SentAnswer> LargestPart(const std::vector<SentAnswer>& answers) {
  const Indexed indexed = IndexAnswers(answers);
  std::vector<statistics::Assignment> assignments;
  for (const statistics::Rating& rating : indexed.ratings.answers)
    assignments.push_back({.ratee = rating.ratee, .rater = rating.rater});
  const statistics::RaterGraph graph =
      statistics::ConnectRaters(indexed.ratings.ratees, indexed.ratings.raters, assignments);
  if (graph.components < 2) return answers;
  std::vector<int> ratees(graph.components);
  for (const int component : graph.ratee_component) ++ratees[component];
  const auto largest =
      static_cast<int>(std::max_element(ratees.begin(), ratees.end()) - ratees.begin());
  std::vector<SentAnswer> part;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (graph.ratee_component[indexed.ratings.answers[i].ratee] == largest)
      part.push_back(answers[i]);
  }
  return part;
}

// As the groups answered where none of them has a weight.
std::vector<double> WeightsOf(const Indexed& indexed, const v1::Campaign& campaign) {
  std::vector<double> weights;
  for (const v1::RaterGroup group : indexed.groups) {
    weights.push_back(0);
    for (const v1::GroupWeight& weight : campaign.group_weights())
      if (weight.group() == group) weights.back() = weight.weight();
  }
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total == 0) return {};
  for (double& weight : weights) weight /= total;
  return weights;
}

void Refuse(const Refusal& refusal, v1::CampaignQuality& quality) {
  const std::string code = statistics::ReasonName(refusal.reason);
  for (const v1::Refusal& known : quality.refusals())
    if (known.code() == code) return;
  *quality.add_refusals() = ToRefusal(refusal);
}

void AddFit(const RaterFit& fit, v1::CampaignQuality& quality) {
  *quality.mutable_mean() = ToDecimal(fit.mean, 2);
  *quality.mutable_ratee_deviation() = ToDecimal(fit.ratee_sd, 2);
  *quality.mutable_severity_deviation() = ToDecimal(fit.rater_sd, 2);
  *quality.mutable_residual_deviation() = ToDecimal(fit.residual_sd, 2);
  const double ratee = fit.ratee_sd * fit.ratee_sd;
  const double total = ratee + fit.rater_sd * fit.rater_sd + fit.residual_sd * fit.residual_sd;
  const double single = ratee / total;
  *quality.mutable_single_rater_reliability() = ToDecimal(single, 2);
  const auto needed = statistics::RatersNeeded(single, kGoodReliability);
  if (!needed.ok()) return Refuse(needed.refusal(), quality);
  quality.set_raters_needed(static_cast<int>(std::ceil(*needed)));
}

void AddAlpha(std::span<const SentAnswer> answers, v1::CampaignQuality& quality) {
  if (answers.empty()) return;
  statistics::Table table(static_cast<int>(answers.size()),
                          static_cast<int>(answers.front().answer.values.size()));
  for (int row = 0; row < table.rows(); ++row) {
    for (int item = 0; item < table.columns(); ++item)
      table.at(row, item) = answers[row].answer.values[item];
  }
  const auto alpha = statistics::CronbachAlpha(table);
  if (!alpha.ok()) return Refuse(alpha.refusal(), quality);
  *quality.mutable_alpha() = ToDecimal(alpha->raw, 2);
}

// How many raters are in each band, where neither the count nor what it leaves of all tells of few.
void CountBands(const std::map<std::string, v1::RaterNote::Severity>& severity,
                int threshold,
                v1::CampaignQuality& quality) {
  constexpr std::array kBands = {
      v1::RaterNote::SEVERE, v1::RaterNote::USUAL, v1::RaterNote::LENIENT, v1::RaterNote::UNKNOWN};
  std::array<int, kBands.size()> raters{};
  for (const auto& [pseudonym, band] : severity)
    ++raters[std::find(kBands.begin(), kBands.end(), band) - kBands.begin()];
  const std::vector<bool> shown = statistics::Suppress(raters, threshold).shown;
  if (shown[0]) quality.set_severe_raters(raters[0]);
  if (shown[1]) quality.set_usual_raters(raters[1]);
  if (shown[2]) quality.set_lenient_raters(raters[2]);
}

v1::RaterNote::Severity ToSeverity(statistics::SeverityBand band) {
  switch (band) {
    case statistics::SeverityBand::kSevere:
      return v1::RaterNote::SEVERE;
    case statistics::SeverityBand::kUsual:
      return v1::RaterNote::USUAL;
    case statistics::SeverityBand::kLenient:
      return v1::RaterNote::LENIENT;
    case statistics::SeverityBand::kUnknown:
      break;
  }
  return v1::RaterNote::UNKNOWN;
}

void AddBands(const Indexed& indexed,
              const RaterFit& fit,
              const v1::Questionnaire& questionnaire,
              Measurement& measured) {
  const double margin =
      kSeverityShare * (questionnaire.scale_maximum() - questionnaire.scale_minimum());
  for (std::size_t i = 0; i < indexed.raters.size(); ++i) {
    const statistics::Effect& effect = fit.rater_effects[i];
    measured.severity[indexed.raters[i]] =
        ToSeverity(statistics::BandOf(effect.value, effect.conditional_sd, effect.answers, margin));
  }
}

v1::AdjustedValue ToAdjusted(const statistics::AdjustedRatee& ratee) {
  v1::AdjustedValue value;
  *value.mutable_value() = ToDecimal(ratee.adjusted, 1);
  *value.mutable_lower() = ToDecimal(ratee.interval.lower, 1);
  *value.mutable_upper() = ToDecimal(ratee.interval.upper, 1);
  *value.mutable_reliability() = ToDecimal(ratee.reliability, 2);
  value.set_raters(ratee.raters);
  return value;
}

v1::Refusal Unconnected() {
  v1::Refusal refusal;
  refusal.set_code(statistics::ReasonName(statistics::RefusalReason::kUnconnected));
  refusal.set_text_id(
      "Para penilai ini tidak menilai siapa pun bersama bagian terbesar kampanye, sehingga"
      " ketegasannya tidak dapat dibandingkan. Lain kali periksa penilai sebelum peluncuran.");
  refusal.set_text_en(
      "These raters share no ratee with the largest part of the campaign, so their severity cannot"
      " be compared. Next time check the raters before the launch.");
  return refusal;
}

v1::Refusal TooFewAnswers(int needed) {
  v1::Refusal refusal;
  refusal.set_code("TOO_FEW_ANSWERS");
  refusal.set_text_id(fmt::format(
      "Nilai yang disesuaikan baru ditampilkan mulai {} penilai dalam kelompok yang ditampilkan.",
      needed));
  refusal.set_text_en(
      fmt::format("An adjusted value is shown from {} raters in the groups shown on.", needed));
  return refusal;
}

}  // namespace

Measurement Measure(const v1::Questionnaire& questionnaire,
                    const v1::Campaign& campaign,
                    std::span<const SentAnswer> answers,
                    std::span<const RateeReport> reports) {
  const std::vector<SentAnswer> counted = CountedAnswers(answers, ShownGroups(reports));
  const std::vector<SentAnswer> comparable = LargestPart(counted);
  const Indexed indexed = IndexAnswers(comparable);
  const auto fit = statistics::FitRaterModel(
      indexed.ratings,
      {.group_weights = WeightsOf(indexed, campaign),
       .scale = statistics::Interval{static_cast<double>(questionnaire.scale_minimum()),
                                     static_cast<double>(questionnaire.scale_maximum())}});
  Measurement measured;
  measured.quality.set_raters(indexed.ratings.raters);
  AddAlpha(counted, measured.quality);
  if (fit.ok()) {
    AddFit(*fit, measured.quality);
    AddBands(indexed, *fit, questionnaire, measured);
    CountBands(measured.severity, campaign.threshold(), measured.quality);
  } else {
    Refuse(fit.refusal(), measured.quality);
  }
  if (comparable.size() < counted.size()) *measured.quality.add_refusals() = Unconnected();

  const int needed = 2 * campaign.threshold();
  for (const RateeReport& report : reports)
    *measured.adjusted[report.ratee].mutable_refusal() = TooFewAnswers(needed);
  std::map<std::string, int> answered;
  for (const SentAnswer& sent : counted) {
    if (++answered[sent.ratee] == needed)
      *measured.adjusted[sent.ratee].mutable_refusal() = Unconnected();
  }
  std::vector<int> raters(indexed.ratees.size());
  for (const statistics::Rating& rating : indexed.ratings.answers) ++raters[rating.ratee];
  for (std::size_t i = 0; i < indexed.ratees.size(); ++i) {
    if (raters[i] < needed) continue;
    v1::AdjustedValue& value = measured.adjusted[indexed.ratees[i]];
    if (fit.ok()) {
      value = ToAdjusted(fit->ratees[i]);  // in place of the refusal
    } else {
      *value.mutable_refusal() = ToRefusal(fit.refusal());
    }
  }
  return measured;
}

v1::RaterNote NoteOf(v1::RaterNote::Severity severity) {
  v1::RaterNote note;
  note.set_severity(severity);
  switch (severity) {
    case v1::RaterNote::SEVERE:
      note.set_text_id(
          "Jawaban Anda lebih rendah daripada jawaban penilai lain tentang orang yang sama. "
          "Pikirkan"
          " contoh nyata untuk setiap butir sebelum memilih nilai.");
      note.set_text_en(
          "Your answers were lower than those of others about the same people. Think of an example"
          " for each item before you choose a value.");
      break;
    case v1::RaterNote::LENIENT:
      note.set_text_id(
          "Jawaban Anda lebih tinggi daripada jawaban penilai lain tentang orang yang sama. "
          "Pikirkan"
          " contoh nyata untuk setiap butir sebelum memilih nilai.");
      note.set_text_en(
          "Your answers were higher than those of others about the same people. Think of an example"
          " for each item before you choose a value.");
      break;
    case v1::RaterNote::USUAL:
      note.set_text_id("Jawaban Anda setara dengan jawaban penilai lain tentang orang yang sama.");
      note.set_text_en("Your answers were like those of others about the same people.");
      break;
    default:
      note.set_severity(v1::RaterNote::UNKNOWN);
      note.set_text_id("Jawaban Anda terlalu sedikit untuk dibandingkan dengan penilai lain.");
      note.set_text_en("You gave too few answers to be compared with other raters.");
  }
  return note;
}

}  // namespace teraju::feedback::domain
