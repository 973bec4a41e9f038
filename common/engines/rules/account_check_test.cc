#include "common/engines/rules/account_check.h"

#include "common/engines/rules/shipped_packs.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> WrongOnes(const PolicyPack& pack, const Json& account) {
  const auto checks = CheckOperations(pack, account);
  EXPECT_THAT(checks, IsOk());
  std::vector<std::string> wrong;
  for (const OperationCheck& check : *checks) {
    if (!check.matches) wrong.push_back(check.name + ": " + check.stored + " / " + check.computed);
  }
  return wrong;
}

// Every vector of every shipped pack that has a result.
TEST(CheckOperations, FindsNothingInWhatWasComputed) {
  int accounts = 0;
  for (const ShippedPack& shipped : ShippedPacks()) {
    const PolicyPack& pack = *FindShippedPack(shipped.name);
    for (const Vector& vector : pack.vectors) {
      const auto evaluation = Evaluate(pack, vector.method, vector.inputs);
      if (!evaluation.ok()) continue;
      // As it is stored: canonical, where numbers are texts.
      const auto stored = ParseJson(CanonicalJson(ToJson(*evaluation)));
      ASSERT_THAT(stored, IsOk());
      EXPECT_THAT(WrongOnes(pack, *stored), IsEmpty()) << shipped.name << " " << vector.name;
      EXPECT_GT(CheckOperations(pack, *stored)->size(), 3U);
      ++accounts;
    }
  }
  EXPECT_GT(accounts, 50);
}

class Altered : public ::testing::Test {
 protected:
  Altered() : pack_(*FindShippedPack("permenpanrb-6-2022")) {
    Json inputs = Json::Object();
    inputs.Set("result_rating", "AS_EXPECTED").Set("behavior_rating", "AS_EXPECTED");
    account_ = ToJson(*Evaluate(pack_, "annual", inputs));
  }
  const PolicyPack& pack_;
  Json account_;
};

TEST_F(Altered, TheResultIsNamedWithWhatComesOut) {
  account_.Find("result")->Set("predicate", "VERY_GOOD");
  EXPECT_THAT(WrongOnes(pack_, account_), ElementsAre("predicate: VERY_GOOD / GOOD"));
  account_.Find("result")->Set("predicate", "GOOD").Set("bonus", "1");
  EXPECT_THAT(WrongOnes(pack_, account_), ElementsAre("bonus: 1 / "));
}

TEST_F(Altered, AStepIsNamedEvenWhereOnlyItsWordsDiffer) {
  Json& step = account_.Find("account")->Find("inputs")->items.front();
  const std::string name = step.Find("name")->text;
  step.Set("text", "lain");
  EXPECT_THAT(WrongOnes(pack_, account_), ElementsAre(::testing::StartsWith("annual/" + name)));
}

TEST_F(Altered, AStepTooManyAndOneTooFewAreNamed) {
  std::vector<Json>& steps = account_.Find("account")->Find("inputs")->items;
  steps.push_back(steps.front());
  EXPECT_FALSE(WrongOnes(pack_, account_).empty());
  steps.pop_back();
  steps.pop_back();
  EXPECT_FALSE(WrongOnes(pack_, account_).empty());
}

TEST_F(Altered, OtherInputsGiveAnotherResult) {
  account_.Find("inputs")->Set("behavior_rating", "BELOW_EXPECTATION");
  EXPECT_THAT(WrongOnes(pack_, account_), ::testing::Contains("predicate: GOOD / POOR"));
}

TEST_F(Altered, ThePackAndUnknownMembersAreCompared) {
  account_.Find("pack")->Set("revision", 9);
  EXPECT_EQ(WrongOnes(pack_, account_).size(), 1U);
  account_.Find("pack")->Set("revision", pack_.revision);
  EXPECT_THAT(WrongOnes(pack_, account_), IsEmpty());
  account_.Set("remark", "x");
  EXPECT_EQ(WrongOnes(pack_, account_).size(), 1U);
}

TEST_F(Altered, WhatIsNoAccountIsRefused) {
  EXPECT_FALSE(CheckOperations(pack_, Json::Object()).ok());
  account_.Set("method", "none");
  EXPECT_FALSE(CheckOperations(pack_, account_).ok());
}

}  // namespace
}  // namespace teraju::rules
