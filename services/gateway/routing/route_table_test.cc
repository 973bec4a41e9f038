#include "services/gateway/routing/route_table.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/gateway/routing/http_rules.h"
#include "teraju/gateway/testing/v1/everything.pb.h"

namespace teraju::gateway {
namespace {

using teraju::testing::StatusIs;

// What Find answers, as text: `Method field=value`, `unknown`, `malformed` or `allow METHODS`.
std::string Show(const Lookup& lookup) {
  if (const auto* match = std::get_if<RouteMatch>(&lookup)) {
    std::string text = match->route->method->name();
    for (const Binding& binding : match->bindings)
      text += " " + std::string(binding.field_path) + "=" + binding.value;
    return text;
  }
  if (const auto* not_allowed = std::get_if<MethodNotAllowed>(&lookup))
    return "allow " + not_allowed->allowed;
  return std::holds_alternative<PathMalformed>(lookup) ? "malformed" : "unknown";
}

const google::protobuf::ServiceDescriptor* Library() {
  return ::teraju::gateway::testing::v1::Book::descriptor()->file()->FindServiceByName("Library");
}

std::string Find(std::string_view method, std::string_view path) {
  static const RouteTable table = RouteTable::Build(RoutesOf({Library()}).value()).value();
  return Show(table.Find(method, path));
}

// A table of bare patterns; the routes are named by methods of the tests' service, which do not
// matter.
std::string FindIn(const std::vector<std::pair<std::string, std::string>>& patterns,
                   std::string_view method,
                   std::string_view path) {
  std::vector<Route> routes;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    routes.push_back({.method = Library()->method(static_cast<int>(i)),
                      .http_method = patterns[i].first,
                      .pattern = patterns[i].second,
                      .path = PathTemplate::Parse(patterns[i].second).value()});
  }
  const RouteTable table = RouteTable::Build(std::move(routes)).value();
  const Lookup found = table.Find(method, path);
  const auto* match = std::get_if<RouteMatch>(&found);
  return match != nullptr ? match->route->pattern : Show(found);
}

TEST(Find, BindsResourceNames) {
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/2"), "GetBook name=shelves/1/books/2");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books"), "ListBooks parent=shelves/1");
  EXPECT_EQ(Find("PATCH", "/v1/shelves/1/books/2"), "UpdateBook book.name=shelves/1/books/2");
  EXPECT_EQ(Find("DELETE", "/v1/shelves/1/books/2"), "DeleteBook name=shelves/1/books/2");
  EXPECT_EQ(Find("POST", "/v1/shelves/1/books/2/scans/front:upload"),
            "UploadScan parent=shelves/1/books/2 kind=front");
}

TEST(Find, TakesTheVerbBehindTheLastColonOfTheLastSegment) {
  EXPECT_EQ(Find("POST", "/v1/shelves/1/books/2:lend"), "LendBook name=shelves/1/books/2");
  EXPECT_EQ(Find("POST", "/v1/shelves/a:b/books/2:lend"), "LendBook name=shelves/a:b/books/2");
  EXPECT_EQ(Find("POST", "/v1/shelves/1/books/x:y:lend"), "LendBook name=shelves/1/books/x:y");
  EXPECT_EQ(Find("GET", "/v1/books/x:byTitle"), "GetBook name=x");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/x%3Alend"), "GetBook name=shelves/1/books/x:lend");
  EXPECT_EQ(Find("POST", "/v1/shelves/1/books/2:nope"), "unknown");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/2:nope"), "unknown");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/2:"), "unknown");
  EXPECT_EQ(Find("POST", "/v1/opinions:submit"), "SubmitOpinion");
}

TEST(Find, LetsForeignIdsKeepTheirColons) {
  EXPECT_EQ(Find("GET", "/foreign/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
            "ForeignGet id=urn:ietf:params:scim:schemas:core:2.0:User");
}

TEST(Find, TellsAMissingMethodFromAMissingPath) {
  EXPECT_EQ(Find("PUT", "/v1/shelves/1/books/2"), "allow DELETE, GET, PATCH");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/2:lend"), "allow POST");
  EXPECT_EQ(Find("GET", "/v1/nothing"), "unknown");
  EXPECT_EQ(Find("GET", "/"), "unknown");
  EXPECT_EQ(Find("GET", "/v1/shelves/1/books/"), "unknown");
  EXPECT_EQ(Find("GET", "/v1/shelves//books/2"), "unknown");
  EXPECT_EQ(Find("GET", "//v1/shelves/1/books/2"), "unknown");
  EXPECT_EQ(Find("GET", "/V1/shelves/1/books/2"), "unknown");
  EXPECT_EQ(Find("get", "/v1/shelves/1/books/2"), "allow DELETE, GET, PATCH");
}

TEST(Find, RefusesPathsThatMeanAnotherPlace) {
  for (const char* path : {"/v1/shelves/../books/2",
                           "/v1/shelves/%2e%2E/books/2",
                           "/v1/shelves/./books/2",
                           "v1",
                           "",
                           "/v1/shelves/%/books/2",
                           "/v1/shelves/%00/books/2",
                           "/v1/shelves/%ff/books/2",
                           "/v1/shelves/1%2Fbooks/books/2",
                           "/v1/shelves/%0a/books/2"}) {
    EXPECT_EQ(Find("GET", path), "malformed") << path;
  }
  EXPECT_EQ(Find("GET", "/v1/books/a%2Fb:byTitle"),
            "GetBook name=a/b");  // one id, not a resource name
}

TEST(Find, PrefersLiteralsAndComesBackFromDeadEnds) {
  const std::vector<std::pair<std::string, std::string>> patterns = {{"GET", "/v1/{name=a/*/c}"},
                                                                     {"GET", "/v1/a/b/{x=d}"},
                                                                     {"GET", "/v1/{name=**}"},
                                                                     {"GET", "/v1/{name=a/*}:go"},
                                                                     {"POST", "/v1/{name=a/b}"}};
  EXPECT_EQ(FindIn(patterns, "GET", "/v1/a/b/c"), "/v1/{name=a/*/c}");
  EXPECT_EQ(FindIn(patterns, "GET", "/v1/a/b/d"), "/v1/a/b/{x=d}");
  EXPECT_EQ(FindIn(patterns, "GET", "/v1/a/b/e"), "/v1/{name=**}");
  EXPECT_EQ(FindIn(patterns, "GET", "/v1/a/b"), "/v1/{name=**}");
  EXPECT_EQ(FindIn(patterns, "GET", "/v1/a/b:go"), "/v1/{name=a/*}:go");
  EXPECT_EQ(FindIn(patterns, "POST", "/v1/a/b"), "/v1/{name=a/b}");
  EXPECT_EQ(FindIn(patterns, "PUT", "/v1/a/b"), "allow GET, POST");
}

TEST(Build, RefusesTwoRoutesForOneRequest) {
  std::vector<Route> routes(2,
                            {.method = Library()->method(0),
                             .http_method = "GET",
                             .pattern = "/v1/{name=a/*}",
                             .path = PathTemplate::Parse("/v1/{name=a/*}").value()});
  routes[1].path = PathTemplate::Parse("/v1/a/{other}").value();
  EXPECT_THAT(RouteTable::Build(std::move(routes)), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju::gateway
