// The page of text that ends the run.
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <fstream>

#include "tests/simulation/world.h"

namespace teraju::simulation {
namespace {

std::string Format(const char* format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  return line;
}

// The distribution of predicates as a picture: one bar a predicate.
std::string Bars(const World& world) {
  static constexpr std::pair<const char*, const char*> kPredicates[] = {
      {"VERY_GOOD", "Sangat Baik"},
      {"GOOD", "Baik"},
      {"NEEDS_IMPROVEMENT", "Butuh Perbaikan"},
      {"POOR", "Kurang"},
      {"VERY_POOR", "Sangat Kurang"}};
  std::int64_t total = 0;
  for (const auto& [what, number] : world.counts()) {
    if (what.starts_with("predicate ")) total += number;
  }
  std::string text;
  for (const auto& [code, name] : kPredicates) {
    std::int64_t number = 0;
    for (const auto& [what, count] : world.counts()) {
      if (what == std::string("predicate ") + code) number = count;
    }
    const double share =
        total == 0 ? 0 : 100.0 * static_cast<double>(number) / static_cast<double>(total);
    text += Format("  %-16s %6lld  %5.1f %%  ", name, static_cast<long long>(number), share);
    text.append(static_cast<std::size_t>(std::lround(share / 2)), '#');
    text += '\n';
  }
  return text;
}

// The receipt as a file, and the agency's key, beside the report: whoever has both can check it
// without the suite.
void KeepReceipt(World& world, const json::value& evaluation) {
  Person& person = world.Of(TextOf(evaluation.at("snapshot"), "employee"));
  const std::string file = "/v1/" + TextOf(evaluation, "name") + "/scoreReceipt:export";
  world.rest().WaitFor(&person.caller, file);  // until the decision log is signed
  std::ofstream(world.options().report + ".receipt.json")
      << json::serialize(world.rest().Get(&person.caller, file).body);
  std::ofstream(world.options().report + ".key.pem")
      << world.rest().Get(nullptr, "/v1/auditEvents/evaluation:key").Text("/pem");
}

// One receipt each of the best, the middle and the worst predicate that occurs.
std::string Receipts(World& world) {
  std::string text;
  int shown = 0;
  for (const char* predicate : {"VERY_GOOD", "NEEDS_IMPROVEMENT", "GOOD", "POOR", "VERY_POOR"}) {
    if (shown == 3) break;
    const json::array rows = world.rest().List(
        &world.hr,
        "/v1/" + world.agency + "/evaluations?period=" + world.cycle + "/periods/year",
        "evaluations");
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const json::value& row) {
      return TextOf(row, "predicate") == predicate && !FlagOf(row.at("snapshot"), "leadsUnit");
    });
    if (found == rows.end()) continue;
    const Answer receipt =
        world.rest().Get(&world.Of(TextOf(found->at("snapshot"), "employee")).caller,
                         "/v1/" + TextOf(*found, "name") + "/scoreReceipt");
    if (shown == 0 && !world.options().report.empty()) KeepReceipt(world, *found);
    text += "\n--- receipt " + std::to_string(++shown) + " ---\n" + receipt.Text("/textEn") + "\n";
  }
  return text;
}

}  // namespace

std::string ClosingPage(World& world) {
  std::string page = "\nTeraju: the appraisal year 2025 of " + world.agency_name + "\n\n";
  page += Format("  %-52s %9s %8s\n", "step", "calls", "seconds");
  for (const auto& step : world.steps()) {
    page += Format("  %-52s %9lld %8.1f\n",
                   step.what.c_str(),
                   static_cast<long long>(step.calls),
                   step.seconds);
  }
  page += Format("  %-52s %9lld %8.1f\n\n",
                 "all",
                 static_cast<long long>(world.tally().calls.load()),
                 world.seconds());
  page += Format("  errors: %lld\n\n", static_cast<long long>(world.tally().errors.load()));
  if (world.tally().repeats > 0) {
    page += Format("  calls repeated because a replica was away: %lld\n\n",
                   static_cast<long long>(world.tally().repeats.load()));
  }
  for (const auto& [what, number] : world.counts()) {
    if (!what.starts_with("predicate "))
      page += Format("  %-52s %9lld\n", what.c_str(), static_cast<long long>(number));
  }
  page += "\nPredicates of the year\n" + Bars(world);
  page += Receipts(world);
  page += Format(
      "\n360-degree feedback: raters' severity differs by %s points (simulated: 0.5), people by %s "
      "(0.55); one "
      "rater's view is reliable to %s, %lld raters' to 0.80\n",
      TextOf(ObjectOf(world.campaign_quality, "severityDeviation"), "value").c_str(),
      TextOf(ObjectOf(world.campaign_quality, "rateeDeviation"), "value").c_str(),
      TextOf(ObjectOf(world.campaign_quality, "singleRaterReliability"), "value").c_str(),
      static_cast<long long>(NumberOf(world.campaign_quality, "ratersNeeded")));
  const json::value plan = world.rest().Get(&world.hr, "/v1/" + world.training_plan).body;
  page += Format(
      "\nTraining plan 2026: %lld of %lld needs met, %s of %s rupiah spent, proven gap to the best "
      "plan %s %%\n",
      static_cast<long long>(NumberOf(plan, "needsMet")),
      static_cast<long long>(NumberOf(plan, "needs")),
      TextOf(ObjectOf(plan, "cost"), "units").c_str(),
      TextOf(ObjectOf(plan, "budget"), "units").c_str(),
      TextOf(ObjectOf(plan, "gapPercent"), "value").c_str());
  page += "\nAccounts to look around with (POST /v1/sessions:signIn, agency \"" + world.agency +
          "\")\n";
  for (const World::Account& account : world.accounts) {
    page += Format(
        "  %-44s %s   %s\n", account.login.c_str(), account.password.c_str(), account.who.c_str());
  }
  return page;
}

}  // namespace teraju::simulation
