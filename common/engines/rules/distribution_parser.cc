#include "common/engines/rules/distribution_parser.h"

#include <algorithm>
#include <array>

namespace teraju::rules {
namespace {

constexpr std::array<std::pair<std::string_view, Constraint::Kind>, 4> kRules = {{
    {"MOST", Constraint::Kind::kMost},
    {"AT_MOST_PERCENT", Constraint::Kind::kAtMostShare},
    {"AT_LEAST_PERCENT", Constraint::Kind::kAtLeastShare},
    {"AT_LEAST_PEOPLE", Constraint::Kind::kAtLeastCount},
}};

void ParseOf(ObjectReader& reader, const PolicyPack& pack, Constraint& constraint) {
  const Json* of = reader.Need("of", Json::Kind::kArray);
  for (std::size_t i = 0; of != nullptr && i < of->items.size(); ++i) {
    const auto entry = std::find_if(
        pack.predicates.begin(), pack.predicates.end(), [&](const PredicateEntry& predicate) {
          return pack.codes[static_cast<std::size_t>(predicate.code)] == of->items[i].text;
        });
    if (entry == pack.predicates.end() || entry->number > 5) {
      reader.Refuse(of->items[i],
                    Join(reader.PathOf("of"), i),
                    "UNKNOWN_NAME",
                    {"Predikat ini tidak ada di predicates dengan nomor 1 sampai 5.",
                     "This predicate is not in predicates with a number from 1 to 5."});
      continue;
    }
    constraint.of.push_back(static_cast<Predicate>(entry->number));
  }
}

Constraint ParseConstraint(const Json& json, const std::string& path, PackContext& context) {
  ObjectReader reader(json, path, context.problems);
  Constraint constraint;
  constraint.code = reader.NeedName("name", &IsCode);
  ParseOf(reader, context.pack, constraint);
  const std::string rule = reader.NeedText("rule");
  const auto known =
      std::find_if(kRules.begin(), kRules.end(), [&](const auto& e) { return e.first == rule; });
  if (known != kRules.end()) {
    constraint.kind = known->second;
  } else if (!rule.empty()) {
    reader.Refuse(*reader.Find("rule"),
                  reader.PathOf("rule"),
                  "UNKNOWN_WORD",
                  {"Pilih MOST, AT_MOST_PERCENT, AT_LEAST_PERCENT, atau AT_LEAST_PEOPLE.",
                   "Choose MOST, AT_MOST_PERCENT, AT_LEAST_PERCENT, or AT_LEAST_PEOPLE."});
  }
  if (constraint.kind == Constraint::Kind::kMost) return constraint;
  const std::optional<Decimal> amount = reader.AllowNumber("amount");
  if (!amount || amount->sign() < 0 || *amount > Decimal(1'000'000)) {
    reader.Refuse(json,
                  Join(path, "amount"),
                  "OUT_OF_RANGE",
                  {"Tulis persen atau jumlah orang, paling sedikit 0.",
                   "Write percent or people, at least 0."});
  }
  constraint.amount = amount.value_or(0);
  return constraint;
}

}  // namespace

std::string_view UnitPredicateName(UnitPredicate predicate) {
  switch (predicate) {
    case UnitPredicate::kExceptional:
      return "UNIT_EXCEPTIONAL";
    case UnitPredicate::kGood:
      return "UNIT_GOOD";
    case UnitPredicate::kNeedsImprovement:
      return "UNIT_NEEDS_IMPROVEMENT";
    case UnitPredicate::kPoor:
      return "UNIT_POOR";
    case UnitPredicate::kVeryPoor:
      return "UNIT_VERY_POOR";
  }
  return "";
}

DistributionRules ParseDistribution(const Json& json,
                                    const std::string& path,
                                    PackContext& context) {
  ObjectReader reader(json, path, context.problems);
  DistributionRules rules;
  const std::string most = reader.NeedText("most");
  rules.most = most == "MAJORITY" ? Most::kMajority : Most::kPlurality;
  if (most != "MAJORITY" && most != "PLURALITY" && !most.empty()) {
    reader.Refuse(*reader.Find("most"),
                  reader.PathOf("most"),
                  "UNKNOWN_WORD",
                  {"Pilih PLURALITY atau MAJORITY.", "Choose PLURALITY or MAJORITY."});
  }
  const Json* patterns = reader.Need("patterns", Json::Kind::kObject);
  if (patterns == nullptr) return rules;
  ObjectReader all(*patterns, reader.PathOf("patterns"), context.problems);
  for (const UnitPredicate unit : kUnitPredicates) {
    const std::string_view name = UnitPredicateName(unit);
    const Json* list = all.Need(name, Json::Kind::kArray);
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      rules.patterns[static_cast<std::size_t>(unit) - 1].push_back(
          ParseConstraint(list->items[i], Join(all.PathOf(name), i), context));
    }
  }
  return rules;
}

}  // namespace teraju::rules
