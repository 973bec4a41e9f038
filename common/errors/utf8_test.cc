#include "common/errors/utf8.h"

#include "gtest/gtest.h"

namespace teraju {
namespace {

TEST(IsValidUtf8, AcceptsEveryKindOfCharacter) {
  for (const char* text : {"",
                           "abc",
                           "\x7F",
                           "\xC2\x80",
                           "\xDF\xBF",
                           "\xE0\xA0\x80",
                           "\xED\x9F\xBF",
                           "\xEE\x80\x80",
                           "\xEF\xBF\xBF",
                           "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF",
                           "gajé 𝄞"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << text;
  }
}

TEST(IsValidUtf8, RefusesEveryMalformedForm) {
  for (const char* text : {"\x80",
                           "\xBF",
                           "a\xC3",
                           "\xC0\x80",
                           "\xC1\xBF",
                           "\xC3(",
                           "\xE0\x9F\xBF",
                           "\xED\xA0\x80",
                           "\xE2\x82",
                           "\xE2\x28\xA1",
                           "\xE2\x82(",
                           "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80",
                           "\xFF",
                           "\xF0\x9D\x84"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << text;
  }
}

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("gajé"), 4u);
  EXPECT_EQ(CountCharacters("𝄞𝄞"), 2u);
}

TEST(ClipUtf8, CutsBetweenCharacters) {
  EXPECT_EQ(ClipUtf8("abc", 3), "abc");
  EXPECT_EQ(ClipUtf8("abc", 2), "ab");
  EXPECT_EQ(ClipUtf8("aé", 2), "a");
  EXPECT_EQ(ClipUtf8("é", 1), "");
  EXPECT_EQ(ClipUtf8("a𝄞", 4), "a");
}

TEST(ClipUtf8, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(ClipUtf8("a\xFFz", 10), "a?z");
  EXPECT_EQ(ClipUtf8("a\xFFz", 2), "a?");
}

}  // namespace
}  // namespace teraju
