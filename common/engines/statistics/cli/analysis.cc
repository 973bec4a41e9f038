#include "common/engines/statistics/cli/analysis.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "common/engines/statistics/agreement.h"
#include "common/engines/statistics/rater_diagnostics.h"
#include "common/engines/statistics/rater_graph.h"
#include "common/engines/statistics/rater_model.h"

namespace teraju::statistics {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value Number(double x) { return std::isfinite(x) ? value(x) : value(nullptr); }
value Number(const std::optional<double>& x) { return x ? Number(*x) : value(nullptr); }

// A table of ratees by raters: of one item, or of the means over items.
struct NamedTable {
  std::string item;
  Table table;
};

class Analyser {
 public:
  Analyser(const NamedRatings& named, const AnalysisOptions& options)
      : named_(named), options_(options) {
    const auto [least, most] =
        std::minmax_element(named.ratings.answers.begin(),
                            named.ratings.answers.end(),
                            [](const auto& a, const auto& b) { return a.value < b.value; });
    scale_ = options.scale.value_or(Interval{least->value, most->value});
  }

  Analysis Run() {
    AddData();
    array tables;
    for (const NamedTable& table : Tables()) tables.push_back(TableStatistics(table));
    if (WantsAny({"icc", "generalizability", "krippendorff", "kendall", "fleiss"})) {
      report_["tables"] = std::move(tables);
    }
    if (Wants("cronbach") && (Asked() || named_.items.size() > 1)) report_["cronbach"] = Alpha();
    if (Wants("connectivity")) report_["connectivity"] = Connectivity();
    if (Wants("model")) report_["model"] = Model();
    if (Wants("diagnostics")) report_["diagnostics"] = Diagnostics();
    return {std::move(report_), refused_};
  }

 private:
  bool Asked() const { return !options_.statistics.empty(); }
  bool Wants(const std::string& name) const {
    return !Asked() || options_.statistics.contains(name);
  }
  bool WantsAny(std::initializer_list<const char*> names) const {
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return Wants(name); });
  }

  // A statistic for complete tables says so of an incomplete one; that alone is no failure unless
  // it was asked for.
  object Refused(const Refusal& refusal) {
    refused_ = refused_ || Asked() || refusal.reason != RefusalReason::kMissingAnswers;
    return {
        {"refused", ReasonName(refusal.reason)}, {"reason", refusal.en}, {"alasan", refusal.id}};
  }

  void AddData() {
    object data{{"answers", named_.ratings.answers.size()},
                {"missing", named_.missing},
                {"ratees", named_.ratees.size()},
                {"raters", named_.raters.size()},
                {"items", named_.items.size()},
                {"groups", named_.groups.size()},
                {"periods", named_.periods.size()},
                {"scale_from", scale_.lower},
                {"scale_to", scale_.upper}};
    report_["data"] = std::move(data);
  }

  std::vector<NamedTable> Tables() const {
    const int ratees = named_.ratings.ratees;
    const int raters = named_.ratings.raters;
    const int items = named_.ratings.items;
    std::vector<NamedTable> tables;
    for (int item = 0; items > 1 && item < items; ++item) {
      tables.push_back({named_.items[item], MeansOf(ratees, raters, item)});
    }
    tables.push_back(
        {items > 1 ? "(mean over items)" : named_.items[0], MeansOf(ratees, raters, -1)});
    return tables;
  }

  // Means of a rater's answers about a ratee; item -1: over all items.
  Table MeansOf(int ratees, int raters, int item) const {
    Table sums(ratees, raters);
    std::map<std::pair<int, int>, int> counts;
    for (const Rating& a : named_.ratings.answers) {
      if (item >= 0 && a.item != item) continue;
      const int n = counts[{a.ratee, a.rater}]++;
      double& cell = sums.at(a.ratee, a.rater);
      cell = n == 0 ? a.value : (cell * n + a.value) / (n + 1);
    }
    return sums;
  }

  object TableStatistics(const NamedTable& named) {
    object result;
    if (!named.item.empty()) result["item"] = named.item;
    if (Wants("icc")) result["icc"] = Iccs(named.table);
    if (Wants("generalizability")) result["generalizability"] = Components(named.table);
    if (Wants("krippendorff")) result["krippendorff_alpha"] = Alphas(named.table);
    if (Wants("kendall")) result["kendall_w"] = Concordance(named.table);
    if (Wants("fleiss")) result["fleiss_kappa"] = Kappa(named.table);
    return result;
  }

  value Iccs(const Table& table) {
    const auto result = IntraclassCorrelations(table, options_.confidence);
    if (!result.ok()) return Refused(result.refusal());
    array rows;
    const char* const names[] = {"ICC(1,", "ICC(2,", "ICC(3,"};
    for (const Icc& icc : result.value()) {
      const std::string name = names[static_cast<int>(icc.form)] + std::to_string(icc.raters) + ")";
      rows.push_back(object{{"form", name},
                            {"value", Number(icc.value)},
                            {"lower", Number(icc.interval.lower)},
                            {"upper", Number(icc.interval.upper)},
                            {"f", Number(icc.f)},
                            {"df1", Number(icc.degrees1)},
                            {"df2", Number(icc.degrees2)},
                            {"p", Number(icc.p)}});
    }
    return rows;
  }

  value Components(const Table& table) {
    const auto analysis = AnalyseVariance(table);
    if (!analysis.ok()) return Refused(analysis.refusal());
    const VarianceComponents c = ComponentsOf(*analysis);
    const auto all = Generalize(c, table.columns());
    if (!all.ok()) return Refused(all.refusal());
    object result{{"variance_ratee", c.ratee},
                  {"variance_rater", c.rater},
                  {"variance_residual", c.residual},
                  {"raters", table.columns()},
                  {"relative", all->relative},
                  {"absolute_phi", all->absolute},
                  {"relative_error", all->relative_error},
                  {"absolute_error", all->absolute_error}};
    const auto single = Generalize(c, 1);
    for (const double target : {0.7, 0.8, 0.9}) {
      const auto needed = RatersNeeded(single.ok() ? single->absolute : 0, target);
      char name[32];
      std::snprintf(name, sizeof(name), "raters_for_phi_%.1f", target);
      result[name] = needed.ok() ? Number(std::ceil(*needed)) : value(nullptr);
    }
    return result;
  }

  value Alphas(const Table& table) {
    const std::pair<const char*, Metric> metrics[] = {{"nominal", Metric::kNominal},
                                                      {"ordinal", Metric::kOrdinal},
                                                      {"interval", Metric::kInterval},
                                                      {"ratio", Metric::kRatio}};
    object result;
    for (const auto& [name, metric] : metrics) {
      const auto alpha = KrippendorffAlpha(table, metric);
      if (!alpha.ok() && metric != Metric::kRatio) return Refused(alpha.refusal());
      result[name] = alpha.ok() ? Number(*alpha) : value(nullptr);
    }
    return result;
  }

  value Concordance(const Table& table) {
    const auto w = KendallConcordance(table);
    if (!w.ok()) return Refused(w.refusal());
    return object{{"w", w->w}, {"chi_square", w->chi_square}, {"df", w->degrees}, {"p", w->p}};
  }

  value Kappa(const Table& table) {
    std::map<double, int> categories;
    for (int r = 0; r < table.rows(); ++r) {
      for (int c = 0; c < table.columns(); ++c) {
        if (table.Has(r, c)) categories.emplace(table.at(r, c), 0);
      }
    }
    int next = 0;
    for (auto& [category, index] : categories) index = next++;
    Table counts(
        table.rows(), next, std::vector<double>(static_cast<std::size_t>(table.rows()) * next));
    for (int r = 0; r < table.rows(); ++r) {
      for (int c = 0; c < table.columns(); ++c) {
        if (table.Has(r, c)) ++counts.at(r, categories[table.at(r, c)]);
      }
    }
    const auto kappa = FleissAgreement(counts);
    if (!kappa.ok()) return Refused(kappa.refusal());
    return object{{"kappa", kappa->kappa},
                  {"standard_error", kappa->standard_error},
                  {"z", kappa->z},
                  {"p", Number(kappa->p)}};
  }

  // Rows are what one rater says of one ratee, columns are items.
  value Alpha() {
    std::map<std::pair<int, int>, int> rows;
    for (const Rating& a : named_.ratings.answers) rows.emplace(std::pair(a.ratee, a.rater), 0);
    int next = 0;
    for (auto& [key, index] : rows) index = next++;
    Table table(next, named_.ratings.items);
    for (const Rating& a : named_.ratings.answers) {
      table.at(rows[{a.ratee, a.rater}], a.item) = a.value;
    }
    const auto alpha = CronbachAlpha(table);
    if (!alpha.ok()) return Refused(alpha.refusal());
    array dropped;
    for (std::size_t i = 0; i < alpha->if_dropped.size(); ++i) {
      dropped.push_back(object{{"item", named_.items[i]}, {"alpha", alpha->if_dropped[i]}});
    }
    return object{{"raw", alpha->raw},
                  {"standardized", Number(alpha->standardized)},
                  {"if_dropped", std::move(dropped)}};
  }

  value Connectivity() const {
    std::vector<Assignment> assignments;
    for (const Rating& a : named_.ratings.answers) assignments.push_back({a.ratee, a.rater});
    const RaterGraph graph = ConnectRaters(
        named_.ratings.ratees, named_.ratings.raters, assignments, [&](const Assignment& a) {
          return named_.ratees[a.ratee] != named_.raters[a.rater];
        });
    array proposals;
    for (const Assignment& a : graph.connecting) {
      proposals.push_back(
          object{{"rater", named_.raters[a.rater]}, {"ratee", named_.ratees[a.ratee]}});
    }
    return object{{"components", graph.components}, {"would_connect", std::move(proposals)}};
  }

  value Model() {
    RaterModelOptions options;
    options.pair_effect = options_.pair_effect;
    options.confidence = options_.confidence;
    if (options_.scale) options.scale = options_.scale;
    const auto fit = FitRaterModel(named_.ratings, options);
    if (!fit.ok()) return Refused(fit.refusal());
    object result{{"reml_criterion", fit->criterion},
                  {"iterations", fit->iterations},
                  {"exact", fit->exact},
                  {"mean", fit->mean},
                  {"mean_standard_error", fit->mean_standard_error},
                  {"sd_ratee", fit->ratee_sd},
                  {"sd_rater", fit->rater_sd},
                  {"sd_item", fit->item_sd},
                  {"sd_pair", fit->pair_sd},
                  {"sd_residual", fit->residual_sd}};
    if (fit->groups.size() > 1) result["groups"] = Groups(*fit);
    result["ratees"] = Ratees(*fit);
    result["raters"] = Effects(fit->rater_effects, "rater", named_.raters);
    if (!fit->item_effects.empty())
      result["items"] = Effects(fit->item_effects, "item", named_.items);
    return result;
  }

  array Groups(const RaterFit& fit) const {
    array rows;
    for (const GroupEffect& group : fit.groups) {
      rows.push_back(object{{"group", named_.groups[group.group]},
                            {"mean", group.mean},
                            {"standard_error", group.standard_error}});
    }
    return rows;
  }

  array Ratees(const RaterFit& fit) const {
    array rows;
    for (std::size_t i = 0; i < fit.ratees.size(); ++i) {
      const AdjustedRatee& ratee = fit.ratees[i];
      rows.push_back(object{{"ratee", named_.ratees[i]},
                            {"raters", ratee.raters},
                            {"answers", ratee.answers},
                            {"raw", Number(ratee.raw)},
                            {"adjusted", ratee.adjusted},
                            {"standard_error", ratee.standard_error},
                            {"lower", ratee.interval.lower},
                            {"upper", ratee.interval.upper},
                            {"reliability", ratee.reliability},
                            {"effect", fit.ratee_effects[i].value},
                            {"conditional_sd", fit.ratee_effects[i].conditional_sd}});
    }
    return rows;
  }

  static array Effects(const std::vector<Effect>& effects,
                       const char* level,
                       const std::vector<std::string>& names) {
    array rows;
    for (std::size_t i = 0; i < effects.size(); ++i) {
      rows.push_back(object{{level, names[i]},
                            {"answers", effects[i].answers},
                            {"effect", effects[i].value},
                            {"conditional_sd", effects[i].conditional_sd}});
    }
    return rows;
  }

  array Diagnostics() const {
    array rows;
    for (const RaterDiagnostics& line : DiagnoseRaters(named_.ratings, scale_)) {
      object row{{"rater", named_.raters[line.rater]},
                 {"answers", line.answers},
                 {"ratees", line.ratees},
                 {"severity", Number(line.severity)},
                 {"standard_error", line.severity ? value(line.severity_standard_error) : nullptr},
                 {"halo", Number(line.halo)},
                 {"central_tendency", line.central_tendency},
                 {"range", Number(line.range)},
                 {"drift", Number(line.drift)}};
      rows.push_back(std::move(row));
    }
    return rows;
  }

  const NamedRatings& named_;
  const AnalysisOptions& options_;
  Interval scale_;
  object report_;
  bool refused_ = false;
};

}  // namespace

Analysis Analyse(const NamedRatings& answers, const AnalysisOptions& options) {
  return Analyser(answers, options).Run();
}

}  // namespace teraju::statistics
