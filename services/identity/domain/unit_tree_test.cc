#include "services/identity/domain/unit_tree.h"

#include <vector>

#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

TEST(FindCycle, LooksAtEveryDay) {
  const absl::CivilDay june(2025, 6, 1);
  const std::vector<std::string> moved = {"a"};
  std::vector<UnitState> states = {
      {"root", "", ""}, {"a", "", "b"}, {"b", "", "root", absl::CivilDay::min(), june - 1}};
  EXPECT_FALSE(FindCycle(states, moved));
  // Sound today, a ring from June on.
  states.push_back({"b", "", "a", june});
  EXPECT_EQ(FindCycle(states, moved), "a");
  // A ring of others is not told of these.
  const std::vector<std::string> other = {"root"};
  EXPECT_FALSE(FindCycle(states, other));
}

}  // namespace
}  // namespace teraju::identity::domain
