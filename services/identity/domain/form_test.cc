#include "services/identity/domain/form.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ParseForm, DecodesNamesAndValues) {
  const auto form =
      ParseForm("grant_type=client_credentials&client_id=a%2Fb&client_secret=x+y%3d&empty=&bare");
  ASSERT_TRUE(form);
  EXPECT_THAT(*form,
              UnorderedElementsAre(Pair("grant_type", "client_credentials"),
                                   Pair("client_id", "a/b"),
                                   Pair("client_secret", "x y="),
                                   Pair("empty", ""),
                                   Pair("bare", "")));
  EXPECT_TRUE(ParseForm("")->empty());
}

TEST(ParseForm, RefusesWhatIsMalformedOrGivenTwice) {
  for (const char* text : {"a=%", "a=%4", "a=%zz", "a=1&a=2", "%=1"})
    EXPECT_FALSE(ParseForm(text)) << text;
  EXPECT_EQ(ParseForm("a=%41")->at("a"), "A");
}

TEST(ParseBasic, ReadsIdAndSecret) {
  const auto client = ParseBasic("Basic Y2xpZW50OnNlY3JldA==");
  ASSERT_TRUE(client);
  EXPECT_EQ(client->id, "client");
  EXPECT_EQ(client->secret, "secret");
  EXPECT_EQ(ParseBasic("basic YTpiOmM=")->secret, "b:c");
}

TEST(ParseBasic, RefusesOtherSchemesAndMalformedValues) {
  for (const char* text : {"", "Bearer x", "Basic", "Basic !!!!", "Basic YWJj", "Basic YTolJQ=="}) {
    EXPECT_FALSE(ParseBasic(text)) << text;
  }
}

}  // namespace
}  // namespace teraju::identity::domain
