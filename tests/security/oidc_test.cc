// Signing in with an external issuer, against an issuer and a token library that nobody here wrote
// (npm oidc-provider and jose, pinned in tests/oidc).
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kPortal[] = "http://127.0.0.1:9/portal/back";

class Oidc : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "oidcXXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    issuer_process_ = Node("provider.mjs", {kPortal});
    ASSERT_TRUE(issuer_process_->Start().ok());
    ASSERT_TRUE(testing::Eventually([&] { return !Said(*issuer_process_, "issuer=").empty(); },
                                    absl::Seconds(30)))
        << issuer_process_->Log();
    issuer_ = Said(*issuer_process_, "issuer=");
    std::ofstream(folder_ + "/secret") << "a secret: with/signs+\n";
    std::ofstream(folder_ + "/providers.json") << json::serialize(
        json::array{Provider("sso", "confidential", folder_ + "/secret", "nip", "nip"),
                    Provider("pegawai", "public", "", "person", "externalId")});
    harness::Suite::Options options;
    options.services = {"identity", "gateway"};
    options.settings = {{"TERAJU_IDENTITY_SIGN_IN_PROVIDERS_FILE", folder_ + "/providers.json"}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-uji", "Kota Uji");
    person_ = town_->Employee("Pegawai", town_->root(), "Analis", "FUNCTIONAL", false);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  json::value Provider(const char* id,
                       const char* client,
                       const std::string& secret,
                       const char* claim,
                       const char* attribute) const {
    return {{"id", id},
            {"displayName", "SSO"},
            {"agency", "kota-uji"},
            {"issuer", issuer_},
            {"clientId", client},
            {"clientSecretFile", secret},
            {"redirectUri", kPortal},
            {"claim", claim},
            {"attribute", attribute}};
  }
  std::unique_ptr<harness::Process> Node(const std::string& script,
                                         std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"node", std::string(TERAJU_SOURCE_DIR) + "/tests/oidc/" + script});
    const char* path = std::getenv("PATH");
    return std::make_unique<harness::Process>(
        harness::Process::Options{"/usr/bin/env",
                                  arguments,
                                  {{"PATH", path == nullptr ? "/usr/bin:/bin" : path}},
                                  folder_ + "/" + std::to_string(++scripts_) + ".log"});
  }
  // What a script printed as `name=value;`.
  static std::string Said(const harness::Process& process, const std::string& name) {
    const std::string log = process.Log();
    const std::size_t at = log.find(name);
    const std::size_t end = at == std::string::npos ? at : log.find(";\n", at);
    return end == std::string::npos ? "" : log.substr(at + name.size(), end - at - name.size());
  }
  std::string Run(const std::string& script,
                  std::vector<std::string> arguments,
                  const std::string& name) {
    const auto process = Node(script, std::move(arguments));
    int code = -1;
    EXPECT_TRUE(process->Start().ok());
    EXPECT_TRUE(process->Wait(absl::Seconds(60), code).ok());
    EXPECT_EQ(code, 0) << process->Log();
    return Said(*process, name);
  }

  struct SignIn {
    std::string uri;
    std::string secret;
    std::string state;
    std::string code;
  };
  SignIn Begin(const std::string& provider) {
    const auto started = town_->rest().Post(
        nullptr, "/v1/agencies/kota-uji/signInProviders/" + provider + ":start", json::object());
    return {started.Text("/authorizationUri"), started.Text("/portalSecret"), "", ""};
  }
  // Whom the issuer signs in, as a browser would come back.
  void Browse(SignIn& sign_in, const std::string& who) {
    const std::string back =
        Run("browse.mjs", {sign_in.uri + "&login_hint=" + who, kPortal}, "back=");
    EXPECT_THAT(back, StartsWith(kPortal));
    const auto parameter = [&](const std::string& name) {
      const std::size_t at = back.find(name + "=");
      const std::size_t end = std::min(back.find('&', at), back.size());
      return at == std::string::npos
                 ? ""
                 : back.substr(at + name.size() + 1, end - at - name.size() - 1);
    };
    sign_in.state = parameter("state");
    sign_in.code = parameter("code");
  }
  simulation::Answer Finish(const SignIn& sign_in) {
    return town_->rest().Try(
        "POST",
        nullptr,
        "/v1/externalSignIns:finish",
        {{"state", sign_in.state}, {"code", sign_in.code}, {"portalSecret", sign_in.secret}});
  }
  static std::string ReasonOf(const simulation::Answer& answer) {
    return answer.Text("/error/details/0/reason");
  }

  static constexpr char kNip[] = "198001012005011001";
  std::string folder_;
  int scripts_ = 0;
  std::unique_ptr<harness::Process> issuer_process_;
  std::string issuer_;
  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  std::string person_;
};

TEST_F(Oidc, WhoHasSignedInThereIsSignedInHere) {
  const auto providers = town_->rest().Get(nullptr, "/v1/agencies/kota-uji/signInProviders").body;
  EXPECT_EQ(providers.at("signInProviders").as_array().size(), 2U);
  // RS256 with a secret, by NIP; ES256 without one, by the id of the HR system.
  for (const auto& [provider, who] :
       {std::pair<const char*, const char*>{"sso", kNip}, {"pegawai", "person-1"}}) {
    SignIn sign_in = Begin(provider);
    EXPECT_THAT(sign_in.uri, HasSubstr("code_challenge_method=S256"));
    Browse(sign_in, who);
    const auto session = Finish(sign_in);
    ASSERT_EQ(session.status, 200) << json::serialize(session.body) << suite_->Logs();
    EXPECT_EQ("agencies/kota-uji/" + session.Text("/subject"), person_);
    simulation::Caller caller;
    caller.access_token = session.Text("/accessToken");
    caller.expires_at = std::time(nullptr) + 600;
    EXPECT_EQ(town_->rest().Try("GET", &caller, "/v1/" + person_, nullptr).status, 200);
    EXPECT_EQ(Run("verify.mjs",
                  {"http://127.0.0.1:" + suite_->rest_port() + "/oauth2/jwks",
                   "https://identity.teraju",
                   session.Text("/accessToken")},
                  "subject="),
              session.Text("/subject"));
    // A state is good once.
    EXPECT_EQ(ReasonOf(Finish(sign_in)), "CREDENTIALS_INVALID");
  }
}

TEST_F(Oidc, NobodyIsSignedInAsAnother) {
  // A person whom the agency does not know.
  SignIn stranger = Begin("sso");
  Browse(stranger, "199901012025011001");
  EXPECT_EQ(ReasonOf(Finish(stranger)), "CREDENTIALS_INVALID");
  // The answer to one sign-in in another: the code belongs to another verifier and nonce.
  SignIn mine = Begin("sso");
  SignIn theirs = Begin("sso");
  Browse(mine, kNip);
  Browse(theirs, kNip);
  SignIn mixed = mine;
  mixed.code = theirs.code;
  EXPECT_EQ(ReasonOf(Finish(mixed)), "CREDENTIALS_INVALID");
  // Another browser than the one that began.
  SignIn elsewhere = theirs;
  elsewhere.secret = mine.secret;
  EXPECT_EQ(ReasonOf(Finish(elsewhere)), "CREDENTIALS_INVALID");
  EXPECT_EQ(Finish(theirs).status, 200);  // the control
  // An account that has ended.
  SignIn late = Begin("sso");
  Browse(late, kNip);
  town_->rest().Post(&town_->hr(),
                     "/v1/agencies/kota-uji/accounts:end",
                     {{"persons", json::array{json::string(person_)}}});
  EXPECT_EQ(ReasonOf(Finish(late)), "CREDENTIALS_INVALID");
}

TEST_F(Oidc, AnIssuerThatIsAwayIsNamedAsSuch) {
  SignIn sign_in = Begin("sso");
  Browse(sign_in, kNip);
  issuer_process_->Kill9();
  const auto answer = Finish(sign_in);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(ReasonOf(answer), "DEPENDENCY_UNAVAILABLE");
  const auto nobody = town_->rest().Try(
      "POST", nullptr, "/v1/agencies/kota-uji/signInProviders/none:start", json::object());
  EXPECT_EQ(nobody.status, 404);
}

}  // namespace
}  // namespace teraju::security
