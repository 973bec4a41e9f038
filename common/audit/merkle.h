// The Merkle tree of RFC 6962, section 2: SHA-256, 0x00 before a leaf, 0x01 before a node. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

namespace teraju::audit {

using Hash = std::array<std::uint8_t, 32>;

// The root of a tree without leaves.
Hash EmptyRoot();
Hash LeafHash(std::string_view record);
Hash NodeHash(const Hash& left, const Hash& right);

// As they stand in messages and columns: 32 bytes. INVALID_ARGUMENT (FIELD_INVALID) for any other
// length.
std::string ToBytes(const Hash& hash);
absl::StatusOr<Hash> ToHash(std::string_view bytes);

// A node over a full subtree: leaves [index << level, (index + 1) << level). It never changes once
// it exists.
struct NodeId {
  int level = 0;
  std::uint64_t index = 0;

  friend auto operator<=>(const NodeId&, const NodeId&) = default;
};
struct Node {
  NodeId id;
  Hash hash;
};

// A tree that can only grow. Holds log2(size) hashes, so that an appender need not read the leaves
// again.
class CompactTree {
 public:
  CompactTree() = default;
  // Continues from `size` and the roots of its full subtrees, largest first (what peaks() gave).
  // INVALID_ARGUMENT (FIELD_INVALID) unless there is one for each bit of the size.
  static absl::StatusOr<CompactTree> Restore(std::uint64_t size, std::vector<Hash> peaks);

  // Appends a leaf. Returns the nodes that became full, the leaf first: what proofs will be made
  // of.
  std::vector<Node> Append(const Hash& leaf);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& peaks() const { return peaks_; }
  Hash Root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// The full subtrees that a tree of this size consists of, largest first: where Restore finds its
// peaks.
std::vector<NodeId> PeaksOf(std::uint64_t size);

// Gives the hash of a full node that Append returned. Its error is passed on.
using NodeReader = absl::FunctionRef<absl::StatusOr<Hash>(NodeId)>;

// MTH(D[n]), from O(log n) nodes.
absl::StatusOr<Hash> RootOf(std::uint64_t size, NodeReader read);
// PATH(m, D[n]): proves that leaf `index` is in the tree of `size`. INVALID_ARGUMENT unless index <
// size.
absl::StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index,
                                                 std::uint64_t size,
                                                 NodeReader read);
// PROOF(m, D[n]): proves that the tree of `first` leaves is the beginning of the tree of `second`.
// INVALID_ARGUMENT unless first <= second.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t first,
                                                   std::uint64_t second,
                                                   NodeReader read);

// The checks of a client, by RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree).
bool VerifyInclusion(const Hash& leaf,
                     std::uint64_t index,
                     std::uint64_t size,
                     std::span<const Hash> path,
                     const Hash& root);
bool VerifyConsistency(std::uint64_t first,
                       std::uint64_t second,
                       std::span<const Hash> path,
                       const Hash& first_root,
                       const Hash& second_root);

}  // namespace teraju::audit
