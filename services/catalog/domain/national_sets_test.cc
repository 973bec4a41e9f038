#include "services/catalog/domain/national_sets.h"

#include <algorithm>
#include <set>
#include <string>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::MatchesRegex;

TEST(NationalBehaviors, AreSevenValuesWithTwentyOneGuides) {
  const auto behaviors = NationalBehaviors("berakhlak");
  ASSERT_TRUE(behaviors.ok());
  std::vector<std::string> initials;
  std::set<std::string> guides;
  for (const v1::Behavior& behavior : *behaviors) {
    EXPECT_THAT(behavior.name(), MatchesRegex("[A-Z]+(_[A-Z]+)*"));
    EXPECT_FALSE(behavior.title_en().empty());
    EXPECT_EQ(behavior.guides_size(), 3) << behavior.name();
    initials.push_back(behavior.title_id().substr(0, 1));
    guides.insert(behavior.guides().begin(), behavior.guides().end());
  }
  // BerAKHLAK.
  EXPECT_THAT(initials, ElementsAre("B", "A", "K", "H", "L", "A", "K"));
  EXPECT_EQ(guides.size(), 21u);
}

TEST(NationalBehaviors, RefuseAnUnknownSetAndNameTheKnown) {
  const auto behaviors = NationalBehaviors("x");
  EXPECT_THAT(behaviors.status(), HasReason(v1::BEHAVIOR_SET_UNKNOWN));
}

TEST(NationalCompetencies, AreEightManagerialAndOneSocioCulturalWithFiveLevels) {
  const std::vector<v1::Competency> all = NationalCompetencies();
  EXPECT_EQ(std::count_if(all.begin(),
                          all.end(),
                          [](const auto& c) { return c.kind() == v1::Competency::MANAGERIAL; }),
            8);
  EXPECT_EQ(std::count_if(all.begin(),
                          all.end(),
                          [](const auto& c) { return c.kind() == v1::Competency::SOCIO_CULTURAL; }),
            1);
  EXPECT_EQ(all.size(), 9u);
  for (const v1::Competency& competency : all) {
    EXPECT_EQ(competency.levels_size(), 5);
    EXPECT_THAT(competency.name(), MatchesRegex("[A-Z]+(_[A-Z]+)*"));
  }
}

}  // namespace
}  // namespace teraju::catalog::domain
