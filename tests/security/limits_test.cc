// S13: what is counted is counted rightly, and one above a limit is refused while the limit itself
// is not.
#include <cmath>
#include <ctime>

#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/http_get.h"
#include "tests/harness/load.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

namespace json = simulation::json;

constexpr int kRate = 100;
constexpr int kBurst = 200;
constexpr int kBody = 4096;
constexpr int kHead = 16 << 10;  // of the gateway, not configurable

class Limits : public ::testing::Test {
 protected:
  void Start(const std::string& rate) {
    harness::Suite::Options options;
    options.services = {"identity", "catalog", "gateway"};
    options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", rate},
                        {"TERAJU_GATEWAY_PRINCIPAL_BURST", std::to_string(kBurst)},
                        {"TERAJU_GATEWAY_MAX_BODY_BYTES", std::to_string(kBody)}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_ = std::make_unique<scenarios::Town>(*suite_, "limits", "Kota Uji");
    goals_ = "/v1/" + town_->agency() + "/goals";
  }

  int Status(simulation::RestClient& client, simulation::Caller& caller) {
    return client.Try("GET", &caller, goals_ + "?pageSize=1", nullptr).status;
  }
  // Calls without a pause for three seconds, or until one is refused; answered calls per what the
  // bucket should have allowed.
  double Ratio(simulation::Caller caller, double burst, bool until_refused, int& calls) {
    simulation::RestClient client("127.0.0.1", suite_->rest_port(), tally_);
    const absl::Time start = absl::Now();
    int allowed = 0;
    while (absl::Now() - start < absl::Seconds(3)) {
      ++calls;
      const int status = Status(client, caller);
      if (status == 200) {
        ++allowed;
      } else {
        EXPECT_EQ(status, 429);
        if (until_refused) break;
      }
    }
    return allowed / (burst + kRate * absl::ToDoubleSeconds(absl::Now() - start));
  }
  // The status of a request of exactly these sizes, in bytes.
  int Sized(std::size_t head_size, std::size_t body_size) {
    std::string body = R"({"kind":"STRATEGIC_GOAL","title":"a","firstYear":2025,"lastYear":2029)";
    body.append(body_size - body.size() - 1, ' ');
    body += "}";
    std::string head = "POST " + goals_ +
                       " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n" +
                       "Connection: close\r\nAuthorization: Bearer " + town_->hr().access_token +
                       "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (head_size > 0) head += "X: " + std::string(head_size - head.size() - 7, 'x') + "\r\n";
    return harness::HttpRaw(suite_->rest_port(), head + "\r\n" + body).status;
  }

  std::unique_ptr<harness::Suite> suite_;
  std::unique_ptr<scenarios::Town> town_;
  std::string goals_;
  simulation::Tally tally_;
};

TEST_F(Limits, CountWhatTheySayAndRefuseOneMore) {
  testing::CheckLine line("S13", "error of the counted calls, percent", "5");
  Start(std::to_string(kRate));
  int calls = 0;
  // The mayor has hardly called: the whole burst is there.
  const double burst = Ratio(town_->mayor(), kBurst, /*until_refused=*/true, calls);
  // Then nothing is left of it, and the rate alone holds.
  const double rate = Ratio(town_->mayor(), 0, /*until_refused=*/false, calls);
  const double error = 100 * std::max(std::abs(burst - 1), std::abs(rate - 1));
  EXPECT_LE(error, 5);
  // A refusal says when to come again, and nobody else is refused meanwhile.
  {
    harness::Load greedy(2, [&](int, int) {
      simulation::Caller caller = town_->mayor();
      simulation::RestClient client("127.0.0.1", suite_->rest_port(), tally_);
      for (int i = 0; i < 50; ++i) Status(client, caller);
    });
    const std::string request = "GET " + goals_ + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" +
                                "Authorization: Bearer " + town_->mayor().access_token + "\r\n\r\n";
    EXPECT_TRUE(testing::Eventually(
        [&] {
          const harness::HttpAnswer answer = harness::HttpRaw(suite_->rest_port(), request);
          return answer.status == 429 && answer.text.find("Retry-After: ") != std::string::npos &&
                 answer.text.find("RATE_LIMITED") != std::string::npos;
        },
        absl::Seconds(10)));
    simulation::RestClient client("127.0.0.1", suite_->rest_port(), tally_);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(Status(client, town_->hr()), 200);
  }
  EXPECT_EQ(Sized(0, kBody - 1), 200);
  EXPECT_EQ(Sized(0, kBody), 200);
  EXPECT_EQ(Sized(0, kBody + 1), 413);
  EXPECT_EQ(Sized(kHead - 1, 200), 200);
  EXPECT_EQ(Sized(kHead, 200), 200);
  EXPECT_EQ(Sized(kHead + 1, 200), 431);
  line.Set(error, calls);
}

// The control: without the setting the same calls are all answered.
TEST_F(Limits, AreOffWhereTheyAreSetToNothing) {
  Start("0");
  int calls = 0;
  Ratio(town_->mayor(), kBurst, /*until_refused=*/true, calls);
  EXPECT_GT(calls, 3 * kRate + kBurst);
}

}  // namespace
}  // namespace teraju::security
