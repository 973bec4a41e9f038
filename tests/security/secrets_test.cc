// S15: no secret in a log, an error or the repository; no service reads another's database, and
// none changes what it has recorded.
#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <regex>
#include <sstream>

#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;

constexpr char kPassword[] = "hujan-turun di hulu";

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool Refused(const std::string& dsn, const std::string& statement) {
  try {
    pqxx::connection connection(dsn);
    pqxx::nontransaction tx(connection);
    tx.exec(statement);
    return false;
  } catch (const std::exception&) {
    return true;
  }
}

class Secrets : public ::testing::Test {
 protected:
  void SetUp() override {
    auto suite = harness::Suite::Start();
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "kota-uji", "Kota Uji");
  }
  // Everything that must not be seen, with what it is.
  std::vector<std::pair<std::string, std::string>> Known() {
    std::vector<std::pair<std::string, std::string>> secrets;
    std::istringstream boss(Read(suite_->operator_file()));
    std::string login, password;
    boss >> login >> password;
    secrets.emplace_back("operator's password", password);
    for (const char* service : kServices) {
      std::istringstream file(Read(suite_->folder() + "/service-" + service));
      std::string secret;
      file >> secret;
      secrets.emplace_back(std::string(service) + "'s client secret", secret);
    }
    secrets.emplace_back("client secret", town_->hr().client_secret);
    secrets.emplace_back("access token", town_->hr().access_token);
    secrets.emplace_back("refresh token", town_->mayor().refresh_token);
    secrets.emplace_back("password", kPassword);
    secrets.emplace_back("NIP", "198001012005011001");
    pqxx::connection connection(suite_->Dsn("identity"));
    pqxx::nontransaction tx(connection);
    for (const auto& row : tx.exec("SELECT private_key_pem FROM signing_keys"))
      secrets.emplace_back("signing key", std::string(row[0].c_str()).substr(40, 40));
    return secrets;
  }

  static constexpr const char* kServices[] = {
      "identity", "catalog", "evaluation", "feedback", "training"};
  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
};

TEST_F(Secrets, StandNowhereAndRolesReachNoFurtherThanTheirOwn) {
  testing::CheckLine line("S15", "findings", "0");
  int findings = 0;
  int probes = 0;
  const auto expect = [&](bool right, const std::string& what) {
    ++probes;
    findings += right ? 0 : 1;
    EXPECT_TRUE(right) << what;
  };
  auto& rest = town_->rest();
  const std::string person =
      town_->Employee("Budi Rahasia", town_->root(), "Analis", "FUNCTIONAL", false);
  rest.Post(&town_->As(person), "/v1/sessions:changePassword", {{"newPassword", kPassword}});
  // Refusals of every kind repeat nothing of what they were given.
  std::string answers;
  for (const json::value& body :
       {json::value{{"agency", town_->agency()},
                    {"login", "198001012005011001"},
                    {"password", std::string(kPassword) + "x"}},
        json::value{{"agency", kPassword}, {"login", "x"}, {"password", kPassword}},
        json::value{{"unknown", kPassword}}})
    answers += json::serialize(rest.Try("POST", nullptr, "/v1/sessions:signIn", body).body);
  answers += json::serialize(
      rest.Try("POST", nullptr, "/v1/sessions:activate", {{"code", kPassword}}).body);
  const std::string logs = suite_->Logs();
  ASSERT_GT(logs.size(), 10000U);
  for (const auto& [what, secret] : Known()) {
    ASSERT_GT(secret.size(), 10U) << what;
    expect(logs.find(secret) == std::string::npos, what + " in a log");
    expect(answers.find(secret) == std::string::npos, what + " in an error");
  }
  expect(logs.find("Budi Rahasia") == std::string::npos, "a name in a log");
  // The control: what the logs do hold is found.
  EXPECT_NE(logs.find("Sessions/SignIn"), std::string::npos);
  for (const std::string own : kServices) {
    for (const char* other : kServices) {
      const std::string dsn =
          suite_->postgres().Dsn(std::string("teraju_") + other) + " user=teraju_" + own;
      expect(Refused(dsn, "SELECT 1") == (own != other), own + " at the database of " + other);
    }
    const std::string dsn = suite_->Dsn(own);
    for (const char* change : {"UPDATE audit_events SET actor = 'x'",
                               "DELETE FROM audit_events",
                               "TRUNCATE audit_events CASCADE",
                               "UPDATE audit_leaves SET leaf_hash = leaf_hash",
                               "DELETE FROM audit_heads",
                               "DROP DATABASE postgres",
                               "CREATE ROLE more SUPERUSER",
                               "COPY (SELECT 1) TO PROGRAM 'true'",
                               "SELECT pg_read_file('postgresql.conf')"})
      expect(Refused(dsn, change), own + ": " + change);
    EXPECT_FALSE(Refused(dsn, "SELECT count(*) FROM audit_events"));
  }
  line.Set(findings, probes);
}

// What looks like a secret in what is committed. The control is the pattern itself, applied to one.
TEST(Repository, HoldsNoSecret) {
  const std::regex secret(
      "-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{100,}"
      "|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{20,}"
      "|://[^/ \"'@:]+:[^/ \"'@{$<]{6,}@");
  EXPECT_TRUE(std::regex_search(std::string("postgres://me:hunter22@db/x"), secret));
  const std::filesystem::path root = TERAJU_SOURCE_DIR;
  int files = 0;
  for (auto entry = std::filesystem::recursive_directory_iterator(root);
       entry != std::filesystem::recursive_directory_iterator();
       ++entry) {
    const std::string name = entry->path().filename();
    if (entry->is_directory() && (name == "build" || name == "node_modules" || name == ".git" ||
                                  name == "var" || name == "data")) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file() || entry->file_size() > 500'000 || name.ends_with(".binpb") ||
        name == "secrets_test.cc")
      continue;
    ++files;
    const std::string text = Read(entry->path());
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);) {
      const bool found = one.size() < 2000 && std::regex_search(one, secret);
      EXPECT_FALSE(found) << entry->path();
    }
    const bool key = text.find("PRIVATE KEY-----\nM") != std::string::npos;
    EXPECT_FALSE(key) << entry->path();
  }
  EXPECT_GT(files, 500);
}

}  // namespace
}  // namespace teraju::security
