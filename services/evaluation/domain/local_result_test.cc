#include "services/evaluation/domain/local_result.h"

#include <string>
#include <vector>

#include "common/engines/rules/shipped_packs.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/test_plans.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kScored = absl::FromUnixSeconds(1'740'000'000);
constexpr char kRatingsPack[] = R"json({
  "format": "teraju-policy-pack/1", "name": "ratings", "revision": 1,
  "title": {"id": "Rating", "en": "Ratings"}, "source": "test", "valid_from": "2025-01-01",
  "predicates": [{"code": "GOOD", "number": 2, "id": "Baik", "en": "good"},
                 {"code": "POOR", "number": 4, "id": "Kurang", "en": "poor"}],
  "labels": {"ABOVE_EXPECTATION": {"id": "di atas", "en": "above"}, "AS_EXPECTED": {"id": "sesuai", "en": "as"},
             "BELOW_EXPECTATION": {"id": "di bawah", "en": "below"}},
  "methods": {"annual": {"title": {"id": "Tahunan", "en": "annual"},
    "inputs": [{"name": "behavior_rating", "kind": "choice", "label": {"id": "perilaku", "en": "behaviour"},
                "choices": ["ABOVE_EXPECTATION", "AS_EXPECTED", "BELOW_EXPECTATION"]},
               {"name": "days", "kind": "number", "label": {"id": "hari", "en": "days"}, "min": 1},
               {"name": "peers", "kind": "number", "label": {"id": "rekan", "en": "peers"}, "min": 1, "max": 5},
               {"name": "bonus", "kind": "flag", "label": {"id": "bonus", "en": "bonus"}}],
    "steps": [{"name": "points", "label": {"id": "angka", "en": "points"}, "op": "lookup", "by": ["behavior_rating", "bonus"],
               "table": {"ABOVE_EXPECTATION": {"YES": 3, "NO": 2}, "AS_EXPECTED": {"YES": 2, "NO": 1},
                         "BELOW_EXPECTATION": {"YES": 0, "NO": 0}}},
              {"name": "score", "label": {"id": "nilai", "en": "score"}, "op": "sum",
               "terms": [{"of": "points"}, {"of": "peers"}, {"of": "days"}], "round": {"digits": 1, "mode": "HALF_UP"}},
              {"name": "predicate", "label": {"id": "predikat", "en": "predicate"}, "op": "bands", "of": "score",
               "bands": [{"code": "GOOD", "at_least": 92}, {"code": "POOR"}]}],
    "score": "score", "predicate": "predicate"}},
  "vectors": [{"name": "one", "method": "annual",
    "inputs": {"behavior_rating": "AS_EXPECTED", "days": 90, "peers": 4, "bonus": false}, "expect": {"score": "95"}}]
})json";

LocalPack Pack(const std::string& name, const std::string& text = "") {
  LocalPack pack{"agencies/plaju/policyPacks/" + name + "/revisions/1", text, {}};
  if (text.empty()) {
    pack.rules = *rules::FindShippedPack(name);
  } else {
    absl::StatusOr<rules::PolicyPack> parsed = rules::ParsePack(text);
    EXPECT_THAT(parsed, IsOk());
    if (parsed.ok()) pack.rules = *parsed;
  }
  return pack;
}

time::Period Days(int first_month, int last_month) {
  const absl::CivilMonth after = absl::CivilMonth(2025, last_month) + 1;
  return *time::Period::Make(absl::CivilDay(2025, first_month, 1), absl::CivilDay(after));
}

v1::Evaluation Scored(const std::string& period) {
  v1::Evaluation evaluation = Parse<v1::Evaluation>(R"pb(
    name: "agencies/plaju/evaluations/01890000-0000-7000-8000-000000000002"
    computed {
      items {
        item_id: "h1"
        indicators {
          indicator_id: "k1"
          realisation { value: "15" }
        }
        indicators {
          indicator_id: "k2"
          realisation { value: "90" }
        }
      }
      items {
        item_id: "h2"
        indicators { indicator_id: "k1" }
      }
    })pb");
  evaluation.set_period("agencies/plaju/cycles/2025/periods/" + period);
  evaluation.set_state(v1::Evaluation::OPEN);
  *evaluation.mutable_snapshot() = MakePlan(v1::WorkPlan::APPROVED).snapshot();
  return evaluation;
}

v1::Figure Number(const std::string& name, const std::string& value) {
  v1::Figure figure;
  figure.set_name(name);
  figure.mutable_number()->set_value(value);
  return figure;
}

class Subject {
 public:
  explicit Subject(const std::string& period) : evaluation(Scored(period)) {}
  LocalSubject get() const {
    const bool year = evaluation.period().ends_with("year");
    return {.evaluation = evaluation,
            .plan = plan,
            .feedback = feedback,
            .period = year ? Days(1, 12) : Days(1, 3)};
  }
  v1::Evaluation evaluation;
  v1::WorkPlan plan = MakePlan(v1::WorkPlan::APPROVED);
  std::optional<Feedback> feedback;
};

std::vector<std::string> InputsOf(const v1::LocalResult& result) {
  std::vector<std::string> inputs;
  for (const v1::MissingInput& missing : result.missing()) inputs.push_back(missing.input());
  return inputs;
}

TEST(LocalPacks, TheMethodFollowsFromThePeriod) {
  EXPECT_EQ(LocalMethod(Pack("mulyorejo").rules, "year")->name, "annual");
  EXPECT_EQ(LocalMethod(Pack("mulyorejo").rules, "q1"), nullptr);
  EXPECT_EQ(LocalMethod(Pack("rakumpit").rules, "q3")->name, "quarter");
  EXPECT_EQ(LocalMethod(Pack("rakumpit").rules, "m03"), nullptr);
  EXPECT_EQ(LocalMethod(Pack("rakumpit").rules, "year"), nullptr);
  EXPECT_EQ(LocalMethod(Pack("permenpanrb-6-2022").rules, "m03")->name, "periodic");
}

TEST(LocalPacks, ACycleIsPinnedToAPackInForceOnEachOfItsDays) {
  v1::Cycle cycle = MakeCycle();
  rules::PolicyPack pack = Pack("mulyorejo").rules;
  EXPECT_THAT(CheckPin(pack, cycle), IsOk());
  pack.valid_until = "2025-12-31";
  EXPECT_THAT(CheckPin(pack, cycle), IsOk());
  pack.valid_until = "2025-12-30";
  EXPECT_THAT(CheckPin(pack, cycle), ViolatesField("cycle.localPack"));
  pack.valid_until.clear();
  pack.valid_from = "2025-01-02";
  EXPECT_THAT(CheckPin(pack, cycle), ViolatesField("cycle.localPack"));
  EXPECT_THAT(CheckPin(Pack("nine-box").rules, cycle), ViolatesField("cycle.localPack"));
}

TEST(LocalPacks, AStoredPackWithAnotherDigestIsAFault) {
  const LocalPack pack = Pack("ratings", kRatingsPack);
  EXPECT_THAT(ReadLocalPack("p", kRatingsPack, pack.rules.digest), IsOk());
  EXPECT_THAT(ReadLocalPack("p", kRatingsPack, "0"),
              testing::StatusIs(absl::StatusCode::kInternal));
}

// What CheckFigures finds: `field REASON`.
std::vector<std::string> FaultsOf(const std::string& text) {
  const LocalPack pack = Pack("plaju");
  const auto evaluation = Parse<v1::Evaluation>(text);
  EXPECT_GT(evaluation.figures_size(), 0) << text;
  errors::FieldViolations violations;
  CheckFigures(pack, *LocalMethod(pack.rules, "year"), evaluation.figures(), "figures", violations);
  std::vector<std::string> faults;
  const auto found = errors::GetDetail<google::rpc::BadRequest>(violations.ToStatus());
  if (!found.has_value()) return faults;
  for (const auto& fault : found->field_violations())
    faults.push_back(fault.field() + " " + fault.reason());
  return faults;
}

TEST(Figures, AreWhatThePackAsksForAndNothingElse) {
  EXPECT_THAT(FaultsOf(R"pb(
                figures {
                  name: "attendance"
                  number { value: "98.5" }
                }
                figures { name: "violation" choice: "NONE" }
                figures {
                  name: "contributions"
                  list {
                    entries {
                      key: "tim"
                      values {
                        name: "level"
                        number { value: "4" }
                      }
                    }
                  }
                })pb"),
              IsEmpty());
  EXPECT_THAT(FaultsOf(R"pb(figures {
                              name: "contributions"
                              list {}
                            })pb"),
              IsEmpty());
  // Taking back is possible without a value.
  EXPECT_THAT(FaultsOf(R"pb(figures { name: "attendance" })pb"), IsEmpty());
  EXPECT_THAT(FaultsOf(R"pb(
                figures {
                  name: "attendence"
                  number { value: "98" }
                }
                figures {
                  name: "indicators"
                  list {}
                }
                figures { name: "attendance" flag: true }
                figures {
                  name: "attendance"
                  number { value: "98" }
                })pb"),
              ElementsAre("figures[0].name UNKNOWN_FIGURE",
                          "figures[1].name COMPUTED_FIGURE",
                          "figures[2] WRONG_KIND",
                          "figures[3].name DUPLICATE"));
  EXPECT_THAT(FaultsOf(R"pb(
                figures {
                  name: "attendance"
                  number { value: "100.01" }
                }
                figures { name: "violation" choice: "MILD" }
                figures {
                  name: "contributions"
                  list {
                    entries {
                      values {
                        name: "level"
                        number { value: "6" }
                      }
                    }
                    entries {
                      values {
                        name: "grade"
                        number { value: "1" }
                      }
                    }
                  }
                })pb"),
              ElementsAre("figures[0].number OUT_OF_RANGE",
                          "figures[1].choice UNKNOWN_WORD",
                          "figures[2].list.entries[0].level OUT_OF_RANGE",
                          "figures[2].list.entries[1].level MISSING",
                          "figures[2].list.entries[1].grade UNKNOWN_FIELD"));
  EXPECT_THAT(FaultsOf(R"pb(figures {
                              name: "attendance"
                              number { value: "many" }
                            })pb"),
              ElementsAre("figures[0].number WRONG_KIND"));
}

TEST(Figures, ReplaceThoseOfTheSameNameAndOneWithoutAValueTakesItBack) {
  v1::Evaluation evaluation = Scored("year");
  Figures figures;
  *figures.Add() = Number("b", "1");
  *figures.Add() = Number("a", "2");
  ASSERT_THAT(SetFigures(evaluation, figures, {.by = "hr", .time = {}}), IsOk());
  figures.Clear();
  *figures.Add() = Number("b", "3");
  figures.Add()->set_name("a");
  ASSERT_THAT(SetFigures(evaluation, figures, {.by = "system", .time = {}}), IsOk());
  ASSERT_EQ(evaluation.figures_size(), 1);
  EXPECT_EQ(evaluation.figures(0).number().value(), "3");
  EXPECT_EQ(evaluation.figures(0).entered_by(), "system");
}

TEST(LocalInputs, AreTheIndicatorsOfTheApprovedPlanWithTheirDueTargets) {
  Subject subject("q1");
  subject.plan.mutable_items(0)->mutable_indicators(1)->mutable_weight()->set_value("2.5");
  const LocalPack pack = Pack("rakumpit");
  const auto inputs = LocalInputs(subject.get(), *LocalMethod(pack.rules, "q1"));
  ASSERT_THAT(inputs, IsOk());
  // 60 documents a year: 90 of 365 days are over. Quality and time are due in full.
  EXPECT_EQ(
      rules::CanonicalJson(*inputs),
      R"({"indicators":[)"
      R"({"formula":"HIGHER_IS_BETTER","key":"Jumlah","realised":"15","target":"14.794521","weight":"1"},)"
      R"({"formula":"HIGHER_IS_BETTER","key":"Mutu","realised":"90","target":"90","weight":"2.5"},)"
      R"({"formula":"LOWER_IS_BETTER","key":"Waktu","target":"7","weight":"1"}]})");
  subject.plan.set_state(v1::WorkPlan::RETURNED);
  EXPECT_EQ(rules::CanonicalJson(*LocalInputs(subject.get(), *LocalMethod(pack.rules, "q1"))),
            "{}");
}

TEST(LocalInputs, AnUpperEndGoesOnlyWhereThePackKnowsRanges) {
  Subject subject("year");
  subject.plan.mutable_items(0)->mutable_indicators(0)->mutable_target_upper()->set_value("70");
  rules::Method method = *LocalMethod(Pack("mulyorejo").rules, "year");
  auto entry = LocalInputs(subject.get(), method)->Find("indicators")->items[0];
  EXPECT_EQ(entry.Find("target")->number, Decimal(60));
  EXPECT_EQ(entry.Find("target_high")->number, Decimal(70));
  std::erase_if(method.inputs[0].fields,
                [](const rules::InputField& field) { return field.name == "target_high"; });
  entry = LocalInputs(subject.get(), method)->Find("indicators")->items[0];
  EXPECT_EQ(entry.Find("target"), nullptr);
  EXPECT_EQ(entry.Find("target_high"), nullptr);
}

TEST(LocalResults, WhatIsMissingIsNamedAndNeverZero) {
  Subject subject("year");
  const LocalPack pack = Pack("mulyorejo");
  *subject.evaluation.add_figures() = Number("discipline", "4");
  auto result = MakeLocalResult(pack, subject.get(), kScored);
  ASSERT_THAT(result, IsOk());
  ASSERT_TRUE(result->has_value());
  EXPECT_THAT(InputsOf(**result), ElementsAre("cooperation"));
  EXPECT_THAT((*result)->missing(0).text_en(), HasSubstr("cooperation, level 1-5: "));
  EXPECT_FALSE((*result)->has_score());
  EXPECT_THAT(AddAccount(pack, **result), IsOk());
  EXPECT_EQ((*result)->account(), "");

  *subject.evaluation.add_figures() = Number("cooperation", "5");
  result = MakeLocalResult(pack, subject.get(), kScored);
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(InputsOf(**result), ElementsAre("indicators[2].realised"));
  EXPECT_FALSE((*result)->has_score());

  subject.evaluation.mutable_computed()
      ->mutable_items(1)
      ->mutable_indicators(0)
      ->mutable_realisation()
      ->set_value("7");
  result = MakeLocalResult(pack, subject.get(), kScored);
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT((*result)->missing(), IsEmpty());
  EXPECT_EQ((*result)->score().value(), "75.00");  // (15/60, 90/90, 7/7), equal weights
  EXPECT_EQ((*result)->predicate(), "NEEDS_IMPROVEMENT");
  EXPECT_EQ((*result)->predicate_id(), "Butuh Perbaikan");
  EXPECT_EQ((*result)->pack(), pack.name);
  EXPECT_EQ((*result)->digest(), pack.rules.digest);
  ASSERT_THAT(AddAccount(pack, **result), IsOk());
  EXPECT_THAT((*result)->account(), HasSubstr("teraju-account/1"));
  // A stored score that is not the pack's is a fault.
  (*result)->mutable_score()->set_value("75.01");
  EXPECT_THAT(AddAccount(pack, **result), testing::StatusIs(absl::StatusCode::kInternal));
}

TEST(LocalResults, ThereIsNoneForAPeriodWithoutAMethod) {
  const auto result = MakeLocalResult(Pack("mulyorejo"), Subject("q1").get(), kScored);
  ASSERT_THAT(result, IsOk());
  EXPECT_FALSE(result->has_value());
}

TEST(LocalResults, CountRatingsDaysFlagsAndGroupsThatAreShown) {
  Subject subject("year");
  const LocalPack pack = Pack("ratings", kRatingsPack);
  *subject.evaluation.mutable_snapshot()->mutable_start_date() =
      time::ToDate(absl::CivilDay(2025, 10, 3));  // 90 days
  v1::Figure& bonus = *subject.evaluation.add_figures();
  bonus.set_name("bonus");
  bonus.set_flag(false);
  subject.feedback = Feedback{.report = "r", .mean = {}, .groups = {}};
  EXPECT_THAT(InputsOf(**MakeLocalResult(pack, subject.get(), kScored)),
              ElementsAre("behavior_rating", "peers"));
  subject.feedback->groups.emplace("peers", *Decimal::Parse("4.2"));
  subject.evaluation.set_behavior_rating(v1::BELOW_EXPECTATION);
  const auto scored = MakeLocalResult(pack, subject.get(), kScored);
  ASSERT_THAT(scored, IsOk());
  EXPECT_EQ((*scored)->score().value(), "94.2");

  // What the appraiser decided after the scoring is what becomes final; the figures stay.
  *subject.evaluation.mutable_local_result() = **scored;
  subject.evaluation.set_behavior_rating(v1::ABOVE_EXPECTATION);
  subject.evaluation.mutable_figures(0)->set_flag(true);
  const auto final = FinalLocalResult(pack, subject.evaluation, kScored);
  ASSERT_THAT(final, IsOk());
  EXPECT_EQ(final->score().value(), "96.2");
}

TEST(LocalResults, LongTitlesAreCutBetweenLetters) {
  EXPECT_EQ(AccountKey("Partisipasi"), "Partisipasi");
  std::string title = "a";
  for (int i = 0; i < 150; ++i) title += "é";
  EXPECT_EQ(AccountKey(title).size(), 199U);
}

}  // namespace
}  // namespace teraju::evaluation::domain
