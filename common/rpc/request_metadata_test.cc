#include "common/rpc/request_metadata.h"

#include <gtest/gtest.h>

namespace teraju::rpc {
namespace {

TEST(PreferredLocale, IsIndonesianUnlessEnglishIsPreferred) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "id"},
      {"en", "en"},
      {"id", "id"},
      {"en-US", "en"},
      {"fr", "id"},
      {"fr, en;q=0.5", "en"},
      {"en;q=0.4, id;q=0.6", "id"},
      {"id;q=0.4,en;q=0.6", "en"},
      {"EN", "en"},
      {"*", "id"},
      {"en;q=0", "id"},
      {"en;q=2", "id"},
      {"en;q=x", "id"},
      {",,;;,en", "en"},
      {"english", "id"},
  };
  for (const auto& [header, locale] : cases) EXPECT_EQ(PreferredLocale(header), locale) << header;
}

TEST(RequestMetadata, AnAddressIsOfItsLetters) {
  for (const char* text : {"127.0.0.1", "::1", "2001:db8::a"}) EXPECT_TRUE(IsAddress(text)) << text;
  for (const char* text : {"", "example.org", "1.2.3.4\n", "1.2.3.4, 5.6.7.8"})
    EXPECT_FALSE(IsAddress(text)) << text;
}

}  // namespace
}  // namespace teraju::rpc
