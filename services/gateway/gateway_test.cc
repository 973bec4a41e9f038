// The whole gateway over the suite's real contract, with a stand-in for identity behind it.
#include "services/gateway/gateway.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <thread>

#include "absl/time/clock.h"
#include "common/auth/token_signer.h"
#include "common/testing/eventually.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/gateway/http/client_for_tests.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::gateway {
namespace {

namespace v1 = identity::v1;
using teraju::testing::IsOk;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kIssuer[] = "https://identity.test";

// Publishes keys once it is told to.
class OAuthService final : public v1::OAuth::Service {
 public:
  grpc::Status GetJwks(grpc::ServerContext*,
                       const v1::GetJwksRequest*,
                       google::api::HttpBody* body) override {
    if (!open) return {grpc::StatusCode::UNAVAILABLE, "not yet"};
    body->set_content_type("application/jwk-set+json");
    body->set_data(auth::MakeKeySetDocument({&signer}));
    return grpc::Status::OK;
  }
  auth::TokenSigner signer = auth::TokenSigner::Generate();
  std::atomic<bool> open = false;
};

class AgenciesService final : public v1::Agencies::Service {
 public:
  grpc::Status GetAgency(grpc::ServerContext*,
                         const v1::GetAgencyRequest* request,
                         v1::Agency* agency) override {
    entered = true;
    testing::Eventually([&] { return !held; });
    agency->set_name(request->name());
    return grpc::Status::OK;
  }
  std::atomic<bool> entered = false;
  std::atomic<bool> held = false;
};

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&oauth_);
    builder.RegisterService(&agencies_);
    identity_ = builder.BuildAndStart();
    Config config;
    config.metrics_address = "127.0.0.1";
    config.token_issuer = kIssuer;
    for (const char* service : {"identity", "catalog", "evaluation", "feedback", "training"}) {
      config.targets[service] = "ipv4:127.0.0.1:9";
    }
    config.targets["identity"] = "ipv4:127.0.0.1:" + std::to_string(port);
    config.drain = absl::Seconds(10);
    gateway_ = std::make_unique<Gateway>(std::move(config), logger_);
    EXPECT_THAT(gateway_->Start(*Contract::Embedded()), IsOk());
  }

  void Open() {
    oauth_.open = true;
    ASSERT_TRUE(testing::Eventually([&] { return gateway_->ready(); }));
  }
  std::string Authorized() const {
    return "Authorization: Bearer " +
           oauth_.signer.Sign({.issuer = kIssuer,
                               .principal = {.subject = "employees/1", .agency = AgencyId("city")},
                               .issue_time = absl::Now(),
                               .expire_time = absl::Now() + absl::Minutes(10)}) +
           "\r\n";
  }
  static std::string Send(int port, const std::string& line, const std::string& lines = "") {
    http::RawClient client(static_cast<std::uint16_t>(port));
    client.Send(line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + lines + "\r\n");
    return client.ReadToEnd();
  }
  std::string Send(const std::string& line, const std::string& lines = "") {
    return Send(gateway_->rest_port(), line, lines);
  }

  OAuthService oauth_;
  AgenciesService agencies_;
  std::unique_ptr<grpc::Server> identity_;
  logging::Logger logger_{"gateway", [](std::string_view) {}};
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, IsReadyOnceItKnowsTheIssuersKeys) {
  EXPECT_THAT(Send("GET /healthz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Send("GET /readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(Send(gateway_->metrics_port(), "GET /readyz"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(Send("GET /v1/agencies/city", Authorized()),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("DEPENDENCY_UNAVAILABLE")));
  Open();
  EXPECT_THAT(Send("GET /readyz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Send(gateway_->metrics_port(), "GET /readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(GatewayTest, ServesTheContract) {
  Open();
  EXPECT_THAT(Send("GET /v1/agencies/city", Authorized()),
              AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr(R"("name":"agencies/city")")));
  EXPECT_THAT(Send("GET /oauth2/jwks"),
              AllOf(HasSubstr("Content-Type: application/jwk-set+json"),
                    HasSubstr("Cache-Control: public"),
                    HasSubstr(R"({"keys":)")));
  EXPECT_THAT(Send("GET /v1/agencies/city/cycles", Authorized()),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr(R"("dependency":"evaluation")")));
  EXPECT_THAT(Send("GET /v1/operations/training/1", Authorized()),
              HasSubstr(R"("dependency":"training")"));
  EXPECT_THAT(Send("GET /v1/operations/nowhere/1", Authorized()),
              AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("ROUTE_UNKNOWN")));
  EXPECT_THAT(Send(gateway_->metrics_port(), "GET /metrics"),
              HasSubstr(R"(method="teraju.identity.v1.Agencies/GetAgency")"));
}

TEST_F(GatewayTest, ExplainsItsRefusals) {
  EXPECT_THAT(Send("GET /v1/agencies/city", "Accept-Language: en\r\n"),
              AllOf(StartsWith("HTTP/1.1 401 "),
                    HasSubstr(R"("reason":"TOKEN_MISSING")"),
                    HasSubstr("Sign in first")));
}

TEST_F(GatewayTest, DescribesItself) {
  const std::string answer = Send("GET /openapi.json");
  const auto document = boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  EXPECT_THAT(Send("POST /openapi.json"), StartsWith("HTTP/1.1 405 "));
}

TEST_F(GatewayTest, LosesNoCallWhenItGoes) {
  Open();
  agencies_.held = true;
  std::string answer;
  std::thread caller([&] { answer = Send("GET /v1/agencies/city", Authorized()); });
  EXPECT_TRUE(testing::Eventually([&] { return agencies_.entered.load(); }));
  std::thread drain([&] { gateway_->Drain(); });
  EXPECT_TRUE(testing::Eventually([&] { return !gateway_->ready(); }));
  agencies_.held = false;
  caller.join();
  drain.join();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_FALSE(http::RawClient(static_cast<std::uint16_t>(gateway_->rest_port())).connected());
}

}  // namespace
}  // namespace teraju::gateway
