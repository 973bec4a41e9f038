#include "services/identity/domain/password.h"

#include "common/errors/error.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

TEST(CheckPassword, AcceptsLongAndVariedOnes) {
  EXPECT_TRUE(CheckPassword("pagi-hari di dumai", "budi").ok());
  EXPECT_TRUE(CheckPassword("kópi panas dua", "").ok());
}

TEST(CheckPassword, RefusesShortPlainAndTellingOnes) {
  for (const char* password : {"",
                               "sebelas-chr",
                               "aaaaaaaaaaaaaa",
                               "ababababababab",
                               "abcdefghijklmn",
                               "budi santoso 77"}) {
    EXPECT_EQ(errors::ReasonOf(CheckPassword(password, "Budi")), "PASSWORD_WEAK") << password;
  }
  EXPECT_FALSE(CheckPassword(std::string(2000, 'x') + "abcdefg", "").ok());
}

}  // namespace
}  // namespace teraju::identity::domain
