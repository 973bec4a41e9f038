// The life of a process, from outside: exit codes, readiness that falls and rises, the drain.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <pqxx/pqxx>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/http/testing/http_receiver.h"
#include "common/testing/eventually.h"
#include "common/testing/test_database.h"

namespace teraju::service {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The test service as a child process; killed with the object.
class Child {
 public:
  Child(std::vector<std::string> arguments, const std::map<std::string, std::string>& environment) {
    std::string pattern = ::testing::TempDir() + "serviceXXXXXX";
    const int output = mkstemp(pattern.data());
    output_file_ = pattern;
    arguments.insert(arguments.begin(), TERAJU_TEST_SERVICE);
    std::vector<std::string> settings;
    for (const auto& [name, value] : environment)
      settings.push_back(absl::StrCat(name, "=", value));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    EXPECT_EQ(posix_spawn(&pid_,
                          TERAJU_TEST_SERVICE,
                          &actions,
                          nullptr,
                          Pointers(arguments).data(),
                          Pointers(settings).data()),
              0);
    posix_spawn_file_actions_destroy(&actions);
    close(output);
  }
  ~Child() {
    if (pid_ != 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    std::filesystem::remove(output_file_);
  }

  // The exit code, or minus the signal that ended it.
  int Wait() {
    int status = 0;
    EXPECT_TRUE(testing::Eventually([&] { return waitpid(pid_, &status, WNOHANG) == pid_; }))
        << Output();
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  void Terminate() const { kill(pid_, SIGTERM); }
  void Kill() const { kill(pid_, SIGKILL); }
  std::string Output() const {
    std::ifstream file(output_file_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // The field of the line that tells of the start; 0 before it.
  int Started(const char* field) const {
    std::istringstream lines(Output());
    for (std::string line; std::getline(lines, line);) {
      boost::system::error_code error;
      const boost::json::value value = boost::json::parse(line, error);
      if (!error && value.is_object() && value.at("event") == "started") {
        return static_cast<int>(value.at(field).as_int64());
      }
    }
    return 0;
  }
  // The status line of a page, empty when nobody answers.
  std::string Page(const std::string& path) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(Started("metrics_port")));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
      const std::string request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
      char buffer[65536];
      if (write(socket, request.data(), request.size()) > 0) {
        for (ssize_t got = 0; (got = read(socket, buffer, sizeof(buffer))) > 0;) {
          answer.append(buffer, static_cast<std::size_t>(got));
        }
      }
    }
    close(socket);
    return answer;
  }
  bool Ready() const { return Page("/readyz").starts_with("HTTP/1.1 200"); }

 private:
  static std::vector<char*> Pointers(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  std::string output_file_;
  pid_t pid_ = 0;
};

void WriteKey(const std::string& path) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  EVP_PKEY_free(key);
}

class RunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    static const postgres::Migrations none;
    auto database = testing::TestDatabase::Create(none);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }
  std::map<std::string, std::string> Settings() const {
    return {{"TERAJU_TEST_ADDRESS", "127.0.0.1"},
            {"TERAJU_TEST_PORT", "0"},
            {"TERAJU_TEST_METRICS_PORT", "0"},
            {"TERAJU_TEST_METRICS_ADDRESS", "127.0.0.1"},
            {"TERAJU_TEST_TOKEN_ISSUER", "https://i"},
            {"TERAJU_TEST_DATABASE_DSN", database_->dsn()}};
  }

  // Opens the database again, or closes it and ends every session.
  void AllowConnections(bool allow) const {
    pqxx::connection connection(*testing::TestServerDsn("postgres"));
    pqxx::nontransaction statements(connection);
    statements.exec("ALTER DATABASE \"" + database_->name() + "\" ALLOW_CONNECTIONS " +
                    (allow ? "true" : "false"));
    if (allow) return;
    statements.exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                    database_->name() + "'");
  }

  std::unique_ptr<testing::TestDatabase> database_;
};

TEST_F(RunTest, KnowsItsCommands) {
  Child version({"version"}, {});
  EXPECT_EQ(version.Wait(), 0);
  EXPECT_THAT(version.Output(), StartsWith("teraju-test "));
  Child nonsense({"dance"}, Settings());
  EXPECT_EQ(nonsense.Wait(), 2);
  EXPECT_THAT(nonsense.Output(), HasSubstr("usage: teraju-test [serve | migrate | version]"));
}

TEST_F(RunTest, TellsOfAllWrongSettingsAtOnceAndDoesNotStart) {
  auto settings = Settings();
  settings["TERAJU_TEST_PORT"] = "many";
  settings["TERAJU_TEST_OWN_SETTING"] = "10";
  settings["TERAJU_TEST_PORTT"] = "1";
  settings["TERAJU_TEST_TLS_KEY"] = "/absent";
  settings.erase("TERAJU_TEST_TOKEN_ISSUER");
  Child child({}, settings);
  EXPECT_EQ(child.Wait(), 2);
  EXPECT_THAT(child.Output(),
              AllOf(HasSubstr("TERAJU_TEST_PORT must be a whole number"),
                    HasSubstr("TERAJU_TEST_OWN_SETTING must be a whole number from 1 to 9"),
                    HasSubstr("TERAJU_TEST_PORTT is not a setting"),
                    HasSubstr("TERAJU_TEST_TLS_CERTIFICATE"),
                    HasSubstr("TERAJU_TEST_TOKEN_ISSUER is required"),
                    Not(HasSubstr(database_->dsn()))));
}

TEST_F(RunTest, IsReadyOnceMigratedAndEndsCleanly) {
  Child child({"serve"}, Settings());
  ASSERT_TRUE(testing::Eventually([&] { return child.Started("metrics_port") != 0; }))
      << child.Output();
  EXPECT_THAT(child.Page("/livez"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(child.Page("/readyz"), StartsWith("HTTP/1.1 503"));
  Child migrate({"migrate"}, Settings());
  ASSERT_EQ(migrate.Wait(), 0) << migrate.Output();
  EXPECT_TRUE(testing::Eventually([&] { return child.Ready(); })) << child.Output();
  EXPECT_THAT(child.Page("/metrics"),
              AllOf(HasSubstr("teraju_ready 1"), HasSubstr("teraju_postgres_pool_in_use")));
  const absl::Time asked = absl::Now();
  child.Terminate();
  EXPECT_EQ(child.Wait(), 0) << child.Output();
  EXPECT_LT(absl::Now() - asked, absl::Seconds(10));
  EXPECT_THAT(child.Output(),
              AllOf(HasSubstr("\"event\":\"draining\""),
                    HasSubstr("\"event\":\"stopped\""),
                    HasSubstr("\"DATABASE_DSN\":\"***\""),
                    Not(HasSubstr(database_->dsn()))));
}

// A replica that is asked before it can verify tokens would refuse calls which others can answer.
TEST_F(RunTest, IsNotReadyBeforeItKnowsTheIssuersKeys) {
  Child migrate({"migrate"}, Settings());
  ASSERT_EQ(migrate.Wait(), 0) << migrate.Output();
  auto settings = Settings();
  const std::string file = ::testing::TempDir() + "keys-after-" + std::to_string(getpid());
  settings["TERAJU_TEST_KEYS_AFTER"] = file;
  Child child({}, settings);
  ASSERT_TRUE(testing::Eventually([&] {
    return child.Output().find("the issuer's keys are not known yet") != std::string::npos;
  })) << child.Output();
  EXPECT_FALSE(child.Ready());
  std::ofstream(file) << "now";
  EXPECT_TRUE(testing::Eventually([&] { return child.Ready(); })) << child.Output();
  std::filesystem::remove(file);
  EXPECT_TRUE(child.Ready());
}

TEST_F(RunTest, ReadinessFallsAndRisesWithTheDatabase) {
  Child migrate({"migrate"}, Settings());
  ASSERT_EQ(migrate.Wait(), 0) << migrate.Output();
  Child child({}, Settings());
  ASSERT_TRUE(testing::Eventually([&] {
    return child.Started("metrics_port") != 0 && child.Ready();
  })) << child.Output();
  AllowConnections(false);
  EXPECT_TRUE(testing::Eventually([&] { return !child.Ready(); })) << child.Output();
  AllowConnections(true);
  EXPECT_TRUE(testing::Eventually([&] { return child.Ready(); })) << child.Output();
}

// Heads that are brought outside: the process is killed when the keeper has the first one and has
// not answered yet. The next process brings it again, to the same place, and everything else.
TEST_F(RunTest, BringsItsSignedHeadsOutsideThroughAKill) {
  Child migrate({"migrate"}, Settings());
  ASSERT_EQ(migrate.Wait(), 0) << migrate.Output();
  const std::string key = ::testing::TempDir() + "audit-" + std::to_string(getpid()) + ".pem";
  WriteKey(key);
  const auto note = [&](int number) {
    pqxx::connection connection(database_->dsn());
    pqxx::nontransaction(connection)
        .exec(
            "INSERT INTO audit_events (agency_id, create_time, actor, on_behalf_of, method, "
            "resource, type, details) VALUES ('a', now(), 'employees/1', '', 'm', 'agencies/a', "
            "'note.decided', '{\"n\":" +
            std::to_string(number) + "}')");
  };
  std::atomic<Child*> doomed = nullptr;
  const http::HttpReceiver keeper([&](const http::Received&) {
    Child* const child = doomed.exchange(nullptr);
    if (child != nullptr) child->Kill();
    return 201;
  });
  auto settings = Settings();
  settings["TERAJU_TEST_AUDIT_KEY_FILE"] = key;
  settings["TERAJU_TEST_AUDIT_HEADS_URL"] = keeper.url();
  note(1);
  {
    Child child({}, settings);
    doomed = &child;
    EXPECT_EQ(child.Wait(), -SIGKILL);
    EXPECT_THAT(child.Output(), HasSubstr("\"AUDIT_HEADS_URL\":\"" + keeper.url()));
  }
  ASSERT_EQ(keeper.received().size(), 1U);
  {
    // The lease of who was killed has run out.
    pqxx::connection connection(database_->dsn());
    pqxx::nontransaction(connection).exec("UPDATE audit_exports SET lease_time = now()");
  }
  Child child({}, settings);
  ASSERT_TRUE(testing::Eventually([&] { return keeper.received().size() >= 2; })) << child.Output();
  note(2);
  ASSERT_TRUE(testing::Eventually([&] { return keeper.received().size() >= 3; })) << child.Output();
  const std::vector<http::Received> received = keeper.received();
  EXPECT_EQ(received[1].target, "/test/a/00000000000000000001.json");
  EXPECT_EQ(received[1].target, received[0].target);
  EXPECT_EQ(received[1].body, received[0].body);
  EXPECT_EQ(received[2].target, "/test/a/00000000000000000002.json");
  EXPECT_THAT(child.Page("/metrics"), HasSubstr("teraju_audit_head_export_failures_total 0"));
  std::filesystem::remove(key);
}

TEST_F(RunTest, SaysWhenItsHeadsAreKeptNowhereElseAndRefusesAnAddressThatIsNone) {
  Child child({}, Settings());
  EXPECT_TRUE(testing::Eventually([&] {
    return child.Output().find("audit heads are kept nowhere else") != std::string::npos;
  })) << child.Output();
  auto settings = Settings();
  settings["TERAJU_TEST_AUDIT_HEADS_URL"] = "ftp://keeper";
  settings["TERAJU_TEST_AUDIT_HEADS_METHOD"] = "GET";
  Child wrong({}, settings);
  EXPECT_EQ(wrong.Wait(), 2);
  EXPECT_THAT(wrong.Output(),
              AllOf(HasSubstr("TERAJU_TEST_AUDIT_HEADS_URL"),
                    HasSubstr("TERAJU_TEST_AUDIT_HEADS_METHOD must be POST or PUT")));
}

}  // namespace
}  // namespace teraju::service
