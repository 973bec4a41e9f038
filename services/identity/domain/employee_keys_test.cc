#include "services/identity/domain/employee_keys.h"

#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

constexpr PersonKey kBudi{0, 1};
constexpr PersonKey kSiti{0, 2};
constexpr char kNipOfBudi[] = "196508011988031001";
constexpr char kNipOfSiti[] = "196608011988031002";
constexpr char kOtherNip[] = "196708011988031003";

class EmployeeKeysTest : public ::testing::Test {
 protected:
  EmployeeKeysTest() {
    keys_.AddStored(kBudi, kNipOfBudi, "P1");
    keys_.AddStored(kSiti, kNipOfSiti, "");
  }
  // `new`, `conflict`, or the number of the person.
  std::string Match(std::string_view nip, std::string_view external_id) {
    const EmployeeMatch match = keys_.Match(nip, external_id);
    if (match.kind == EmployeeMatch::Kind::kNew) return "new";
    if (match.kind == EmployeeMatch::Kind::kConflict) return "conflict";
    return std::to_string(match.employee.low);
  }
  EmployeeKeys keys_;
};

TEST_F(EmployeeKeysTest, FindsByNipWithoutAnExternalId) {
  EXPECT_EQ(Match(kNipOfBudi, ""), "1");
  EXPECT_EQ(Match(kOtherNip, ""), "new");
}

TEST_F(EmployeeKeysTest, APersonKeepsIdentityOverACorrectedNip) {
  EXPECT_EQ(Match(kOtherNip, "P1"), "1");
}

TEST_F(EmployeeKeysTest, APersonTakesAnIdOn) {
  EXPECT_EQ(Match(kNipOfSiti, "P2"), "2");
  EXPECT_EQ(Match(kOtherNip, "P2"), "conflict");
}

TEST_F(EmployeeKeysTest, KeysOfTwoPeopleConflict) {
  EXPECT_EQ(Match(kNipOfSiti, "P1"), "conflict");
  // What was refused is nobody's row: the person may still be named rightly.
  EXPECT_EQ(Match(kNipOfSiti, ""), "2");
}

TEST_F(EmployeeKeysTest, ARowRepeatsNobody) {
  EXPECT_EQ(Match(kOtherNip, "P3"), "new");
  EXPECT_EQ(Match("196808011988031004", "P3"), "conflict");
  EXPECT_EQ(Match(kNipOfSiti, "P3"), "conflict");
  EXPECT_EQ(Match(kOtherNip, "P1"), "1");
  EXPECT_EQ(Match(kNipOfBudi, ""), "conflict");
}

TEST_F(EmployeeKeysTest, IdsDifferInEveryLetter) {
  EXPECT_EQ(Match(kOtherNip, "A8ACA7F3C2D73912E040640A040269BB"), "new");
  EXPECT_EQ(Match("196808011988031004", "A8ACA7F3C2D73912E040640A040269BC"), "new");
}

}  // namespace
}  // namespace teraju::identity::domain
