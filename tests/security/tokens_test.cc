// S02 over the running suite: hostile tokens, signed with identity's own key where they are signed
// at all, sent to the gateway over REST and gRPC and to a service behind it.
#include <algorithm>
#include <ctime>
#include <optional>

#include "common/auth/token_attacks.h"
#include "common/testing/check_line.h"
#include "gtest/gtest.h"
#include "pqxx/pqxx"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "tests/harness/grpc_client.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

constexpr char kListGoals[] = "teraju.catalog.v1.Goals/ListGoals";

// What a header can carry at all: other tokens do not reach a verifier. Blanks at the ends are no
// part of a header's value, and without a token the words are others.
bool FitsIntoAHeader(const std::string& token) {
  return !token.empty() && token.size() <= 8000 && token.front() != ' ' && token.back() != ' ' &&
         std::all_of(token.begin(), token.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

class Tokens : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.services = {"identity", "catalog", "gateway"};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-dumai", "Kota Uji");
    pqxx::connection connection(suite_->Dsn("identity"));
    pqxx::nontransaction tx(connection);
    const auto pem = tx.exec("SELECT private_key_pem FROM signing_keys ORDER BY sign_time")[0][0];
    auto signer = auth::TokenSigner::FromPem(logging::Secret(pem.as<std::string>()));
    ASSERT_TRUE(signer.ok());
    signer_.emplace(*std::move(signer));
    request_.set_parent(town_->agency());
  }

  scenarios::Answer Rest(const std::string& token) {
    simulation::Caller caller;
    caller.access_token = token;
    caller.expires_at = std::time(nullptr) + 3600;
    return town_->rest().Try("GET", &caller, "/v1/" + town_->agency() + "/goals", nullptr);
  }
  harness::GrpcAnswer Grpc(const std::string& port, const std::string& token) {
    return harness::GrpcClient(port).Call(kListGoals, token, request_);
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  std::optional<auth::TokenSigner> signer_;
  catalog::v1::ListGoalsRequest request_;
};

// Reason and message of an error, all that must be the same for every one of them.
std::string WordsOf(const scenarios::Answer& answer) {
  return std::to_string(answer.status) + answer.Text("/error/status") +
         answer.Text("/error/message") + answer.Text("/error/details/0/reason");
}

TEST_F(Tokens, ThatNobodyMustBelieveAreRefusedEverywhereInTheSameWords) {
  testing::CheckLine line("S02", "hostile tokens believed, or refused in other words", "0");
  // Half a minute ahead, within the leeway: so long the edges of time stay where the list has them.
  const auth::TokenAttacks attacks(*signer_, "https://identity.teraju", std::time(nullptr) + 30);
  const std::vector<std::string> ports = {suite_->grpc_port(), suite_->port("catalog")};
  int sent = 0;
  int wrong = 0;
  std::string first;
  for (const auto& [name, token] : attacks.All()) {
    if (!FitsIntoAHeader(token)) continue;
    const scenarios::Answer answer = Rest(token);
    if (first.empty()) first = WordsOf(answer);
    bool right = answer.status == 401 && WordsOf(answer) == first &&
                 answer.Text("/error/details/0/reason") == "TOKEN_INVALID";
    EXPECT_TRUE(right) << name << ": " << WordsOf(answer);
    for (const std::string& port : ports) {
      const harness::GrpcAnswer told = Grpc(port, token);
      const bool refused = told.code == 16 && told.reason == "TOKEN_INVALID";
      EXPECT_TRUE(refused) << name << " at " << port << ": " << told.code << " " << told.reason;
      right = right && refused;
    }
    ++sent;
    wrong += right ? 0 : 1;
  }
  EXPECT_GE(sent, 150);
  // The control: what all of them were made from is believed by all three.
  EXPECT_EQ(Rest(attacks.Good()).status, 200);
  for (const std::string& port : ports) EXPECT_TRUE(Grpc(port, attacks.Good()).ok()) << port;
  line.Set(wrong, sent);
}

}  // namespace
}  // namespace teraju::security
