#include "services/gateway/json/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "common/errors/error.h"

namespace teraju::gateway::json {
namespace {

using boost::json::error_code;

// Small objects are compared pair by pair; larger ones are sorted first.
constexpr std::uint32_t kPairwise = 12;

}  // namespace

// The handler of Boost.JSON's parser: it gets the events of the grammar and lays the nodes down.
class DocumentBuilder {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the parser asks for these names.
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);
  // NOLINTEND(readability-identifier-naming)

  DocumentBuilder(std::string_view input, Document& document) : input_(input), document_(document) {
    document_.unescaped_ = std::make_unique<std::string>();
    document_.nodes_.reserve(std::min<std::size_t>(input.size() / 8 + 4, 4096));
  }

  // The member that appeared twice, if one did.
  const std::optional<std::string>& duplicate() const { return duplicate_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return Open(Kind::kObject); }
  bool on_array_begin(error_code&) { return Open(Kind::kArray); }
  bool on_array_end(std::size_t size, error_code&) { return Close(size); }
  bool on_object_end(std::size_t size, error_code& ec) {
    const std::size_t at = open_.back();
    Close(size);
    if (!FindDuplicate(document_.nodes_[at])) return true;
    ec = boost::json::make_error_code(boost::json::error::syntax);
    return false;
  }
  bool on_key_part(std::string_view part, std::size_t, error_code&) { return Part(part); }
  bool on_key(std::string_view part, std::size_t, error_code&) {
    key_ = Whole(part);
    return true;
  }
  bool on_string_part(std::string_view part, std::size_t, error_code&) { return Part(part); }
  bool on_string(std::string_view part, std::size_t, error_code&) {
    const std::string_view text = Whole(part);
    Add(Kind::kString).text = text;
    return true;
  }
  bool on_number_part(std::string_view, error_code&) {
    return true;
  }  // never: the text is given whole
  bool on_int64(std::int64_t, std::string_view text, error_code&) { return Number(text); }
  bool on_uint64(std::uint64_t, std::string_view text, error_code&) { return Number(text); }
  bool on_double(double, std::string_view text, error_code&) { return Number(text); }
  bool on_bool(bool value, error_code&) {
    Add(value ? Kind::kTrue : Kind::kFalse);
    return true;
  }
  bool on_null(error_code&) {
    Add(Kind::kNull);
    return true;
  }
  bool on_comment_part(std::string_view, error_code&) { return false; }
  bool on_comment(std::string_view, error_code&) { return false; }

 private:
  Node& Add(Kind kind) {
    if (!open_.empty()) ++document_.nodes_[open_.back()].size;
    Node& node = document_.nodes_.emplace_back();
    node.kind = kind;
    node.key = std::exchange(key_, {});
    return node;
  }

  bool Open(Kind kind) {
    Add(kind);
    open_.push_back(document_.nodes_.size() - 1);
    return true;
  }

  bool Close(std::size_t) {
    Node& node = document_.nodes_[open_.back()];
    node.extent = static_cast<std::uint32_t>(document_.nodes_.size() - open_.back());
    open_.pop_back();
    return true;
  }

  bool Number(std::string_view text) {
    Add(Kind::kNumber).text = text;
    return true;
  }

  bool InInput(std::string_view part) const {
    return std::greater_equal<>()(part.data(), input_.data()) &&
           std::less_equal<>()(part.data() + part.size(), input_.data() + input_.size());
  }

  // A text with escapes arrives in parts. What was unescaped is never longer than the input, so
  // reserving once keeps every earlier view valid.
  bool Part(std::string_view part) {
    std::string& store = *document_.unescaped_;
    if (store.capacity() < input_.size()) store.reserve(input_.size());
    if (!in_parts_) part_begin_ = store.size();
    in_parts_ = true;
    store.append(part);
    return true;
  }

  std::string_view Whole(std::string_view part) {
    if (!in_parts_ && InInput(part)) return part;
    Part(part);
    in_parts_ = false;
    return std::string_view(*document_.unescaped_).substr(part_begin_);
  }

  bool FindDuplicate(const Node& object) {
    if (object.size < 2) return false;
    if (object.size <= kPairwise) {
      for (const Node& a : ChildrenOf(object)) {
        for (const Node* b = &a + a.extent; b < &object + object.extent; b += b->extent) {
          if (a.key == b->key) return Duplicate(a.key);
        }
      }
      return false;
    }
    std::vector<std::string_view> keys;
    keys.reserve(object.size);
    for (const Node& child : ChildrenOf(object)) keys.push_back(child.key);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    return twice != keys.end() && Duplicate(*twice);
  }

  bool Duplicate(std::string_view key) {
    duplicate_ = std::string(key.substr(0, 64));
    return true;
  }

  std::string_view input_;
  Document& document_;
  std::vector<std::size_t> open_;
  std::string_view key_;
  std::optional<std::string> duplicate_;
  std::size_t part_begin_ = 0;
  bool in_parts_ = false;
};

absl::StatusOr<Document> Document::Parse(std::string_view text) {
  Document document;
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::basic_parser<DocumentBuilder> parser(options, text, document);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used == text.size()) return document;

  std::string detail;
  if (parser.handler().duplicate()) {
    detail = fmt::format("member \"{}\" appears twice", *parser.handler().duplicate());
  } else if (ec == boost::json::error::too_deep) {
    detail = fmt::format("deeper than {} levels", kMaxDepth);
  } else {
    detail = fmt::format("{} at byte {}", ec ? ec.message() : "text after the value", used);
  }
  return errors::InvalidArgument(errors::reasons::BODY_INVALID,
                                 fmt::format("Not valid JSON: {}.", detail))
      .With("detail", detail);
}

}  // namespace teraju::gateway::json
