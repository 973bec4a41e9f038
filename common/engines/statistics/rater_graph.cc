#include "common/engines/statistics/rater_graph.h"

#include <algorithm>
#include <numeric>

namespace teraju::statistics {
namespace {

class DisjointSets {
 public:
  explicit DisjointSets(int size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0); }
  int Find(int x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void Join(int a, int b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<int> parent_;
};

// Of each component its ratee and its rater with the fewest assignments, and its size.
struct Component {
  int ratee = -1;
  int rater = -1;
  int size = 0;
};

std::vector<Component> Summarize(const RaterGraph& graph,
                                 const std::vector<int>& ratee_degree,
                                 const std::vector<int>& rater_degree) {
  std::vector<Component> components(graph.components);
  const auto offer = [](int& best, int candidate, const std::vector<int>& degree) {
    if (best < 0 || degree[candidate] < degree[best]) best = candidate;
  };
  for (int i = 0; i < static_cast<int>(ratee_degree.size()); ++i) {
    if (ratee_degree[i] == 0) continue;
    Component& component = components[graph.ratee_component[i]];
    offer(component.ratee, i, ratee_degree);
    ++component.size;
  }
  for (int i = 0; i < static_cast<int>(rater_degree.size()); ++i) {
    if (rater_degree[i] == 0) continue;
    offer(components[graph.rater_component[i]].rater, i, rater_degree);
  }
  return components;
}

}  // namespace

RaterGraph ConnectRaters(int ratees,
                         int raters,
                         std::span<const Assignment> assignments,
                         const std::function<bool(const Assignment&)>& allowed) {
  DisjointSets sets(ratees + raters);
  std::vector<int> ratee_degree(ratees);
  std::vector<int> rater_degree(raters);
  for (const Assignment& a : assignments) {
    sets.Join(a.ratee, ratees + a.rater);
    ++ratee_degree[a.ratee];
    ++rater_degree[a.rater];
  }
  RaterGraph graph;
  std::vector<int> number(ratees + raters, -1);
  const auto component = [&](int node, int degree) {
    if (degree == 0) return -1;
    int& n = number[sets.Find(node)];
    if (n < 0) n = graph.components++;
    return n;
  };
  for (int i = 0; i < ratees; ++i) {
    graph.ratee_component.push_back(component(i, ratee_degree[i]));
  }
  for (int j = 0; j < raters; ++j) {
    graph.rater_component.push_back(component(ratees + j, rater_degree[j]));
  }
  if (graph.components < 2) return graph;
  const std::vector<Component> parts = Summarize(graph, ratee_degree, rater_degree);
  const auto largest = std::max_element(
      parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size < b.size; });
  std::vector<int> hosts;
  for (int i = 0; i < ratees; ++i) {
    if (graph.ratee_component[i] == largest - parts.begin()) hosts.push_back(i);
  }
  std::stable_sort(
      hosts.begin(), hosts.end(), [&](int a, int b) { return ratee_degree[a] < ratee_degree[b]; });
  std::size_t next = 0;
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    if (part == largest) continue;
    for (std::size_t tried = 0; tried < hosts.size(); ++tried) {
      const Assignment proposal{hosts[next++ % hosts.size()], part->rater};
      if (allowed && !allowed(proposal)) continue;
      graph.connecting.push_back(proposal);
      break;
    }
  }
  return graph;
}

}  // namespace teraju::statistics
