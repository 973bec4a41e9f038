#include "services/identity/domain/activation_code.h"

#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

TEST(ActivationCode, HasAllBitsInGroups) {
  EXPECT_EQ(FormatActivationCode(std::string(16, '\0')), "00000-00000-00000-00000-00000-0");
  EXPECT_EQ(FormatActivationCode(std::string(16, '\xFF')), "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-W");
  std::string one(16, '\0');
  one[15] = 1;
  EXPECT_NE(FormatActivationCode(one), FormatActivationCode(std::string(16, '\0')));
}

TEST(ActivationCode, IsReadAsPeopleTypeIt) {
  const std::string code =
      FormatActivationCode("\x01\x23\x45\x67\x89\xAB\xCD\xEF\x01\x23\x45\x67\x89\xAB\xCD\xEF");
  const std::string plain = NormaliseActivationCode(code);
  EXPECT_EQ(plain.size(), 26u);
  EXPECT_EQ(NormaliseActivationCode(" 0oiL-1 "), "00111");
  EXPECT_EQ(NormaliseActivationCode("abc-de"), "ABCDE");
}

}  // namespace
}  // namespace teraju::identity::domain
