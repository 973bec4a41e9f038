#include "common/audit/merkle.h"

#include <map>

#include "absl/strings/escaping.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::audit {
namespace {

using ::teraju::testing::IsOk;
using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;

constexpr std::uint64_t kLargest = 64;

std::string Hex(const Hash& hash) { return absl::BytesToHexString(ToBytes(hash)); }

std::string Record(std::uint64_t i) { return "record " + std::to_string(i); }

// The definition of RFC 6962, section 2.1, word for word; slow, and independent of the code under
// test.
Hash Definition(std::uint64_t begin, std::uint64_t end) {
  const std::uint64_t n = end - begin;
  if (n == 0) return EmptyRoot();
  if (n == 1) return LeafHash(Record(begin));
  std::uint64_t k = 1;
  while (2 * k < n) k *= 2;
  return NodeHash(Definition(begin, begin + k), Definition(begin + k, end));
}

// A tree whose nodes are kept as a store would keep them.
struct StoredTree {
  CompactTree tree;
  std::map<NodeId, Hash> nodes;

  explicit StoredTree(std::uint64_t size) {
    while (tree.size() < size) {
      for (const Node& node : tree.Append(LeafHash(Record(tree.size())))) {
        EXPECT_TRUE(nodes.emplace(node.id, node.hash).second);
      }
    }
  }
  absl::StatusOr<Hash> operator()(NodeId id) const {
    const auto node = nodes.find(id);
    if (node == nodes.end()) return absl::NotFoundError("no such node");
    return node->second;
  }
};

Hash Broken(Hash hash) {
  hash[7] ^= 0x10;
  return hash;
}

TEST(Merkle, GivesThePublishedRootsOfCertificateTransparency) {
  const char* records[] = {"",
                           "00",
                           "10",
                           "2021",
                           "3031",
                           "40414243",
                           "5051525354555657",
                           "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  };
  CompactTree tree;
  EXPECT_EQ(Hex(tree.Root()), roots[0]);
  for (const char* record : records) {
    tree.Append(LeafHash(absl::HexStringToBytes(record)));
    EXPECT_EQ(Hex(tree.Root()), roots[tree.size()]);
  }
}

TEST(Merkle, EveryWayToARootAgrees) {
  const StoredTree all(kLargest);
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    const StoredTree stored(size);
    EXPECT_EQ(stored.tree.Root(), Definition(0, size)) << size;
    EXPECT_THAT(RootOf(size, all), IsOkAndHolds(Definition(0, size))) << size;
  }
}

TEST(CompactTree, ContinuesFromItsPeaks) {
  const StoredTree all(kLargest);
  for (std::uint64_t size = 0; size < kLargest; ++size) {
    std::vector<Hash> peaks;
    for (const NodeId& id : PeaksOf(size)) peaks.push_back(all(id).value());
    auto tree = CompactTree::Restore(size, peaks);
    ASSERT_THAT(tree, IsOk());
    EXPECT_EQ(tree->peaks(), StoredTree(size).tree.peaks());
    tree->Append(LeafHash(Record(size)));
    EXPECT_EQ(tree->Root(), Definition(0, size + 1));
    peaks.push_back(EmptyRoot());
    EXPECT_THAT(CompactTree::Restore(size, peaks), StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(InclusionProof, ProvesEveryLeafOfEveryTreeAndNothingElse) {
  const StoredTree stored(kLargest);
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    const Hash root = Definition(0, size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const Hash leaf = LeafHash(Record(index));
      std::vector<Hash> path = InclusionProof(index, size, stored).value();
      ASSERT_TRUE(VerifyInclusion(leaf, index, size, path, root)) << index << " of " << size;
      EXPECT_FALSE(VerifyInclusion(Broken(leaf), index, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, Broken(root)));
      EXPECT_FALSE(VerifyInclusion(leaf, index + 1, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, index ^ 1, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, size, size, path, root));
      for (Hash& hash : path) {
        hash = Broken(hash);
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, root));
        hash = Broken(hash);
      }
      path.push_back(leaf);
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, root));
      path.pop_back();
      if (!path.empty()) {
        path.pop_back();
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, root));
      }
    }
  }
}

TEST(ConsistencyProof, ProvesEveryPairOfTreesAndNothingElse) {
  const StoredTree stored(kLargest);
  for (std::uint64_t second = 0; second <= kLargest; ++second) {
    const Hash second_root = Definition(0, second);
    for (std::uint64_t first = 0; first <= second; ++first) {
      const Hash first_root = Definition(0, first);
      std::vector<Hash> path = ConsistencyProof(first, second, stored).value();
      ASSERT_TRUE(VerifyConsistency(first, second, path, first_root, second_root))
          << first << " " << second;
      EXPECT_FALSE(VerifyConsistency(first, second, path, Broken(first_root), second_root));
      if (first > 0) {
        EXPECT_FALSE(VerifyConsistency(first, second, path, first_root, Broken(second_root)));
      }
      EXPECT_FALSE(VerifyConsistency(second + 1, second, path, first_root, second_root));
      for (Hash& hash : path) {
        hash = Broken(hash);
        EXPECT_FALSE(VerifyConsistency(first, second, path, first_root, second_root));
        hash = Broken(hash);
      }
      path.push_back(first_root);
      EXPECT_FALSE(VerifyConsistency(first, second, path, first_root, second_root));
      path.pop_back();
      if (!path.empty()) {
        path.pop_back();
        EXPECT_FALSE(VerifyConsistency(first, second, path, first_root, second_root));
      }
    }
  }
}

// RFC 6962, section 2.1.3: the tree of seven leaves d0 to d6.
TEST(Proofs, AreThoseOfTheExampleInTheStandard) {
  const StoredTree stored(7);
  const auto leaf = [](std::uint64_t i) { return LeafHash(Record(i)); };
  const Hash g = NodeHash(leaf(0), leaf(1));
  const Hash h = NodeHash(leaf(2), leaf(3));
  const Hash i = NodeHash(leaf(4), leaf(5));
  const Hash k = NodeHash(g, h);
  const Hash l = NodeHash(i, leaf(6));
  using Path = std::vector<Hash>;
  EXPECT_THAT(InclusionProof(0, 7, stored), IsOkAndHolds(Path{leaf(1), h, l}));
  EXPECT_THAT(InclusionProof(3, 7, stored), IsOkAndHolds(Path{leaf(2), g, l}));
  EXPECT_THAT(InclusionProof(4, 7, stored), IsOkAndHolds(Path{leaf(5), leaf(6), k}));
  EXPECT_THAT(InclusionProof(6, 7, stored), IsOkAndHolds(Path{i, k}));
  EXPECT_THAT(ConsistencyProof(3, 7, stored), IsOkAndHolds(Path{leaf(2), leaf(3), g, l}));
  EXPECT_THAT(ConsistencyProof(4, 7, stored), IsOkAndHolds(Path{l}));
  EXPECT_THAT(ConsistencyProof(6, 7, stored), IsOkAndHolds(Path{i, leaf(6), k}));
}

TEST(Proofs, RefuseWhatDoesNotExist) {
  const StoredTree stored(7);
  EXPECT_THAT(InclusionProof(7, 7, stored), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(InclusionProof(0, 0, stored), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ConsistencyProof(8, 7, stored), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(InclusionProof(0, 100, stored), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ToHash("short"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ToHash(ToBytes(EmptyRoot())), IsOkAndHolds(EmptyRoot()));
}

}  // namespace
}  // namespace teraju::audit
