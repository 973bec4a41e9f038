#include "common/auth/strict_json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace teraju::auth {
namespace {

using boost::json::error_code;
using boost::json::string_view;

constexpr std::size_t kMaxDepth = 8;

boost::json::parse_options Options() {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  return options;
}

// Boost.JSON's value keeps the last of repeated members; this handler sees them all.
class RepetitionFinder {
 public:
  // The names are Boost's.
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
  // NOLINTEND(readability-identifier-naming)

  bool on_object_begin(error_code&) {
    members_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    members_.pop_back();
    return true;
  }
  bool on_key_part(string_view part, std::size_t, error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(string_view part, std::size_t, error_code& error) {
    key_.append(part.data(), part.size());
    if (!members_.back().insert(std::exchange(key_, {})).second) error = boost::json::error::syntax;
    return !error;
  }
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_string_part(string_view, std::size_t, error_code&) { return true; }
  bool on_string(string_view, std::size_t, error_code&) { return true; }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, string_view, error_code&) { return true; }
  bool on_uint64(std::uint64_t, string_view, error_code&) { return true; }
  bool on_double(double, string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  std::vector<std::set<std::string>> members_;
  std::string key_;
};

}  // namespace

absl::StatusOr<boost::json::value> ParseStrictJson(std::string_view text) {
  error_code error;
  boost::json::basic_parser<RepetitionFinder> finder(Options());
  const std::size_t read = finder.write_some(false, text.data(), text.size(), error);
  if (error || read != text.size()) return absl::InvalidArgumentError("not strict JSON");
  boost::json::value value = boost::json::parse({text.data(), text.size()}, error, {}, Options());
  if (error) return absl::InvalidArgumentError("not strict JSON");
  return value;
}

}  // namespace teraju::auth
