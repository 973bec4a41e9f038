// R06: a write sent again is done once and answered as the first time; another write under the same
// id is refused.
#include <barrier>
#include <functional>
#include <set>
#include <thread>

#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "tests/harness/grpc_client.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

using ::testing::HasSubstr;
namespace v1 = catalog::v1;

constexpr int kKeys = 1000;
constexpr int kRest = 3;    // callers over REST
constexpr int kAtOnce = 5;  // with those over gRPC
constexpr char kCreateGoal[] = "teraju.catalog.v1.Goals/CreateGoal";

// What one caller was told: the bytes of the answer, and the goal that it names.
struct Told {
  bool ok = false;
  std::string bytes;
  std::string goal;
  bool operator<(const Told& other) const { return bytes < other.bytes; }
};

class Idempotency : public ::testing::Test {
 protected:
  void SetUp() override {
    harness::Suite::Options options;
    options.services = {"identity", "catalog", "gateway"};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    crowd_ = std::make_unique<Crowd>(*suite_, kAtOnce);
    grpc_ = std::make_unique<harness::GrpcClient>(suite_->grpc_port());
  }

  static std::string Title(int key) { return "Sasaran " + std::to_string(key); }
  static std::string IdOf(int key) { return simulation::RequestId("R06", std::to_string(key)); }

  // Creates a goal, callers below kRest over REST, the others over gRPC.
  Told Send(int caller, const std::string& title, const std::string& request_id) {
    if (caller < kRest) {
      const auto answer = crowd_->Goal(caller, title, request_id);
      return {answer.ok(), json::serialize(answer.body), answer.Text("/name")};
    }
    v1::CreateGoalRequest request;
    request.set_parent(crowd_->town().agency());
    request.set_request_id(request_id);
    v1::Goal& goal = *request.mutable_goal();
    goal.set_kind(v1::Goal::STRATEGIC_GOAL);
    goal.set_title(title);
    goal.set_first_year(2025);
    goal.set_last_year(2029);
    const auto answer = grpc_->Call(kCreateGoal, crowd_->token(caller), request);
    goal.ParseFromString(answer.bytes);
    return {answer.ok(), answer.ok() ? answer.bytes : answer.reason, goal.name()};
  }
  // Sends the same again until it is answered, as a client does while a service restarts.
  Told SendUntilDone(int caller, const std::string& title, const std::string& request_id) {
    Told told;
    EXPECT_TRUE(testing::Eventually([&] { return (told = Send(caller, title, request_id)).ok; },
                                    absl::Seconds(30)))
        << title << ": " << told.bytes;
    return told;
  }
  // Every caller sends each of `keys` at the same moment; what each was told, by key.
  std::vector<std::vector<Told>> SendAtOnce(int keys,
                                            const std::function<std::string(int)>& id_of,
                                            const std::function<void(int)>& meanwhile) {
    std::vector<std::vector<Told>> told(keys, std::vector<Told>(kAtOnce));
    std::barrier together(kAtOnce + 1);
    std::vector<std::thread> threads;
    for (int caller = 0; caller < kAtOnce; ++caller) {
      threads.emplace_back([&, caller] {
        for (int key = 0; key < keys; ++key) {
          together.arrive_and_wait();
          told[key][caller] = SendUntilDone(caller, Title(key), id_of(key));
        }
      });
    }
    for (int key = 0; key < keys; ++key) {
      together.arrive_and_wait();
      meanwhile(key);
    }
    for (std::thread& thread : threads) thread.join();
    return told;
  }
  // Keys whose callers were not all told the same: one goal, and bytes that are equal among those
  // who speak one protocol.
  static int Mismatches(const std::vector<std::vector<Told>>& told) {
    int mismatches = 0;
    for (const auto& answers : told) {
      std::set<std::string> goals;
      for (const Told& one : answers) goals.insert(one.goal);
      const std::set<Told> rest(answers.begin(), answers.begin() + kRest);
      const std::set<Told> grpc(answers.begin() + kRest, answers.end());
      if (goals.size() != 1 || goals.contains("") || rest.size() != 1 || grpc.size() != 1)
        ++mismatches;
    }
    return mismatches;
  }
  std::int64_t Effects() { return Count(*suite_, "catalog", "SELECT count(*) FROM goals"); }
  void KillAndRestart() {
    suite_->process("catalog").Kill9();
    EXPECT_TRUE(suite_->process("catalog").Start().ok());
    EXPECT_TRUE(suite_->WaitReady("catalog").ok());
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<Crowd> crowd_;
  std::unique_ptr<harness::GrpcClient> grpc_;
};

TEST_F(Idempotency, EachKeyHasOneEffectAndOneAnswer) {
  testing::CheckLine line(
      "R06", "effects", "1000 effects of 5000 writes, replays identical, 1000 others refused");
  const auto told = SendAtOnce(kKeys, IdOf, [this](int key) {
    if (key == kKeys / 2) KillAndRestart();
  });
  EXPECT_EQ(Mismatches(told), 0);
  const std::int64_t effects = Effects();
  EXPECT_EQ(effects, kKeys);

  // Almost a day later the first answer is still given.
  pqxx::connection connection(suite_->Dsn("catalog"));
  pqxx::nontransaction(connection)
      .exec("UPDATE requests SET create_time = create_time - interval '23 hours 50 minutes'");
  KillAndRestart();
  for (int key = 0; key < kKeys; ++key) {
    const int caller = key % kAtOnce;
    EXPECT_EQ(SendUntilDone(caller, Title(key), IdOf(key)).bytes, told[key][caller].bytes);
  }
  // Another write under the id of the first is refused and changes nothing.
  for (int key = 0; key < kKeys; ++key) {
    const Told other = Send(key % kAtOnce, "Lain", IdOf(key));
    EXPECT_FALSE(other.ok);
    EXPECT_THAT(other.bytes, HasSubstr("REQUEST_ID_REUSED"));
  }
  EXPECT_EQ(Effects(), kKeys);
  line.Set(static_cast<double>(effects), static_cast<std::int64_t>(kKeys) * (kAtOnce + 2));
}

// The control: without a request id the same load has an effect for every write, so the check above
// would see a lost protection.
TEST_F(Idempotency, WithoutAnIdEachWriteIsItsOwn) {
  constexpr int kFew = 20;
  const auto told = SendAtOnce(
      kFew, [](int) { return std::string(); }, [](int) {});
  EXPECT_EQ(Mismatches(told), kFew);
  EXPECT_EQ(Effects(), kFew * kAtOnce);
}

}  // namespace
}  // namespace teraju::resilience
