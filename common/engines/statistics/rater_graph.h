// Who can be compared with whom: raters and ratees as a graph with an edge for every rating.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace teraju::statistics {

struct Assignment {
  int ratee = 0;
  int rater = 0;
};

struct RaterGraph {
  int components = 0;                // of ratees and raters that have an assignment
  std::vector<int> ratee_component;  // -1 without assignments
  std::vector<int> rater_component;
  // The fewest further assignments that connect everything, one less than the components: the rater
  // with the fewest assignments of each component takes a ratee of the largest one, in turn from
  // those with the fewest.
  std::vector<Assignment> connecting;
};

// Indices lie in [0, ratees) and [0, raters). `allowed` says whether an assignment may be proposed
// (nobody is asked about oneself); a component for which the largest has no allowed ratee gets no
// proposal.
RaterGraph ConnectRaters(int ratees,
                         int raters,
                         std::span<const Assignment> assignments,
                         const std::function<bool(const Assignment&)>& allowed = nullptr);

}  // namespace teraju::statistics
