// The complete example of README.md is a pack that loads and passes its vectors.
#include <fstream>
#include <iterator>
#include <string>

#include "common/engines/rules/pack_vectors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

std::string Readme() {
  std::ifstream file(TERAJU_RULES_README);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, ItsExampleLoadsAndPassesItsVectors) {
  const std::string readme = Readme();
  const std::size_t begin = readme.find("```json\n");
  ASSERT_NE(begin, std::string::npos);
  const std::string json = readme.substr(begin + 8, readme.find("\n```", begin) - begin - 8);
  std::vector<PackProblem> problems;
  const auto pack = ParsePack(json, &problems);
  for (const PackProblem& problem : problems) ADD_FAILURE() << ToString(problem);
  ASSERT_TRUE(pack.ok());
  for (const PackProblem& problem : RunVectors(*pack)) ADD_FAILURE() << ToString(problem);
  EXPECT_EQ(pack->vectors.size(), 3u);
}

TEST(Readme, NamesEveryOperationAndFormula) {
  const std::string readme = Readme();
  for (int i = 0; i <= static_cast<int>(Operation::kLookup); ++i) {
    const std::string_view name = OperationName(static_cast<Operation>(i));
    EXPECT_NE(readme.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
  for (int i = 0; i <= static_cast<int>(Formula::kBinary); ++i) {
    const std::string_view name = FormulaName(static_cast<Formula>(i));
    EXPECT_NE(readme.find("`" + std::string(name) + "`"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace teraju::rules
