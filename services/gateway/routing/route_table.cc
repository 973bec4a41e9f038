#include "services/gateway/routing/route_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "common/errors/status_macros.h"
#include "common/errors/utf8.h"
#include "services/gateway/routing/uri.h"

namespace teraju::gateway {

struct RouteTable::Node {
  using Methods = std::map<std::string, const Route*, std::less<>>;
  using Verbs = std::map<std::string, Methods, std::less<>>;

  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> one;
  Verbs here;  // patterns that end at this node
  Verbs rest;  // patterns whose `**` begins below this node
};

RouteTable::RouteTable() = default;
RouteTable::RouteTable(RouteTable&&) noexcept = default;
RouteTable& RouteTable::operator=(RouteTable&&) noexcept = default;
RouteTable::~RouteTable() = default;

absl::StatusOr<RouteTable> RouteTable::Build(std::vector<Route> routes) {
  RouteTable table;
  table.root_ = std::make_unique<Node>();
  table.routes_ = std::make_unique<const std::vector<Route>>(std::move(routes));
  for (const Route& route : *table.routes_) {
    Node* node = table.root_.get();
    Node::Verbs* verbs = nullptr;
    for (const PathTemplate::Segment& segment : route.path.segments) {
      if (segment.wildcard == PathTemplate::Wildcard::kRest) {
        verbs = &node->rest;
        break;
      }
      std::unique_ptr<Node>& next = segment.wildcard == PathTemplate::Wildcard::kOne
                                        ? node->one
                                        : node->literals[segment.literal];
      if (next == nullptr) next = std::make_unique<Node>();
      node = next.get();
    }
    if (verbs == nullptr) verbs = &node->here;
    const auto [place, added] = (*verbs)[route.path.verb].emplace(route.http_method, &route);
    if (!added) {
      return absl::InvalidArgumentError(fmt::format("{} {} is claimed by {} and by {}",
                                                    route.http_method,
                                                    route.pattern,
                                                    place->second->method->full_name(),
                                                    route.method->full_name()));
    }
  }
  return table;
}

// One walk through the tree: finds the best route for the method, and on the way what other methods
// there would be.
struct RouteTable::Search {
  std::string_view http_method;
  std::vector<std::string_view> segments;
  std::string_view verb;
  bool whole_segment =
      false;  // the last segment keeps its colon: only for routes with colons in ids
  std::set<std::string, std::less<>> allowed;

  const Route* Visit(const Node& node, std::size_t at) {
    if (at == segments.size()) return Choose(node.here);
    if (segments[at].empty()) return nullptr;
    if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end()) {
      if (const Route* route = Visit(*literal->second, at + 1)) return route;
    }
    if (node.one != nullptr) {
      if (const Route* route = Visit(*node.one, at + 1)) return route;
    }
    return Choose(node.rest);
  }

  const Route* Choose(const Node::Verbs& verbs) {
    const auto methods = verbs.find(verb);
    if (methods == verbs.end()) return nullptr;
    const Route* chosen = nullptr;
    for (const auto& [method, route] : methods->second) {
      if (whole_segment && !route->colons_in_ids) continue;
      allowed.insert(method);
      if (method == http_method) chosen = route;
    }
    return chosen;
  }
};

namespace {

// The segments of a path that begins with `/`; nullopt where one is malformed or means another
// place.
std::optional<std::vector<std::string_view>> SplitPath(std::string_view path) {
  if (path.empty() || path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  std::vector<std::string_view> segments = Split(path, '/');
  for (const std::string_view segment : segments) {
    const std::optional<std::string> decoded = PercentDecode(segment);
    if (!decoded || *decoded == "." || *decoded == ".." || !IsValidUtf8(*decoded) ||
        HasControls(*decoded)) {
      return std::nullopt;
    }
  }
  return segments;
}

// Nullopt where a resource name hides a slash: two names would look alike to whoever reads the
// path.
std::optional<std::vector<Binding>> Bind(const Route& route,
                                         const std::vector<std::string_view>& segments) {
  std::vector<Binding> bindings;
  for (const PathTemplate::Variable& variable : route.path.variables) {
    const bool rest =
        route.path.segments[variable.end - 1].wildcard == PathTemplate::Wildcard::kRest;
    const std::size_t end = rest ? segments.size() : variable.end;
    std::string value;
    for (std::size_t i = variable.begin; i < end; ++i) {
      const std::optional<std::string> decoded = PercentDecode(segments[i]);
      if (!decoded || (variable.multiple && decoded->find('/') != std::string::npos))
        return std::nullopt;
      if (i > variable.begin) value.push_back('/');
      value += *decoded;
    }
    bindings.push_back({variable.field_path, std::move(value)});
  }
  return bindings;
}

}  // namespace

Lookup RouteTable::Find(std::string_view http_method, std::string_view path) const {
  const auto segments = SplitPath(path);
  if (!segments) return PathMalformed{};
  Search search{.http_method = http_method, .segments = *segments};
  const Route* route = nullptr;
  const std::size_t colon = search.segments.back().rfind(':');
  if (colon != std::string_view::npos) {
    search.verb = search.segments.back().substr(colon + 1);
    search.segments.back() = search.segments.back().substr(0, colon);
    if (!search.verb.empty()) route = search.Visit(*root_, 0);
    if (route == nullptr) {
      search.segments = *segments;
      search.verb = {};
      search.whole_segment = true;
      route = search.Visit(*root_, 0);
    }
  } else {
    route = search.Visit(*root_, 0);
  }
  if (route == nullptr) {
    if (search.allowed.empty()) return RouteUnknown{};
    return MethodNotAllowed{fmt::format("{}", fmt::join(search.allowed, ", "))};
  }
  auto bindings = Bind(*route, search.segments);
  if (!bindings) return PathMalformed{};
  return RouteMatch{route, *std::move(bindings)};
}

}  // namespace teraju::gateway
