#include "services/gateway/routing/http_rules.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/text_format.h"
#include "teraju/gateway/testing/v1/everything.pb.h"

namespace teraju::gateway {
namespace {

using teraju::testing::IsOk;
using ::testing::HasSubstr;

TEST(PathTemplate, ReadsTheGrammar) {
  const auto parsed = PathTemplate::Parse("/v1/{name=agencies/*/cycles/*}/x/{id}:close");
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->segments.size(), 7U);
  EXPECT_EQ(parsed->verb, "close");
  ASSERT_EQ(parsed->variables.size(), 2U);
  EXPECT_EQ(parsed->variables[0].begin, 1U);
  EXPECT_EQ(parsed->variables[0].end, 5U);
  EXPECT_TRUE(parsed->variables[0].multiple);
  EXPECT_FALSE(parsed->variables[1].multiple);
}

TEST(PathTemplate, RefusesWhatIsNoPattern) {
  for (const char* text : {"",
                           "v1",
                           "/",
                           "/v1/",
                           "/v1//x",
                           "/v1/{",
                           "/v1/{}",
                           "/v1/{a",
                           "/v1/{a=}",
                           "/v1/{a={b}}",
                           "/v1/**/x",
                           "/v1/x:",
                           "/v1/x:y/z",
                           "/v1/{a}}",
                           "/v1/{a=**}/x"}) {
    EXPECT_THAT(PathTemplate::Parse(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

TEST(RoutesOf, ReadsAdditionalBindingsAndMixins) {
  const auto routes = RoutesOf(
      {testing::v1::Book::descriptor()->file()->FindServiceByName("Library"),
       google::longrunning::Operation::descriptor()->file()->FindServiceByName("Operations")});
  ASSERT_THAT(routes, IsOk());
  std::vector<std::string> patterns;
  for (const Route& route : *routes) patterns.push_back(route.http_method + " " + route.pattern);
  EXPECT_THAT(patterns,
              ::testing::IsSupersetOf({"GET /v1/{name=shelves/*/books/*}",
                                       "GET /v1/books/{name}:byTitle",
                                       "GET /v1/{name=operations/*}",
                                       "POST /v1/{name=operations/*/*}:cancel"}));
  // What no service offers has no route.
  EXPECT_THAT(
      patterns,
      ::testing::Not(::testing::Contains(::testing::StartsWith("DELETE /v1/{name=operations"))));
}

// A service whose only method has the given rule; the messages are Book's and LendBookRequest's.
std::string Fault(const std::string& method) {
  google::protobuf::FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(name: "f.proto"
           package: "f"
           syntax: "proto3"
           dependency: "teraju/gateway/testing/v1/everything.proto"
           dependency: "google/api/annotations.proto"
           service { name: "S"
                     method { name: "M")pb" +
          method + "} }",
      &file));
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  return built == nullptr ? "does not build"
                          : std::string(RoutesOf({built->service(0)}).status().message());
}

TEST(RoutesOf, NamesTheMethodWithAWrongRule) {
  const std::string types = R"pb(input_type: ".teraju.gateway.testing.v1.UpdateBookRequest"
                                 output_type: ".teraju.gateway.testing.v1.Book")pb";
  const auto with = [&](const std::string& rule) {
    return Fault(types + "options { [google.api.http] {" + rule + "} }");
  };
  EXPECT_EQ(with(R"(patch: "/v1/{book.name=a/*}" body: "book")"), "");
  EXPECT_THAT(with(R"(get: "/v1/{nope}")"),
              HasSubstr("f.S.M: GET /v1/{nope}: nope is no scalar field"));
  EXPECT_THAT(with(R"(get: "/v1/{book}")"), HasSubstr("no scalar field"));
  EXPECT_THAT(with(R"(post: "/v1/x" body: "nope")"), HasSubstr("the body nope"));
  EXPECT_THAT(with(R"(get: "/v1/x" body: "*")"), HasSubstr("takes no body"));
  EXPECT_THAT(with(R"(get: "/v1/x" response_body: "name")"), HasSubstr("response_body"));
  EXPECT_THAT(Fault(types + R"pb(client_streaming: true
                                 options {
                                   [google.api.http] { post: "/v1/x" body: "book" }
                                 })pb"),
              HasSubstr("only uploads"));
  EXPECT_THAT(Fault(types + R"pb(server_streaming: true
                                 options {
                                   [google.api.http] { get: "/v1/x" }
                                 })pb"),
              HasSubstr("only downloads"));
}

}  // namespace
}  // namespace teraju::gateway
