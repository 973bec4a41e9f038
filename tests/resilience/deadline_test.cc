// The last seconds before a deadline: everybody hands in at once, a replica dies, and nobody is
// lost or let in afterwards.
#include <thread>

#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

using scenarios::Caller;
using scenarios::Town;
using simulation::Answer;
using simulation::RestClient;

constexpr int kPeople = 240;
constexpr int kThreads = 16;
constexpr absl::Duration kBefore = absl::Seconds(2);
constexpr absl::Duration kAfter = absl::Seconds(1);

struct Person {
  std::string name;
  Caller caller;
  std::string request_id;
  std::string plan;
  Answer answer;
  absl::Time answer_time;
};

Answer HandIn(RestClient& rest, Person& person) {
  return SendUntilAnswered(rest,
                           "POST",
                           person.caller,
                           "/v1/" + person.plan + ":submit",
                           {{"requestId", person.request_id}});
}

void WaitFor(absl::Time time) {
  EXPECT_TRUE(testing::Eventually([time] { return absl::Now() >= time; }));
}

class Deadline : public ::testing::Test {
 protected:
  void SetUp() override {
    auto suite = harness::Suite::Start(TwoReplicas("evaluation"));
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = *std::move(suite);
    town_.emplace(*suite_, "rush", "Kota Uji");
    const std::string office = town_->Unit("dinas", "Dinas", town_->root());
    town_->Employee("Kepala", office, "Kepala Dinas", "STRUCTURAL", true);
    for (int i = 0; i < kPeople; ++i) {
      const std::string name =
          town_->Employee("Pegawai " + std::to_string(i), office, "Analis", "FUNCTIONAL", false);
      people_.push_back({.name = name, .caller = town_->As(name), .request_id = town_->Fresh()});
    }
    cycle_ = town_->OpenCycle("2025");
    for (Person& person : people_) {
      person.plan = scenarios::TextOf(town_->PlanOf(person.name, cycle_), "name");
      town_->rest().Patch(&person.caller, "/v1/" + person.plan, OneResult());
    }
  }

  // Every thread its share of the people, evenly over the time around the deadline.
  void Rush(absl::Time due) {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, t, due] {
        RestClient rest("127.0.0.1", suite_->rest_port(), tally_);
        for (int i = t; i < kPeople; i += kThreads) {
          WaitFor(due - kBefore + (kBefore + kAfter) * i / kPeople);
          people_[i].answer = HandIn(rest, people_[i]);
          people_[i].answer_time = absl::Now();
        }
      });
    }
    WaitFor(due - kBefore / 2);
    suite_->process("evaluation-2").Kill9();
    EXPECT_TRUE(suite_->process("evaluation-2").Start().ok());
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(suite_->WaitReady("evaluation-2").ok());
  }

  std::unique_ptr<harness::Suite> suite_;
  std::optional<Town> town_;
  simulation::Tally tally_;
  std::vector<Person> people_;
  std::string cycle_;
};

TEST_F(Deadline, InTheLastSecondsNobodyIsLost) {
  const absl::Time due = absl::Now() + kBefore + absl::Seconds(1);
  const std::string text = absl::FormatTime(absl::RFC3339_full, due, absl::UTCTimeZone());
  town_->rest().Patch(&town_->hr(), "/v1/" + cycle_ + "/deadlines/work-plans", {{"dueTime", text}});
  Rush(due);

  int in_time = 0;
  int late = 0;
  for (Person& person : people_) {
    const Answer plan = town_->rest().Get(&person.caller, "/v1/" + person.plan);
    if (person.answer.ok()) {
      ++in_time;
      EXPECT_EQ(plan.Text("/state"), "SUBMITTED");
      EXPECT_EQ(plan.Text("/submitTime"), person.answer.Text("/submitTime"));
      absl::Time taken;
      std::string error;
      EXPECT_TRUE(
          absl::ParseTime(absl::RFC3339_full, person.answer.Text("/submitTime"), &taken, &error))
          << error;
      EXPECT_LE(taken, due);
      // Who asks again afterwards gets the same receipt.
      const Answer again = HandIn(town_->rest(), person);
      EXPECT_EQ(again.body, person.answer.body);
    } else {
      ++late;
      EXPECT_EQ(person.answer.Text("/error/details/0/reason"), "HANDED_IN_TOO_LATE")
          << person.answer.status << " " << simulation::json::serialize(person.answer.body);
      EXPECT_EQ(plan.Text("/state"), "DRAFT");
      EXPECT_GT(person.answer_time, due);
    }
  }
  EXPECT_GT(in_time, kPeople / 4);
  EXPECT_GT(late, kPeople / 8);
  EXPECT_EQ(
      Count(*suite_, "evaluation", "SELECT count(*) FROM work_plans WHERE state = 'SUBMITTED'"),
      in_time);
  EXPECT_EQ(Count(*suite_,
                  "evaluation",
                  "SELECT count(*) FROM audit_events WHERE type = 'workPlan.submitted'"),
            in_time);
}

}  // namespace
}  // namespace teraju::resilience
