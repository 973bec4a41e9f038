// What holds of every shipped pack, on random inputs made from what it declares.
#include <algorithm>
#include <map>
#include <random>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/pack_reader.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/engines/rules/test_reference.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

// Inputs within the bounds of a method, now and then without what may be missing.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  int From(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }

  Json Inputs(const PolicyPack& pack, const std::vector<InputField>& fields) {
    Json record = Json::Object();
    for (const InputField& field : fields) {
      if (field.optional && From(0, 4) == 0) continue;
      record.Set(field.name, One(pack, field));
    }
    return record;
  }

  void Shuffle(Json& json) {
    std::shuffle(json.members.begin(), json.members.end(), random_);
    std::shuffle(json.items.begin(), json.items.end(), random_);
    for (JsonMember& member : json.members) Shuffle(member.value);
    for (Json& item : json.items) Shuffle(item);
  }

 private:
  Json One(const PolicyPack& pack, const InputField& field) {
    switch (field.kind) {
      case InputField::Kind::kNumber:
        return Number(field);
      case InputField::Kind::kFlag:
        return From(0, 1) == 1;
      case InputField::Kind::kChoice: {
        const int at = From(0, static_cast<int>(field.choices.size()) - 1);
        const int code = field.choices[static_cast<std::size_t>(at)];
        return pack.codes[static_cast<std::size_t>(code)];
      }
      case InputField::Kind::kList:
        break;
    }
    Json list = Json::Array();
    const int count = From(field.at_least, std::min(field.at_least + 3, field.at_most));
    for (int i = 0; i < count; ++i) list.items.push_back(Inputs(pack, field.fields));
    return list;
  }

  Json Number(const InputField& field) {
    const int digits = From(0, field.digits);
    const Integer unit = PowerOfTen(digits);
    const auto steps = [&](const Decimal& bound) {
      return static_cast<int>(Round(bound * Decimal(unit, 0), 0, Rounding::kHalfUp).unscaled());
    };
    const Decimal least = field.min.value_or(0);
    return Decimal(Integer(From(steps(least), steps(field.max.value_or(least + Decimal(150))))),
                   digits);
  }

  std::mt19937 random_;
};

template <typename Check>
void ForEveryMethod(Check check) {
  for (const ShippedPack& shipped : ShippedPacks()) {
    const PolicyPack& pack = *FindShippedPack(shipped.name);
    for (const Method& method : pack.methods) {
      SCOPED_TRACE(pack.name + " " + method.name);
      check(pack, method, shipped.json);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

int CountMethods() {
  int count = 0;
  ForEveryMethod([&](const auto&...) { ++count; });
  return count;
}

// `3/1` of the reference is `3` here, `7/2` is `3.5`.
bool IsSame(const std::string& reference, const Json& given) {
  const std::size_t slash = reference.find('/');
  if (slash == std::string::npos) return reference == given.text;
  const Rational value(Integer(reference.substr(0, slash)), Integer(reference.substr(slash + 1)));
  return ExactText(value) == given.text;
}

TEST(Packs, GiveWhatAnIndependentEvaluationGives) {
  const int cases = 100'000 / CountMethods() + 1;
  int results = 0, refusals = 0;
  Dice dice(1);
  ForEveryMethod([&](const PolicyPack& pack, const Method& method, std::string_view text) {
    const Json json = *ParseJson(text);
    for (int i = 0; i < cases; ++i) {
      const Json inputs = dice.Inputs(pack, method.inputs);
      const auto expected = reference::Evaluate(json, method.name, inputs);
      const auto given = StepValues(pack, method, inputs);
      ASSERT_EQ(given.ok(), expected.has_value()) << CanonicalJson(inputs) << given.status();
      ++(given.ok() ? results : refusals);
      if (!given.ok()) continue;
      for (const auto& [name, value] : expected->steps) {
        const Json* step = given->Find(name);
        ASSERT_TRUE(step != nullptr && IsSame(value, *step))
            << name << " " << CanonicalJson(inputs);
      }
      const Outcome outcome = *Score(pack, method, inputs);
      if (outcome.score) {
        ASSERT_TRUE(IsSame(expected->score, Json(ExactText(ToRational(*outcome.score)))));
      }
      if (outcome.predicate) {
        ASSERT_EQ(expected->predicate, pack.codes[static_cast<std::size_t>(*outcome.predicate)]);
      }
    }
  });
  EXPECT_GE(results + refusals, 100'000);
  EXPECT_GE(results, 50'000);  // most random inputs have a result
  EXPECT_GE(refusals, 1'000);  // and some are refused by both
}

// Every path of a `what_if` input that is there, with the record that holds it.
struct Spot {
  Json* record;
  const InputField* field;
};

void SpotsOf(const std::vector<InputField>& fields, Json& record, std::vector<Spot>& spots) {
  for (const InputField& field : fields) {
    Json* given = record.Find(field.name);
    if (given == nullptr) continue;
    if (field.what_if) spots.push_back({&record, &field});
    if (field.kind != InputField::Kind::kList) continue;
    for (Json& item : given->items) SpotsOf(field.fields, item, spots);
  }
}

// Makes the input better in place: more, unless less is better; towards a range; a better choice.
bool Improve(const PolicyPack& pack, const Spot& spot, Dice& dice) {
  Json& value = *spot.record->Find(spot.field->name);
  if (spot.field->kind == InputField::Kind::kNumber) {
    const Json* formula = spot.record->Find("formula");
    const std::string name = formula != nullptr ? formula->text : "";
    const Json* high = spot.record->Find("target_high");
    Decimal change = Decimal(Integer(dice.From(1, 3000)), spot.field->digits);
    if (name == "LOWER_IS_BETTER") change = -change;
    const Json* target = spot.record->Find("target");
    if (name == "RANGE" && high == nullptr) return false;
    if (name == "RANGE" && value.number >= target->number) {
      if (value.number <= high->number) return false;
      value = Json(high->number);  // from above to the upper end
      return true;
    }
    Decimal better = value.number + change;
    if (name == "RANGE" && better > high->number) better = high->number;
    if (spot.field->max && better > *spot.field->max) better = *spot.field->max;
    if (spot.field->min && better < *spot.field->min) better = *spot.field->min;
    value = Json(better);
    return true;
  }
  if (value.kind == Json::Kind::kBool) {
    value = Json(true);
    return true;
  }
  const auto& choices = spot.field->choices;
  const int code = pack.code_numbers.find(value.text)->second;
  const auto at = std::find(choices.begin(), choices.end(), code) - choices.begin();
  if (at == 0) return false;
  value = Json(pack.codes[static_cast<std::size_t>(choices[static_cast<std::size_t>(at) - 1])]);
  return true;
}

TEST(Packs, ABetterRealisationNeverLowersAResult) {
  int compared = 0;
  Dice dice(2);
  ForEveryMethod([&](const PolicyPack& pack, const Method& method, std::string_view) {
    for (int i = 0; i < 400; ++i) {
      Json inputs = dice.Inputs(pack, method.inputs);
      const auto before = Score(pack, method, inputs);
      std::vector<Spot> spots;
      SpotsOf(method.inputs, inputs, spots);
      if (!before.ok() || spots.empty()) continue;
      const Spot& spot =
          spots[static_cast<std::size_t>(dice.From(0, static_cast<int>(spots.size()) - 1))];
      const std::string kept = CanonicalJson(inputs);
      if (!Improve(pack, spot, dice)) continue;
      const auto after = Score(pack, method, inputs);
      ASSERT_TRUE(after.ok()) << kept << after.status();
      ++compared;
      if (before->score) {
        ASSERT_GE(*after->score, *before->score) << kept << CanonicalJson(inputs);
      }
      if (before->predicate) {
        ASSERT_LE(pack.FindPredicate(*after->predicate), pack.FindPredicate(*before->predicate))
            << kept << CanonicalJson(inputs);
      }
    }
  });
  EXPECT_GE(compared, 3'000);
}

TEST(Packs, KeepTheirBounds) {
  const std::map<std::string, std::pair<int, int>> bounds = {
      {"dumai", {0, 120}},
      {"ikm", {0, 385}},
      {"ip-asn", {0, 100}},
      {"plaju", {0, 120}},
      {"rakumpit", {0, 120}},
      {"singkil", {0, 120}},
      {"mulyorejo", {0, 120}},
      {"permenpanrb-8-2021", {0, 120}},
  };
  int checked = 0;
  Dice dice(3);
  ForEveryMethod([&](const PolicyPack& pack, const Method& method, std::string_view) {
    const auto bound = bounds.find(pack.name);
    if (bound == bounds.end()) return;
    for (int i = 0; i < 300; ++i) {
      const Json inputs = dice.Inputs(pack, method.inputs);
      const auto outcome = Score(pack, method, inputs);
      // An achievement alone has no upper bound.
      if (!outcome.ok() || !outcome->score || method.name == "indicator") continue;
      ASSERT_GE(*outcome->score, Decimal(bound->second.first)) << CanonicalJson(inputs);
      if (pack.name != "ikm" || method.name == "sample_size") {
        ASSERT_LE(*outcome->score, Decimal(bound->second.second)) << CanonicalJson(inputs);
      }
      ++checked;
    }
  });
  EXPECT_GE(checked, 3'000);
}

TEST(Packs, DoNotDependOnTheOrderOfInputs) {
  int compared = 0;
  Dice dice(4);
  ForEveryMethod([&](const PolicyPack& pack, const Method& method, std::string_view text) {
    // `last` is about order.
    const std::string steps =
        CanonicalJson(*ParseJson(text)->Find("methods")->Find(method.name)->Find("steps"));
    if (steps.find("\"op\":\"last\"") != std::string::npos) return;
    for (int i = 0; i < 200; ++i) {
      Json inputs = dice.Inputs(pack, method.inputs);
      const auto before = Score(pack, method, inputs);
      if (!before.ok()) continue;
      dice.Shuffle(inputs);
      const auto after = Score(pack, method, inputs);
      ASSERT_TRUE(after.ok());
      ASSERT_EQ(before->score, after->score) << CanonicalJson(inputs);
      ASSERT_EQ(before->predicate, after->predicate) << CanonicalJson(inputs);
      ++compared;
    }
  });
  EXPECT_GE(compared, 3'000);
}

// The control: the comparison sees a pack that differs in one digit.
TEST(Packs, TheIndependentEvaluationSeesAChangedPack) {
  std::string text;
  for (const ShippedPack& shipped : ShippedPacks()) {
    if (shipped.name == "plaju") text = shipped.json;
  }
  const PolicyPack& pack = *FindShippedPack("plaju");
  const std::size_t at = text.find("\"weight\": 0.3");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 13, "\"weight\": 0.4");
  const Json changed = *ParseJson(text);
  const Vector& vector = pack.vectors[0];
  const auto given = StepValues(pack, *pack.FindMethod(vector.method), vector.inputs);
  EXPECT_FALSE(IsSame(reference::Evaluate(changed, vector.method, vector.inputs)->steps.at("total"),
                      *given->Find("total")));
}

}  // namespace
}  // namespace teraju::rules
