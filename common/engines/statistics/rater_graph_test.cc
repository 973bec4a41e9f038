#include "common/engines/statistics/rater_graph.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ConnectRaters, OneComponentNeedsNothing) {
  const std::vector<Assignment> chain = {{0, 0}, {0, 1}, {1, 1}, {1, 2}};
  const RaterGraph graph = ConnectRaters(2, 3, chain);
  EXPECT_EQ(graph.components, 1);
  EXPECT_THAT(graph.connecting, IsEmpty());
}

TEST(ConnectRaters, ProposesOneAssignmentLessThanComponents) {
  // {r0 r1 r2 by 0 1}, {r3 by 2}, {r4 by 3 4}; ratee 5 and rater 5 without assignments.
  const std::vector<Assignment> apart = {{0, 0}, {1, 0}, {1, 1}, {2, 1}, {3, 2}, {4, 3}, {4, 4}};
  const RaterGraph graph = ConnectRaters(6, 6, apart);
  EXPECT_EQ(graph.components, 3);
  EXPECT_THAT(graph.ratee_component, ElementsAre(0, 0, 0, 1, 2, -1));
  EXPECT_THAT(graph.rater_component, ElementsAre(0, 0, 1, 2, 2, -1));
  ASSERT_THAT(graph.connecting, SizeIs(2));
  std::vector<Assignment> joined = apart;
  joined.insert(joined.end(), graph.connecting.begin(), graph.connecting.end());
  EXPECT_EQ(ConnectRaters(6, 6, joined).components, 1);
  // The control: one proposal alone is too few.
  joined.pop_back();
  EXPECT_EQ(ConnectRaters(6, 6, joined).components, 2);
  EXPECT_NE(graph.connecting[0].ratee, graph.connecting[1].ratee);  // the load is spread
}

TEST(ConnectRaters, RespectsWhatIsNotAllowed) {
  const std::vector<Assignment> apart = {{0, 0}, {1, 0}, {2, 1}};
  const RaterGraph graph =
      ConnectRaters(3, 2, apart, [](const Assignment& a) { return a.ratee != 0; });
  ASSERT_THAT(graph.connecting, SizeIs(1));
  EXPECT_EQ(graph.connecting[0].ratee, 1);
  EXPECT_EQ(graph.connecting[0].rater, 1);
  EXPECT_THAT(ConnectRaters(3, 2, apart, [](const Assignment&) { return false; }).connecting,
              IsEmpty());
}

}  // namespace
}  // namespace teraju::statistics
