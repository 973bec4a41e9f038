// The non-zero pattern of the core matrix's lower half, and where each pair of neighbours of a leaf
// adds to it.
#pragma once

#include <cstdint>
#include <vector>

#include "common/engines/statistics/core_matrix.h"

namespace teraju::statistics {

// The edges of each leaf: core[start[j]]... ascending, edge[...] is its number in CoreGraph::leaf.
struct LeafEdges {
  explicit LeafEdges(const CoreGraph& graph);
  std::vector<int> start;
  std::vector<int> core;
  std::vector<int> edge;
};

// Calls visit(row, column, edge of row, edge of column, leaf) for all pairs row >= column of
// neighbours of a leaf, in an order that is always the same: column by column.
template <typename Visit>
void ForEachPair(const CoreGraph& graph, const LeafEdges& leaves, Visit visit) {
  for (int column = 0; column < graph.cores; ++column) {
    for (int e = graph.start[column]; e < graph.start[column + 1]; ++e) {
      const int leaf = graph.leaf[e];
      for (int t = leaves.start[leaf + 1] - 1; t >= leaves.start[leaf]; --t) {
        if (leaves.core[t] < column) break;
        visit(leaves.core[t], column, leaves.edge[t], e, leaf);
      }
    }
  }
}

// Work of ForEachPair.
double PairCount(const CoreGraph& graph, const LeafEdges& leaves);

}  // namespace teraju::statistics
