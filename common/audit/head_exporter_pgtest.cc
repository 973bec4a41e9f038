// Signed heads at an outside address: all of them, in order, through outages and crashes.
#include <atomic>
#include <map>

#include "absl/synchronization/mutex.h"
#include "common/audit/audit_store.h"
#include "common/audit/head_export_store.h"
#include "common/audit/head_exporter.h"
#include "common/audit/log_check.h"
#include "common/audit/sequencer.h"
#include "common/http/testing/http_receiver.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"

namespace teraju::audit {
namespace {

using ::testing::ElementsAre;
using testing::Eventually;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::TestCall;

// A keeper of files, by their place; `status` is what it answers.
class Keeper {
 public:
  explicit Keeper(int port = 0)
      : receiver_([this](const http::Received& one) { return Keep(one); }, port) {}

  std::string url() const { return receiver_.url() + "/heads"; }
  int port() const { return receiver_.port(); }
  std::vector<http::Received> received() const { return receiver_.received(); }
  std::map<std::string, std::string> files() const {
    absl::MutexLock lock(&mutex_);
    return files_;
  }
  std::atomic<int> status = 201;
  // Called after a file has been kept and before the answer; the answer is lost where it is false.
  std::function<bool()> kept = [] { return true; };

 private:
  int Keep(const http::Received& one) {
    if (status == 201) {
      absl::MutexLock lock(&mutex_);
      const auto [file, added] = files_.emplace(one.target, one.body);
      EXPECT_EQ(file->second, one.body) << "another head at the same place";
    }
    if (!kept()) return 0;
    return status;
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> files_;
  http::HttpReceiver receiver_;
};

class HeadExportTest : public testing::PgTest<> {
 protected:
  void SetUp() override {
    testing::PgTest<>::SetUp();
    Query("UPDATE audit_sequencer SET xid = '0', event_number = 0");
  }
  // One event, one head.
  void MakeHead(const std::string& agency = "dumai") {
    ASSERT_THAT(database().Write(TestCall(),
                                 [&](postgres::Transaction& tx) {
                                   tx.Audit({.agency = agency,
                                             .resource = "agencies/dumai/notes/1",
                                             .type = "note.decided",
                                             .details = "{}"});
                                   return absl::OkStatus();
                                 }),
                IsOk());
    // An exporter's running transaction may hold the sequencer back for a moment.
    ASSERT_TRUE(Eventually([&] {
      return SequenceOnce(database(), TestCall(), "evaluation", signer_).value_or(0) == 1;
    }));
  }
  void MakeHeads(int count) {
    for (int i = 0; i < count; ++i) MakeHead();
  }
  HeadExportOptions Options(const std::string& address) const {
    return {.service = "evaluation",
            .address = address,
            .batch = 3,
            .answer_timeout = absl::Seconds(5),
            .lease = absl::Seconds(2),
            .interval = absl::Milliseconds(5),
            .first_pause = absl::Milliseconds(2),
            .longest_pause = absl::Milliseconds(20)};
  }
  std::unique_ptr<HeadExporter> Start(const HeadExportOptions& options) {
    return std::make_unique<HeadExporter>(
        options, database(), testing::internal::DenyAll(), host_.metrics(), host_.logger());
  }
  std::vector<v1::TreeHead> Stored(const std::string& agency = "dumai") {
    const auto heads = database().Read(
        TestCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<v1::TreeHead>> {
          return AuditStore(tx, "evaluation").Heads(agency, 0, 1'000'000, 1'000'000);
        });
    EXPECT_THAT(heads, IsOk());
    return heads.value_or(std::vector<v1::TreeHead>());
  }
  static std::string Place(int size, const std::string& agency = "dumai") {
    std::string digits = std::to_string(size);
    return "/heads/evaluation/" + agency + "/" + std::string(20 - digits.size(), '0') + digits +
           ".json";
  }
  // Whether the keeper has every stored head as it is stored, and no other.
  ::testing::AssertionResult HasAll(const Keeper& keeper) {
    const auto files = keeper.files();
    const std::vector<v1::TreeHead> heads = Stored();
    for (const v1::TreeHead& head : heads) {
      const auto file = files.find(Place(static_cast<int>(head.tree_size())));
      if (file == files.end())
        return ::testing::AssertionFailure() << "no head of size " << head.tree_size();
      v1::TreeHead kept;
      if (!google::protobuf::util::JsonStringToMessage(file->second, &kept).ok() ||
          kept.SerializeAsString() != head.SerializeAsString())
        return ::testing::AssertionFailure() << "another head of size " << head.tree_size();
      if (!VerifyHead(signer_.public_key(), kept))
        return ::testing::AssertionFailure() << "a head that nobody signed";
    }
    if (files.size() != heads.size()) return ::testing::AssertionFailure() << "heads of nobody";
    return ::testing::AssertionSuccess();
  }
  bool Arrive(const Keeper& keeper, std::size_t count) {
    return Eventually([&] { return keeper.files().size() >= count && Waiting(keeper) == 0; });
  }
  int Waiting(const Keeper& keeper) {
    const auto backlog = database().Read(
        TestCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<HeadExportStore::Backlog> {
          return HeadExportStore(tx).CountWaiting(keeper.url(), 1000);
        });
    return backlog.ok() ? backlog->heads : -1;
  }

  const Signer signer_ = *Signer::Generate();
  testing::RpcHost host_{"evaluation"};
};

TEST_F(HeadExportTest, EveryHeadArrivesOnceInOrderAsTheCheckTakesIt) {
  Keeper keeper;
  MakeHeads(4);
  MakeHead("");
  auto options = Options(keeper.url());
  options.token = logging::Secret("s3cret");
  const auto exporter = Start(options);
  ASSERT_TRUE(Arrive(keeper, 5));
  MakeHead();
  ASSERT_TRUE(Arrive(keeper, 6));
  std::vector<std::string> places;
  for (const http::Received& one : keeper.received()) {
    places.push_back(one.target);
    EXPECT_EQ(one.method, "POST");
    EXPECT_EQ(one.headers.at("content-type"), "application/json");
    EXPECT_EQ(one.headers.at("authorization"), "Bearer s3cret");
  }
  EXPECT_THAT(places, ElementsAre(Place(1), Place(2), Place(3), Place(4), Place(1, "-"), Place(5)));
  EXPECT_THAT(host_.metrics().Text(), HasSubstr("teraju_audit_heads_exported_total 6"));
  EXPECT_TRUE(Eventually([&] {
    return host_.metrics().Text().find("teraju_audit_heads_waiting 0") != std::string::npos;
  }));
}

TEST_F(HeadExportTest, AnOutageLosesNothing) {
  Keeper keeper;
  keeper.status = 503;
  MakeHeads(5);
  const auto exporter = Start(Options(keeper.url()));
  ASSERT_TRUE(Eventually([&] { return keeper.received().size() >= 3; }));
  MakeHeads(3);
  EXPECT_EQ(Waiting(keeper), 8);
  EXPECT_THAT(host_.metrics().Text(), HasSubstr("teraju_audit_heads_waiting "));
  EXPECT_THAT(host_.metrics().Text(),
              ::testing::Not(HasSubstr("teraju_audit_head_export_failures_total 0")));
  // A refusal is no reason to pass a head over either.
  keeper.status = 403;
  const std::size_t before = keeper.received().size();
  ASSERT_TRUE(Eventually([&] { return keeper.received().size() > before + 2; }));
  for (const http::Received& one : keeper.received()) EXPECT_EQ(one.target, Place(1));
  keeper.status = 201;
  ASSERT_TRUE(Arrive(keeper, 8));
  EXPECT_TRUE(HasAll(keeper));
}

TEST_F(HeadExportTest, AKeeperThatWasGoneGetsWhatItMissed) {
  MakeHeads(2);
  int port = 0;
  std::unique_ptr<HeadExporter> exporter;
  {
    Keeper keeper;
    port = keeper.port();
    exporter = Start(Options(keeper.url()));
    ASSERT_TRUE(Arrive(keeper, 2));
  }
  MakeHeads(4);
  Keeper again(port);
  ASSERT_TRUE(Arrive(again, 4));
  const auto files = again.files();
  EXPECT_TRUE(files.contains(Place(3)) && files.contains(Place(6)));
  EXPECT_EQ(files.size(), 4U);
}

// The head has been kept, and whoever sent it dies before that is noted.
TEST_F(HeadExportTest, ACrashBetweenAnswerAndNoteSendsTheSameToTheSamePlace) {
  Keeper keeper;
  MakeHeads(6);
  std::atomic<int> crashes = 0;
  keeper.kept = [&] {
    if (crashes == 3) return true;
    ++crashes;
    // Another replica has the lease now, as after a crash: what has arrived is not noted.
    Query("UPDATE audit_exports SET lease = gen_random_uuid(), lease_time = now()");
    return crashes != 2;  // once the answer is lost as well
  };
  const auto exporter = Start(Options(keeper.url()));
  ASSERT_TRUE(Arrive(keeper, 6));
  EXPECT_TRUE(HasAll(keeper));
  EXPECT_EQ(keeper.received().size(), 6U + 3U);
  EXPECT_EQ(keeper.files().size(), 6U);
}

// Control: were the note made before the answer, an outage would lose heads, and this test see it.
TEST_F(HeadExportTest, AHeadThatIsNotedTooEarlyIsMissed) {
  Keeper keeper;
  MakeHeads(4);
  ASSERT_THAT(database().Write(TestCall(),
                               [&](postgres::Transaction& tx) -> absl::Status {
                                 HeadExportStore store(tx);
                                 const std::string lease = NewUuid7(absl::Now());
                                 store.Take(keeper.url(), lease, absl::Seconds(1));
                                 store.Advance(keeper.url(),
                                               lease,
                                               store.Waiting(keeper.url(), 1).front().number);
                                 store.Release(keeper.url(), lease);
                                 return absl::OkStatus();
                               }),
              IsOk());
  const auto exporter = Start(Options(keeper.url()));
  ASSERT_TRUE(Arrive(keeper, 3));
  EXPECT_FALSE(HasAll(keeper));
}

TEST_F(HeadExportTest, OfSeveralReplicasOneWorksAndAnotherTakesOver) {
  Keeper keeper;
  auto first = Start(Options(keeper.url()));
  const auto second = Start(Options(keeper.url()));
  const auto third = Start(Options(keeper.url()));
  MakeHeads(20);
  ASSERT_TRUE(Arrive(keeper, 20));
  EXPECT_TRUE(HasAll(keeper));
  EXPECT_EQ(keeper.received().size(), 20U);  // none twice
  first.reset();
  MakeHeads(5);
  ASSERT_TRUE(Arrive(keeper, 25));
  EXPECT_EQ(keeper.received().size(), 25U);
}

TEST_F(HeadExportTest, AnotherAddressBeginsWithTheFirstHead) {
  Keeper first, second;
  MakeHeads(3);
  {
    const auto exporter = Start(Options(first.url()));
    ASSERT_TRUE(Arrive(first, 3));
  }
  auto options = Options(second.url() + "/");
  options.method = "PUT";
  const auto exporter = Start(options);
  ASSERT_TRUE(Eventually([&] { return second.files().size() == 3; }));
  EXPECT_TRUE(HasAll(second));
  EXPECT_EQ(second.received().front().method, "PUT");
}

// What the whole is for: the tail of a log, cut off with its heads, shows by a kept head only.
TEST_F(HeadExportTest, AKeptHeadShowsWhatWasCutOff) {
  Keeper keeper;
  MakeHeads(3);
  const auto exporter = Start(Options(keeper.url()));
  ASSERT_TRUE(Arrive(keeper, 3));
  v1::TreeHead kept;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(keeper.files().at(Place(3)), &kept).ok());
  const auto check = [&](std::vector<const v1::TreeHead*> outside) {
    return database().ReadSnapshot(TestCall(), [&](postgres::Transaction& tx) {
      return CheckLog(tx, "evaluation", "dumai", signer_.public_key(), outside);
    });
  };
  ASSERT_EQ(check({&kept})->findings_size(), 0);
  Query(
      "SET session_replication_role = replica; DELETE FROM audit_heads WHERE tree_size = 3; "
      "DELETE FROM audit_leaves WHERE leaf_index = 2; DELETE FROM audit_events WHERE event_number "
      "= (SELECT max(event_number) FROM audit_events)");
  EXPECT_EQ(check({})->findings_size(), 0);
  const auto found = check({&kept});
  ASSERT_THAT(found, IsOk());
  ASSERT_GE(found->findings_size(), 1);
  EXPECT_EQ(found->findings(0).kind(), v1::LogFinding::LOG_CUT);
}

}  // namespace
}  // namespace teraju::audit
