#include "common/auth/encoding.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace teraju::auth {
namespace {

TEST(Base64Url, GoesBothWays) {
  // RFC 4648, section 10.
  const std::pair<std::string, std::string> pairs[] = {{"", ""},
                                                       {"f", "Zg"},
                                                       {"fo", "Zm8"},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg"},
                                                       {"fooba", "Zm9vYmE"},
                                                       {"foobar", "Zm9vYmFy"},
                                                       {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : pairs) {
    EXPECT_EQ(Base64UrlEncode(bytes), text);
    EXPECT_EQ(Base64UrlDecode(text), bytes);
  }
  for (const char* text : {"Zh", "Zg==", "Zm9", "Z", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v"}) {
    EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace teraju::auth
