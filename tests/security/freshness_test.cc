// S05 and S07 over the running suite: keys change under load without a refused call, and what was
// taken away works nowhere once that has been answered.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "common/auth/encoding.h"
#include "common/auth/token_signer.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "pqxx/pqxx"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "tests/harness/grpc_client.h"
#include "tests/harness/http_get.h"
#include "tests/harness/load.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;
using testing::Eventually;

constexpr char kListGoals[] = "teraju.catalog.v1.Goals/ListGoals";
constexpr int kWorkers = 16;

// Two replicas of identity and of a service, and a town.
class Freshness : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.services = {"identity", "catalog", "gateway"};
    options.replicas = {{"identity", 2}, {"catalog", 2}};
    options.settings = {{"TERAJU_IDENTITY_SIGNING_KEY_LEAD_SECONDS", "2"},
                        {"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                        {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-uji", "Kota Uji");
    request_.set_parent(town_->agency());
    for (const std::string& replica : suite_->Replicas("catalog"))
      catalogs_.push_back(std::make_unique<harness::GrpcClient>(suite_->port(replica)));
    ASSERT_TRUE(Eventually(
        [&] {
          for (const auto& catalog : catalogs_) {
            if (!catalog->Call(kListGoals, town_->hr().access_token, request_).ok()) return false;
          }
          return true;
        },
        absl::Seconds(30)));
  }

  // A connection of one worker's own.
  std::unique_ptr<simulation::RestClient> Rest() {
    return std::make_unique<simulation::RestClient>("127.0.0.1", suite_->rest_port(), tally_);
  }
  harness::GrpcAnswer AtCatalog(int replica, const std::string& token) {
    return catalogs_[replica]->Call(kListGoals, token, request_);
  }
  std::string Goals() const { return "/v1/" + town_->agency() + "/goals?pageSize=1"; }
  // A further session of the person.
  simulation::Caller SignIn(simulation::RestClient& rest, const std::string& person) {
    const auto codes = rest.Post(&hr_for_codes(),
                                 "/v1/" + town_->agency() + "/accounts:issueActivationCodes",
                                 {{"persons", json::array{json::string(person)}}});
    const auto session = rest.Post(
        nullptr, "/v1/sessions:activate", {{"code", codes.Text("/activationCodes/0/code")}});
    simulation::Caller caller;
    caller.subject = session.Text("/subject");
    caller.access_token = session.Text("/accessToken");
    caller.refresh_token = session.Text("/refreshToken");
    caller.expires_at = std::time(nullptr) + 600;
    return caller;
  }
  simulation::Caller& hr_for_codes() {
    thread_local simulation::Caller hr;
    hr = town_->hr();
    return hr;
  }
  // Runs `work(worker)` in as many threads, each with a person of its own.
  void InParallel(const std::function<void(int, const std::string&)>& work) {
    std::vector<std::string> persons;
    for (int i = 0; i < kWorkers; ++i)
      persons.push_back(town_->Employee("Pegawai", town_->root(), "Analis", "FUNCTIONAL", false));
    std::vector<std::thread> threads;
    for (int i = 0; i < kWorkers; ++i) threads.emplace_back([&, i] { work(i, persons[i]); });
    for (std::thread& thread : threads) thread.join();
  }
  std::int64_t KeyFetches() {
    std::int64_t fetches = 0;
    for (const std::string& replica : suite_->Replicas("identity")) {
      const std::string page = harness::HttpGet(suite_->metrics_port(replica), "/metrics").text;
      for (std::size_t at = 0;
           (at = page.find("teraju_rpc_handled_total{", at)) != std::string::npos;
           ++at) {
        const std::string line = page.substr(at, page.find('\n', at) - at);
        if (line.find("OAuth/GetJwks") != std::string::npos)
          fetches += std::stoll(line.substr(line.rfind(' ') + 1));
      }
    }
    return fetches;
  }

  simulation::Tally tally_;
  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  std::vector<std::unique_ptr<harness::GrpcClient>> catalogs_;
  catalog::v1::ListGoalsRequest request_;
};

TEST_F(Freshness, ASessionThatWasEndedWorksNowhereOnceItIsAnswered) {
  testing::CheckLine line("S07", "calls allowed after the answer", "0");
  constexpr int kRounds = 40;
  std::atomic<int> allowed = 0;
  std::atomic<int> revoked = 0;
  InParallel([&](int worker, const std::string& person) {
    const auto rest = Rest();
    for (int round = 0; round < kRounds; ++round) {
      simulation::Caller caller = SignIn(*rest, person);
      for (int replica : {0, 1}) {
        const auto answer = AtCatalog(replica, caller.access_token);
        EXPECT_TRUE(answer.ok()) << answer.reason;
      }
      rest->Post(&caller, "/v1/sessions:signOut", json::object());
      ++revoked;
      const int first = (worker + round) % 2;
      for (int replica : {first, 1 - first}) {
        const auto answer = AtCatalog(replica, caller.access_token);
        if (answer.ok()) ++allowed;
        EXPECT_EQ(answer.reason, "SESSION_ENDED");
      }
      if (rest->Try("GET", &caller, Goals(), nullptr).ok()) ++allowed;
    }
  });
  EXPECT_EQ(allowed, 0);
  line.Set(allowed, revoked);
}

// The control: the same revocation, answered without waiting for the replicas, is not in force.
TEST_F(Freshness, WithoutTheWaitSomeStillWork) {
  std::atomic<int> allowed = 0;
  InParallel([&](int, const std::string& person) {
    const auto rest = Rest();
    pqxx::connection connection(suite_->Dsn("identity"));
    for (int round = 0; round < 3; ++round) {
      const simulation::Caller caller = SignIn(*rest, person);
      const std::string token = caller.access_token;
      const std::size_t dot = token.find('.');
      const std::string payload =
          *auth::Base64UrlDecode(token.substr(dot + 1, token.rfind('.') - dot - 1));
      const std::string session = json::value_to<std::string>(json::parse(payload).at("sid"));
      pqxx::work tx(connection);
      tx.exec("UPDATE access_state SET version = version + 1");
      tx.exec("INSERT INTO access_revocations SELECT version, 'sessions/" + session +
              "', now() + interval '1 hour' FROM access_state");
      tx.commit();
      for (int replica : {0, 1}) allowed += AtCatalog(replica, token).ok() ? 1 : 0;
      // Soon it is.
      EXPECT_TRUE(Eventually([&] { return AtCatalog(0, token).reason == "SESSION_ENDED"; }));
    }
  });
  EXPECT_GT(allowed, 0);
}

TEST_F(Freshness, ARoleThatWasTakenAwayWorksNowhere) {
  const std::string bindings = "/v1/" + town_->agency() + "/roleBindings";
  const std::string client = "/v1/" + town_->agency() + "/apiClients";
  simulation::Caller boss = scenarios::SignInAsOperator(*suite_, town_->rest());
  InParallel([&](int worker, const std::string&) {
    const auto rest = Rest();
    simulation::Caller admin = boss;
    const auto made = rest->Post(&admin, client, {{"displayName", "x"}});
    simulation::Caller program;
    program.client_id = made.Text("/name").substr(made.Text("/name").rfind('/') + 1);
    program.client_secret = made.Text("/clientSecret");
    rest->Try("GET", &program, Goals(), nullptr);
    for (int round = 0; round < 5; ++round) {
      const auto role =
          rest->Post(&admin,
                     bindings,
                     {{"subject", "apiClients/" + program.client_id}, {"role", "regional_hr"}});
      for (int replica : {0, 1}) EXPECT_TRUE(AtCatalog(replica, program.access_token).ok());
      rest->Try("DELETE", &admin, "/v1/" + role.Text("/name"), nullptr);
      for (int replica : {worker % 2, 1 - worker % 2})
        EXPECT_EQ(AtCatalog(replica, program.access_token).reason, "PERMISSION_DENIED");
    }
    rest->Try("DELETE", &admin, "/v1/" + made.Text("/name"), nullptr);
    for (int replica : {0, 1})
      EXPECT_EQ(AtCatalog(replica, program.access_token).reason, "SESSION_ENDED");
  });
}

// A replica that hangs does not hold up the answer for longer than its lease, and when it wakes it
// decides nothing before it knows.
TEST_F(Freshness, AReplicaThatSleptDecidesNothingOnOldKnowledge) {
  const std::string person =
      town_->Employee("Pegawai", town_->root(), "Analis", "FUNCTIONAL", false);
  simulation::Caller caller = town_->As(person);
  ASSERT_TRUE(AtCatalog(1, caller.access_token).ok());
  suite_->process("catalog-2").Signal(SIGSTOP);
  const absl::Time began = absl::Now();
  town_->rest().Post(&caller, "/v1/sessions:signOut", json::object());
  EXPECT_LT(absl::Now() - began, absl::Seconds(8));
  suite_->process("catalog-2").Signal(SIGCONT);
  EXPECT_TRUE(Eventually(
      [&] {
        const auto answer = AtCatalog(1, caller.access_token);
        EXPECT_FALSE(answer.ok());
        return answer.reason == "SESSION_ENDED";
      },
      absl::Seconds(10)));
}

TEST_F(Freshness, KeysChangeUnderLoadWithoutARefusedCall) {
  testing::CheckLine line("S05", "calls refused while keys changed", "0; at most 1 fetch in 30 s");
  std::atomic<std::int64_t> calls = 0;
  std::atomic<std::int64_t> refused = 0;
  const simulation::Caller hr = town_->hr();
  const std::string form = "grant_type=client_credentials&client_id=" + hr.client_id +
                           "&client_secret=" + hr.client_secret;
  harness::Load load(8, [&](int worker, int) {
    // A token of the key that signs now, at both replicas.
    const auto issued = Rest()->PostForm("/oauth2/token", form);
    const std::string token = issued.Text("/access_token");
    for (int i = 0; i < 10; ++i) {
      const auto answer = AtCatalog((worker + i) % 2, token);
      ++calls;
      if (!answer.ok() && refused++ == 0) ADD_FAILURE() << answer.code << " " << answer.reason;
    }
  });
  simulation::Caller boss = scenarios::SignInAsOperator(*suite_, town_->rest());
  const auto signing = [&] {
    for (const json::value& key : town_->rest().List(&boss, "/v1/signingKeys", "signingKeys")) {
      if (scenarios::TextOf(key, "state") == "SIGNING") return scenarios::TextOf(key, "name");
    }
    return std::string();
  };
  const std::string first = signing();
  const std::int64_t fetched = KeyFetches();
  for (int rotation = 0; rotation < 2; ++rotation) {
    const std::string before = signing();
    town_->rest().Post(&boss, "/v1/signingKeys:rotate", json::object());
    ASSERT_TRUE(Eventually([&] { return signing() != before; }, absl::Seconds(20)));
    const std::int64_t seen = calls;
    ASSERT_TRUE(Eventually([&] { return calls > seen + 500; }, absl::Seconds(60)));
  }
  load.Stop();
  EXPECT_EQ(refused, 0);
  // Ids that nobody has ever signed with: each is refused, and the issuer is asked once at most.
  const auth::TokenSigner stranger = auth::TokenSigner::Generate();
  const absl::Time now = absl::Now();
  for (int i = 0; i < 10000; ++i) {
    const std::string header =
        R"({"alg":"ES256","kid":"unknown-)" + std::to_string(i) + R"(","typ":"at+jwt"})";
    const std::string token =
        auth::Base64UrlEncode(header) + "." + auth::Base64UrlEncode("{}") + ".AAAA";
    ASSERT_EQ(AtCatalog(i % 2, token).reason, "TOKEN_INVALID");
  }
  // Of the two catalogs and the gateway: one for the key they did not know, one of the flood.
  const double windows = std::ceil(absl::ToDoubleSeconds(absl::Now() - now) / 30) + 1;
  EXPECT_LE(KeyFetches() - fetched, static_cast<std::int64_t>(3 * windows) + 3);
  // A stolen key: what it signed works nowhere, what the next one signs does.
  const std::string old_token = Rest()->PostForm("/oauth2/token", form).Text("/access_token");
  town_->rest().Post(&boss, "/v1/" + signing() + ":withdraw", json::object());
  for (int replica : {0, 1}) EXPECT_EQ(AtCatalog(replica, old_token).reason, "SESSION_ENDED");
  line.Set(static_cast<double>(refused), calls);
}

}  // namespace
}  // namespace teraju::security
