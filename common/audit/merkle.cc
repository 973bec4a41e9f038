#include "common/audit/merkle.h"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

constexpr char kLeafPrefix = 0x00;
constexpr char kNodePrefix = 0x01;

Hash Sha256(std::string_view bytes) {
  Hash hash;
  EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
  return hash;
}

absl::Status Refuse(std::string_view why) {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, why);
}

// A range of leaves, [begin, begin + size). RFC 6962 splits it at the largest power of two below
// its size.
struct Range {
  std::uint64_t begin;
  std::uint64_t size;

  Range Left() const { return {begin, std::bit_floor(size - 1)}; }
  Range Right() const { return {begin + Left().size, size - Left().size}; }
};

absl::StatusOr<Hash> HashOf(Range range, NodeReader read) {
  if (std::has_single_bit(range.size)) {
    const int level = std::countr_zero(range.size);
    return read({level, range.begin >> level});
  }
  ASSIGN_OR_RETURN(const Hash left, HashOf(range.Left(), read));
  ASSIGN_OR_RETURN(const Hash right, HashOf(range.Right(), read));
  return NodeHash(left, right);
}

// PATH of the RFC, with the leaf's index in the whole tree.
absl::Status AppendPath(std::uint64_t index,
                        Range range,
                        NodeReader read,
                        std::vector<Hash>& path) {
  if (range.size == 1) return absl::OkStatus();
  const bool on_the_left = index < range.Right().begin;
  RETURN_IF_ERROR(AppendPath(index, on_the_left ? range.Left() : range.Right(), read, path));
  ASSIGN_OR_RETURN(path.emplace_back(), HashOf(on_the_left ? range.Right() : range.Left(), read));
  return absl::OkStatus();
}

// SUBPROOF of the RFC: the first `first` leaves of `range`; `whole` while the old tree is this very
// subtree.
absl::Status AppendSubproof(
    std::uint64_t first, Range range, bool whole, NodeReader read, std::vector<Hash>& path) {
  if (first == range.size) {
    if (whole) return absl::OkStatus();
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(range, read));
    return absl::OkStatus();
  }
  const Range left = range.Left();
  const Range right = range.Right();
  if (first <= left.size) {
    RETURN_IF_ERROR(AppendSubproof(first, left, whole, read, path));
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(right, read));
  } else {
    RETURN_IF_ERROR(AppendSubproof(first - left.size, right, false, read, path));
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(left, read));
  }
  return absl::OkStatus();
}

bool IsOdd(std::uint64_t number) { return (number & 1) != 0; }

}  // namespace

Hash EmptyRoot() { return Sha256(""); }

Hash LeafHash(std::string_view record) {
  return Sha256(std::string(1, kLeafPrefix).append(record));
}

Hash NodeHash(const Hash& left, const Hash& right) {
  return Sha256(std::string(1, kNodePrefix).append(ToBytes(left)).append(ToBytes(right)));
}

std::string ToBytes(const Hash& hash) { return {hash.begin(), hash.end()}; }

absl::StatusOr<Hash> ToHash(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.size()) return Refuse("A hash has 32 bytes.");
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

absl::StatusOr<CompactTree> CompactTree::Restore(std::uint64_t size, std::vector<Hash> peaks) {
  if (static_cast<int>(peaks.size()) != std::popcount(size)) {
    return Refuse("A tree has one full subtree for each bit of its size.");
  }
  CompactTree tree;
  tree.size_ = size;
  tree.peaks_ = std::move(peaks);
  return tree;
}

std::vector<Node> CompactTree::Append(const Hash& leaf) {
  std::vector<Node> full = {{{0, size_}, leaf}};
  // Each trailing 1 bit of the old size is a full subtree of the height that the new one has
  // reached.
  for (std::uint64_t rest = size_; IsOdd(rest); rest >>= 1) {
    const Node& last = full.back();
    const NodeId parent = {last.id.level + 1, last.id.index >> 1};
    const Hash hash = NodeHash(peaks_.back(), last.hash);
    peaks_.pop_back();
    full.push_back({parent, hash});
  }
  peaks_.push_back(full.back().hash);
  ++size_;
  return full;
}

Hash CompactTree::Root() const {
  if (peaks_.empty()) return EmptyRoot();
  Hash root = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) root = NodeHash(*peak, root);
  return root;
}

std::vector<NodeId> PeaksOf(std::uint64_t size) {
  std::vector<NodeId> peaks;
  for (std::uint64_t begin = 0; begin < size;) {
    const std::uint64_t leaves = std::bit_floor(size - begin);
    const int level = std::countr_zero(leaves);
    peaks.push_back({level, begin >> level});
    begin += leaves;
  }
  return peaks;
}

absl::StatusOr<Hash> RootOf(std::uint64_t size, NodeReader read) {
  if (size == 0) return EmptyRoot();
  return HashOf({0, size}, read);
}

absl::StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index,
                                                 std::uint64_t size,
                                                 NodeReader read) {
  if (index >= size) return Refuse("A leaf lies within its tree.");
  std::vector<Hash> path;
  RETURN_IF_ERROR(AppendPath(index, {0, size}, read, path));
  return path;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t first,
                                                   std::uint64_t second,
                                                   NodeReader read) {
  if (first > second) return Refuse("The older tree is not larger than the newer one.");
  std::vector<Hash> path;
  if (first > 0) RETURN_IF_ERROR(AppendSubproof(first, {0, second}, true, read, path));
  return path;
}

bool VerifyInclusion(const Hash& leaf,
                     std::uint64_t index,
                     std::uint64_t size,
                     std::span<const Hash> path,
                     const Hash& root) {
  if (index >= size) return false;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : path) {
    if (last == 0) return false;
    if (IsOdd(index) || index == last) {
      hash = NodeHash(sibling, hash);
      while (!IsOdd(index) && index != 0) {
        index >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    index >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool VerifyConsistency(std::uint64_t first,
                       std::uint64_t second,
                       std::span<const Hash> path,
                       const Hash& first_root,
                       const Hash& second_root) {
  if (first > second) return false;
  if (first == 0) return path.empty() && first_root == EmptyRoot();
  if (first == second) return path.empty() && first_root == second_root;
  std::vector<Hash> hashes(path.begin(), path.end());
  // An old tree that is one full subtree is not repeated in the proof.
  if (std::has_single_bit(first)) hashes.insert(hashes.begin(), first_root);
  if (hashes.empty()) return false;
  std::uint64_t index = first - 1;
  std::uint64_t last = second - 1;
  for (; IsOdd(index); index >>= 1) last >>= 1;
  Hash old_hash = hashes.front();
  Hash new_hash = hashes.front();
  for (const Hash& sibling : std::span(hashes).subspan(1)) {
    if (last == 0) return false;
    if (IsOdd(index) || index == last) {
      old_hash = NodeHash(sibling, old_hash);
      new_hash = NodeHash(sibling, new_hash);
      while (!IsOdd(index) && index != 0) {
        index >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = NodeHash(new_hash, sibling);
    }
    index >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == first_root && new_hash == second_root;
}

}  // namespace teraju::audit
