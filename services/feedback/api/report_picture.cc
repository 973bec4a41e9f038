#include "services/feedback/api/report_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "common/engines/statistics/charts.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {
namespace {

Text GroupText(v1::RaterGroup group) {
  switch (group) {
    case v1::SUPERIOR:
      return {"Atasan", "Superior"};
    case v1::PEER:
      return {"Rekan kerja", "Peers"};
    case v1::SUBORDINATE:
      return {"Bawahan", "Subordinates"};
    default:
      return {"Diri sendiri", "Self"};
  }
}

absl::Status Fault(std::string_view field, std::string_view id, std::string_view en) {
  errors::FieldViolations violations;
  violations.Add(field, "UNKNOWN", id, en);
  return violations.ToStatus();
}

// For drawing only: what is published stays decimal.
double ToDouble(const google::type::Decimal& decimal) {
  return std::strtod(decimal.value().c_str(), nullptr);
}

// Of a group or a survey's unit.
template <typename Result>
statistics::ChartValue ToValue(const Result& result, const google::type::Decimal& figure) {
  statistics::ChartValue value{.value = ToDouble(figure), .answers = result.answers()};
  if (result.has_lower())
    value.interval = statistics::Interval{ToDouble(result.lower()), ToDouble(result.upper())};
  return value;
}

std::string DrawItems(const v1::Report& report,
                      const v1::Questionnaire& questionnaire,
                      Language language) {
  statistics::ProfileChart chart{
      .title =
          Text{"Umpan balik per butir dan kelompok", "Feedback by item and group"}.In(language),
      .scale = {static_cast<double>(report.scale_minimum()),
                static_cast<double>(report.scale_maximum())},
      .digits = 1};
  for (const v1::GroupResult& group : report.groups())
    chart.groups.push_back(GroupText(group.group()).In(language));
  auto& all = chart.items.emplace_back();
  all.name = Text{"Semua butir", "All items"}.In(language);
  for (const v1::GroupResult& group : report.groups())
    all.values.push_back(group.withheld() ? std::nullopt
                                          : std::optional(ToValue(group, group.mean())));
  for (int i = 0; i < questionnaire.items_size(); ++i) {
    auto& item = chart.items.emplace_back();
    item.name = language == Language::kEnglish ? questionnaire.items(i).text_en()
                                               : questionnaire.items(i).text_id();
    for (const v1::GroupResult& group : report.groups()) {
      const bool shown = i < group.items_size() && group.items(i).has_mean();
      item.values.push_back(
          shown ? std::optional(statistics::ChartValue{.value = ToDouble(group.items(i).mean()),
                                                       .answers = group.answers()})
                : std::nullopt);
    }
  }
  return statistics::DrawProfile(chart, language);
}

absl::StatusOr<std::string> DrawAnswers(const v1::Report& report,
                                        v1::RaterGroup wanted,
                                        Language language) {
  const auto group = std::find_if(report.groups().begin(),
                                  report.groups().end(),
                                  [&](const auto& result) { return result.group() == wanted; });
  if (group == report.groups().end()) {
    return Fault("group",
                 "Sebaran digambar untuk satu kelompok dalam laporan: PEER atau SUBORDINATE.",
                 "A distribution is drawn of one group in the report: PEER or SUBORDINATE.");
  }
  if (group->distribution().empty()) {
    return errors::FailedPrecondition(v1::REPORT_NOT_PUBLISHED,
                                      "The distribution of this group is not published: it takes "
                                      "twice the threshold of answers.");
  }
  statistics::DistributionChart chart{.title = GroupText(wanted).In(language)};
  for (int i = 0; i < group->distribution_size(); ++i)
    chart.categories.push_back(
        {.name = fmt::to_string(report.scale_minimum() + i), .count = group->distribution(i)});
  return statistics::DrawDistribution(chart, language);
}

}  // namespace

absl::StatusOr<std::string> DrawReportPicture(const v1::DrawReportRequest& request,
                                              const v1::Report& report,
                                              const v1::Questionnaire& questionnaire) {
  ASSIGN_OR_RETURN(const Language language, ReadLanguage(request.language_code()));
  if (request.picture() == v1::DrawReportRequest::DISTRIBUTION)
    return DrawAnswers(report, request.group(), language);
  return DrawItems(report, questionnaire, language);
}

std::string DrawReportTrendPicture(const std::vector<std::pair<std::string, v1::Report>>& reports,
                                   Language language) {
  const v1::Report& last = reports.back().second;
  statistics::TrendChart chart{
      .title = Text{"Umpan balik dari waktu ke waktu", "Feedback over time"}.In(language),
      .scale = {static_cast<double>(last.scale_minimum()),
                static_cast<double>(last.scale_maximum())}};
  for (const v1::RaterGroup group : {v1::SUPERIOR, v1::PEER, v1::SUBORDINATE, v1::SELF})
    chart.series.push_back({.name = GroupText(group).In(language)});
  for (const auto& [campaign, report] : reports) {
    if (report.scale_minimum() != last.scale_minimum() ||
        report.scale_maximum() != last.scale_maximum())
      continue;
    chart.periods.push_back(campaign);
    for (auto& series : chart.series) series.values.emplace_back();
    for (const v1::GroupResult& group : report.groups()) {
      if (group.withheld() || group.group() == v1::RATER_GROUP_UNSPECIFIED) continue;
      chart.series[group.group() - v1::SUPERIOR].values.back() = ToValue(group, group.mean());
    }
  }
  return statistics::DrawTrend(chart, language);
}

std::string DrawSurveyTrendPicture(
    const std::vector<std::pair<std::string, v1::SurveyResult>>& results, Language language) {
  statistics::TrendChart chart{
      .title = Text{"Indeks Kepuasan Masyarakat", "Index of citizens' satisfaction"}.In(language),
      .scale = {25, 100},
      .series = {{.name = Text{"IKM", "IKM"}.In(language)}}};
  for (const auto& [survey, result] : results) {
    chart.periods.push_back(survey);
    chart.series[0].values.push_back(
        result.withheld() ? std::nullopt : std::optional(ToValue(result, result.index())));
  }
  return statistics::DrawTrend(chart, language);
}

absl::StatusOr<Language> ReadLanguage(const std::string& code) {
  if (code.empty() || code == "id") return Language::kIndonesian;
  if (code == "en") return Language::kEnglish;
  return Fault(
      "languageCode", "Bahasa gambar adalah id atau en.", "The language of a picture is id or en.");
}

google::api::HttpBody SvgBody(std::string svg) {
  google::api::HttpBody picture;
  picture.set_content_type("image/svg+xml");
  picture.set_data(std::move(svg));
  return picture;
}

}  // namespace teraju::feedback
