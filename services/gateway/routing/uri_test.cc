#include "services/gateway/routing/uri.h"

#include "gmock/gmock.h"

namespace teraju::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using ::testing::Pair;

TEST(PercentDecode, TakesTwoHexDigits) {
  EXPECT_THAT(PercentDecode("a%20b%C3%a9"), Optional(std::string("a bé")));
  for (const char* text : {"%", "%2", "%zz", "a%2", "%%20", "%-1"})
    EXPECT_FALSE(PercentDecode(text)) << text;
}

TEST(ParseQuery, DecodesNamesAndValuesInOrder) {
  EXPECT_THAT(ParseQuery("a=1&b=x%20y+z&a=2&flag&e=&%61=="),
              Optional(ElementsAre(Pair("a", "1"),
                                   Pair("b", "x y z"),
                                   Pair("a", "2"),
                                   Pair("flag", ""),
                                   Pair("e", ""),
                                   Pair("a", "="))));
  EXPECT_THAT(ParseQuery(""), Optional(ElementsAre()));
  for (const char* text : {"a=%", "a=%00", "%zz=1", "a=%ff", "a=\x01"})
    EXPECT_FALSE(ParseQuery(text)) << text;
}

TEST(PercentEncodePath, KeepsSlashes) {
  EXPECT_EQ(PercentEncodePath("a/b c:é"), "a/b%20c%3A%C3%A9");
}

}  // namespace
}  // namespace teraju::gateway
