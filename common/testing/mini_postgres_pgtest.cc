#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>

#include "common/testing/mini_postgres.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::testing {
namespace {

std::string Ask(const MiniPostgres& server, const std::string& sql) {
  pqxx::connection connection(server.Dsn());
  return pqxx::nontransaction(connection).exec(sql)[0][0].c_str();
}

TEST(MiniPostgres, AnswersOnASocketOfItsOwnAndNowhereElse) {
  auto server = MiniPostgres::Create();
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(Ask(*server, "SHOW listen_addresses"), "");
  EXPECT_EQ(Ask(*server, "SHOW fsync"), "off");
  EXPECT_EQ(Ask(*server, "SHOW timezone"), "UTC");
}

TEST(MiniPostgres, LeavesNothingBehind) {
  std::string folder;
  pid_t pid = 0;
  {
    auto server = MiniPostgres::Create();
    ASSERT_TRUE(server.ok()) << server.status();
    folder = server->folder();
    pid = server->pid();
    ASSERT_NE(pid, 0);
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid) + "/cwd"));
}

TEST(MiniPostgres, KeepsWhatWasCommittedWhenItIsKilledAndStartedAgain) {
  auto server = MiniPostgres::Create({.durable = true});
  ASSERT_TRUE(server.ok()) << server.status();
  Ask(*server, "CREATE TABLE t (n int); INSERT INTO t VALUES (7) RETURNING n");
  ASSERT_THAT(server->Kill9(), IsOk());
  EXPECT_EQ(server->pid(), 0);
  EXPECT_THROW(Ask(*server, "SELECT 1"), pqxx::broken_connection);
  ASSERT_THAT(server->Start(), IsOk());
  EXPECT_EQ(Ask(*server, "SELECT n FROM t"), "7");
  ASSERT_TRUE(server->Stop(MiniPostgres::Mode::kImmediate).ok());
  EXPECT_THROW(Ask(*server, "SELECT 1"), pqxx::broken_connection);
  ASSERT_THAT(server->Start(), IsOk());
  EXPECT_EQ(Ask(*server, "SELECT n FROM t"), "7");
}

TEST(MiniPostgres, AServerWhoseOwnerWasKilledIsRemovedAndALivingOneIsNot) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto server = MiniPostgres::Create();
    const std::string folder = server.ok() ? server->folder() : "";
    if (::write(ends[1], folder.data(), folder.size()) < 0) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  ::close(ends[1]);
  char buffer[256];
  const ssize_t size = ::read(ends[0], buffer, sizeof(buffer));
  ::close(ends[0]);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  ASSERT_GT(size, 0);
  const std::string orphan(buffer, static_cast<size_t>(size));
  ASSERT_TRUE(std::filesystem::exists(orphan));

  auto living = MiniPostgres::Create();
  ASSERT_TRUE(living.ok()) << living.status();
  RemoveStaleServers();
  EXPECT_FALSE(std::filesystem::exists(orphan));
  EXPECT_EQ(Ask(*living, "SELECT 1"), "1");
}

}  // namespace
}  // namespace teraju::testing
