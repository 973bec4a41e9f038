// The description of the whole suite, as this build serves it.
#include "services/gateway/openapi/document.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <functional>
#include <set>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/gateway/json/codec.h"
#include "services/gateway/routing/http_rules.h"

namespace teraju::gateway {
namespace {

namespace json_text = boost::json;
using teraju::testing::IsOk;

class OpenApiTest : public ::testing::Test {
 protected:
  const std::unique_ptr<const Contract> embedded_ = Contract::Embedded();
  const Contract& contract_ = *embedded_;
  const json::Codec codec_{contract_.files(),
                           *google::protobuf::MessageFactory::generated_factory()};
  const RouteTable routes_ = RouteTable::Build(RoutesOf(contract_.services()).value()).value();
  const Methods methods_ = Methods::Of(contract_.services(), codec_.plans()).value();
  const absl::StatusOr<std::string> text_ = MakeOpenApi(contract_, routes_, methods_, "1.2.3");
};

// Calls `visit` for every object in the document.
void Walk(const json_text::value& value,
          const std::function<void(const json_text::object&)>& visit) {
  if (const auto* object = value.if_object()) {
    visit(*object);
    for (const auto& member : *object) Walk(member.value(), visit);
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) Walk(element, visit);
  }
}

TEST_F(OpenApiTest, DescribesEveryRouteOfEveryService) {
  ASSERT_THAT(text_, IsOk());
  const json_text::value document = json_text::parse(*text_);
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  std::size_t operations = 0;
  for (const auto& path : document.at("paths").as_object())
    operations += path.value().as_object().size();
  EXPECT_EQ(operations, routes_.routes().size());
  EXPECT_GT(operations, 100U);
  std::set<std::string> packages;
  for (const Route& route : routes_.routes()) packages.insert(route.method->file()->package());
  EXPECT_THAT(packages,
              ::testing::IsSupersetOf({"teraju.identity.v1",
                                       "teraju.catalog.v1",
                                       "teraju.evaluation.v1",
                                       "teraju.feedback.v1",
                                       "teraju.training.v1",
                                       "teraju.changes.v1",
                                       "teraju.audit.v1",
                                       "google.longrunning"}));
}

// Whoever adds a method to a service finds it here without a change to the gateway.
TEST_F(OpenApiTest, HasARouteForEveryMethod) {
  std::set<const google::protobuf::MethodDescriptor*> routed;
  for (const Route& route : routes_.routes()) routed.insert(route.method);
  for (const auto* service : contract_.services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      // Polled instead; offered by no service.
      if (std::set<std::string>{"WaitOperation", "DeleteOperation"}.contains(
              service->method(i)->name()))
        continue;
      EXPECT_TRUE(routed.contains(service->method(i))) << service->method(i)->full_name();
      EXPECT_NE(methods_.Find("/" + service->full_name() + "/" + service->method(i)->name()),
                nullptr);
    }
  }
}

TEST_F(OpenApiTest, RefersOnlyToWhatItDefines) {
  ASSERT_THAT(text_, IsOk());
  const json_text::value document = json_text::parse(*text_);
  std::size_t references = 0;
  Walk(document, [&](const json_text::object& object) {
    const json_text::value* reference = object.if_contains("$ref");
    if (reference == nullptr) return;
    ++references;
    const std::string pointer = std::string(reference->as_string()).substr(1);
    boost::system::error_code error;
    EXPECT_NE(document.find_pointer(pointer, error), nullptr) << pointer;
  });
  EXPECT_GT(references, 100U);
}

TEST_F(OpenApiTest, DeclaresEveryPathParameterOnce) {
  ASSERT_THAT(text_, IsOk());
  const json_text::value document = json_text::parse(*text_);
  std::set<std::string> ids;
  for (const auto& path : document.at("paths").as_object()) {
    const std::string template_text(path.key());
    for (const auto& item : path.value().as_object()) {
      const json_text::object& operation = item.value().as_object();
      EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second)
          << template_text;
      std::set<std::string> declared;
      if (const auto* parameters = operation.if_contains("parameters")) {
        for (const auto& parameter : parameters->as_array()) {
          if (parameter.at("in").as_string() != "path") continue;
          const std::string name(parameter.at("name").as_string());
          EXPECT_TRUE(declared.insert(name).second) << template_text << " " << name;
          EXPECT_NE(template_text.find("{" + name + "}"), std::string::npos)
              << template_text << " " << name;
        }
      }
      EXPECT_EQ(
          declared.size(),
          static_cast<std::size_t>(std::count(template_text.begin(), template_text.end(), '{')));
    }
  }
}

TEST_F(OpenApiTest, CarriesTheContractsComments) {
  for (const auto* service : contract_.services()) {
    if (service->file()->package() == "google.longrunning") continue;
    EXPECT_NE(contract_.CommentOf(service), "") << service->full_name();
  }
  EXPECT_THAT(*text_, ::testing::HasSubstr("Closes a cycle"));
}

TEST_F(OpenApiTest, NamesParametersAfterTheirCollections) {
  std::set<std::string> paths;
  for (const Route& route : routes_.routes()) paths.insert(ConcretePath(route));
  EXPECT_THAT(paths,
              ::testing::IsSupersetOf({"/v1/operations/{service}/{operation}",
                                       "/v1/operations/{service}/{operation}:cancel",
                                       "/v1/changes/{service}",
                                       "/v1/agencies/{agency}/importJobs/{importJob}:run"}));
}

}  // namespace
}  // namespace teraju::gateway
