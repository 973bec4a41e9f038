// Which method answers an HTTP request: a tree over path segments, built once from descriptors,
// then only read.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/routing/path_template.h"

namespace teraju::gateway {

// One binding of a method to a pattern.
struct Route {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string http_method;
  std::string pattern;  // as written
  PathTemplate path;
  std::string body;           // empty: no body; `*`: the whole request; else a field
  std::string response_body;  // empty: the whole response
  // Foreign formats (unary google.api.HttpBody) have ids with colons in them, such as SCIM's
  // schemas. Everywhere else a colon in the last segment begins a verb, and ids write it as %3A.
  bool colons_in_ids = false;
};

struct Binding {
  std::string_view field_path;
  std::string value;
};

struct RouteMatch {
  const Route* route = nullptr;
  std::vector<Binding> bindings;
};
struct RouteUnknown {};
// The path exists with these methods only, in the form of the Allow header.
struct MethodNotAllowed {
  std::string allowed;
};
// The path itself is malformed: a bad escape, a `..`, an encoded slash inside a resource name.
struct PathMalformed {};
using Lookup = std::variant<RouteMatch, RouteUnknown, MethodNotAllowed, PathMalformed>;

class RouteTable {
 public:
  // Fails where two routes claim the same requests.
  static absl::StatusOr<RouteTable> Build(std::vector<Route> routes);

  RouteTable(RouteTable&&) noexcept;
  RouteTable& operator=(RouteTable&&) noexcept;
  ~RouteTable();

  // `path` is the target up to its `?`, as sent. Literals win over `*`, `*` over `**`. Thread-safe.
  Lookup Find(std::string_view http_method, std::string_view path) const;

  const std::vector<Route>& routes() const { return *routes_; }

 private:
  struct Node;
  struct Search;
  RouteTable();

  std::unique_ptr<const std::vector<Route>> routes_;
  std::unique_ptr<Node> root_;
};

}  // namespace teraju::gateway
