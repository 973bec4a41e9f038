// A JSON text, read strictly (RFC 8259) and kept flat: one array of nodes in reading order. Numbers
// keep their text, so that no precision is lost before the field that takes them is known.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace teraju::gateway::json {

enum class Kind : std::uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

// One value. Its children, if any, follow it; `extent` counts the value itself and everything below
// it.
struct Node {
  Kind kind = Kind::kNull;
  std::uint32_t extent = 1;
  std::uint32_t size = 0;  // children
  std::string_view text;   // of a string (unescaped) or a number (as written)
  std::string_view key;    // where the parent is an object
};

class Document {
 public:
  static constexpr int kMaxDepth = 64;

  // BODY_INVALID for everything RFC 8259 does not allow, for a member that appears twice, for
  // invalid UTF-8 and for more than kMaxDepth levels. `text` must outlive the document.
  static absl::StatusOr<Document> Parse(std::string_view text);

  const Node* root() const { return nodes_.data(); }

 private:
  friend class DocumentBuilder;
  std::vector<Node> nodes_;
  std::unique_ptr<std::string> unescaped_;  // what could not stay in the text; never reallocated
};

// Walks the children of an array or object: `for (const Node& child : ChildrenOf(node))`.
class ChildrenOf {
 public:
  class Iterator {
   public:
    explicit Iterator(const Node* node) : node_(node) {}
    const Node& operator*() const { return *node_; }
    Iterator& operator++() {
      node_ += node_->extent;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Node* node_;
  };

  explicit ChildrenOf(const Node& parent) : parent_(parent) {}
  Iterator begin() const { return Iterator(&parent_ + 1); }
  Iterator end() const { return Iterator(&parent_ + parent_.extent); }

 private:
  const Node& parent_;
};

}  // namespace teraju::gateway::json
