// R20: whatever people do, in whatever order, and while replicas die, plans and results are what a
// small reference says, and each step was taken once.
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "common/testing/check_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"
#include "tests/resilience/kills.h"

namespace teraju::resilience {
namespace {

using scenarios::Caller;
using scenarios::Town;
using simulation::Answer;
using simulation::RestClient;

constexpr int kPeople = 60;
constexpr int kThreads = 8;
// Commands of a sequence before the period is scored, before its results are final, and afterwards.
constexpr std::array<int, 3> kCommands = {20, 15, 15};
constexpr int kFirstYear = 2024;  // the town has its mayor from then on
constexpr char kDone[] = "";

enum class Command {
  kEdit,
  kSubmit,
  kReturn,
  kApprove,
  kApproveOwn,
  kSubmitSelf,
  kRate,
  kAcknowledge,
  kObject,
  kRespond,
  kUphold,
  kOverride,
  kWithdraw
};
constexpr int kKinds = 13;

// The reference: one person's plan and result.
struct Life {
  bool planted_fault = false;  // believes that a returned plan can be approved
  std::string plan = "DRAFT";
  bool written = false;
  bool scored = false;
  std::string result = "OPEN";
  std::string rating;
  std::string objection;  // none yet

  bool final_result() const { return result == "FINAL" || result == "ACKNOWLEDGED"; }
  bool disputed() const { return objection == "FILED" || objection == "HEARD"; }

  std::string Move(bool allowed, const char* to, const char* refusal, std::string& state) {
    if (!allowed) return refusal;
    state = to;
    return kDone;
  }

  // Does it: kDone, or the reason of the refusal. `rating` is what a rating or override sets.
  std::string Apply(Command command, const std::string& set) {
    const bool draft = plan == "DRAFT" || plan == "RETURNED";
    switch (command) {
      case Command::kEdit:
        written = written || draft;
        return draft ? kDone : "WORK_PLAN_NOT_EDITABLE";
      case Command::kSubmit:
        if (draft && !written) return "WORK_PLAN_EMPTY";
        return Move(draft, "SUBMITTED", "WORK_PLAN_WRONG_STATE", plan);
      case Command::kReturn:
        return Move(plan == "SUBMITTED", "RETURNED", "WORK_PLAN_WRONG_STATE", plan);
      case Command::kApprove:
        return Move(plan == "SUBMITTED" || (planted_fault && plan == "RETURNED"),
                    "APPROVED",
                    "WORK_PLAN_WRONG_STATE",
                    plan);
      case Command::kApproveOwn:
        return "PERMISSION_DENIED";
      case Command::kSubmitSelf:
        if (final_result()) return "EVALUATION_FINAL";
        return result == "OPEN" ? kDone : "EVALUATION_RATED";
      case Command::kRate:
        if (!scored) return "PERIOD_NOT_SCORED";
        if (final_result()) return "EVALUATION_FINAL";
        rating = set;
        result = "RATED";
        return kDone;
      case Command::kAcknowledge:
        return Move(final_result(), "ACKNOWLEDGED", "EVALUATION_NOT_FINAL", result);
      case Command::kObject:
        if (!final_result()) return "EVALUATION_NOT_FINAL";
        return Move(
            objection.empty() || objection == "WITHDRAWN", "FILED", "OBJECTION_EXISTS", objection);
      case Command::kRespond:
        return Move(disputed(), "HEARD", "OBJECTION_WRONG_STATE", objection);
      case Command::kUphold:
      case Command::kOverride:
        if (!disputed()) return "OBJECTION_WRONG_STATE";
        if (objection == "FILED") return "OBJECTION_NOT_HEARD";
        if (command == Command::kOverride && set == rating) return "OBJECTION_CHANGES_NOTHING";
        objection = command == Command::kUphold ? "RESULT_UPHELD" : "RESULT_CHANGED";
        if (command == Command::kUphold) return kDone;
        rating = set;
        result = "FINAL";
        return kDone;
      case Command::kWithdraw:
        return Move(disputed(), "WITHDRAWN", "OBJECTION_WRONG_STATE", objection);
    }
    return "";
  }
};

struct Person {
  std::string name;
  Caller caller;
  std::string plan, evaluation, objection;
  Life life;
};

class History : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    harness::Suite::Options options;
    options.settings = {{"TERAJU_GATEWAY_PRINCIPAL_CALLS_PER_SECOND", "0"},
                        {"TERAJU_GATEWAY_AGENCY_CALLS_PER_SECOND", "0"}};
    options.services = {"identity", "catalog", "evaluation", "gateway"};
    options.replicas = {{"evaluation", 2}};
    auto suite = harness::Suite::Start(options);
    ASSERT_TRUE(suite.ok()) << suite.status();
    suite_ = suite->release();
    town_ = new Town(*suite_, "history", "Kota Uji");
    const std::string office = town_->Unit("dinas", "Dinas", town_->root());
    const std::string start = std::to_string(kFirstYear) + "-01-01";
    head_ = town_->Employee("Kepala", office, "Kepala Dinas", "STRUCTURAL", true, start);
    for (int i = 0; i < kPeople; ++i) {
      names_.push_back(town_->Employee(
          "Pegawai " + std::to_string(i), office, "Analis", "FUNCTIONAL", false, start));
    }
  }
  static void TearDownTestSuite() {
    delete town_;
    delete suite_;
  }

  // A cycle of its own for one sequence of each person.
  void Open(int year, bool planted_fault) {
    cycle_ = town_->OpenCycle(std::to_string(year));
    quarter_ = cycle_ + "/periods/q1";
    people_.clear();
    for (const std::string& name : names_) {
      Person person{.name = name, .caller = town_->As(name)};
      person.life.planted_fault = planted_fault;
      person.plan = scenarios::TextOf(town_->PlanOf(name, cycle_), "name");
      person.evaluation = scenarios::TextOf(town_->EvaluationOf(name, quarter_), "name");
      people_.push_back(std::move(person));
    }
  }

  static std::string NewId() {
    static std::atomic<int> last = 0;
    return simulation::RequestId("history", std::to_string(++last));
  }

  static Answer Send(RestClient& rest,
                     const char* verb,
                     Caller& caller,
                     const std::string& path,
                     json::value body,
                     const std::string& id) {
    // A body that is the resource leaves the request's own fields to the query.
    if (verb == std::string("PATCH") || path.ends_with("/objections"))
      return SendUntilAnswered(rest, verb, caller, path + "?requestId=" + id, body);
    body.as_object()["requestId"] = id;
    return SendUntilAnswered(rest, verb, caller, path, body);
  }

  struct Hands {
    RestClient& rest;
    Caller head, mayor;
  };

  static Answer Do(Hands& hands,
                   Person& person,
                   Command command,
                   const std::string& rating,
                   const std::string& id) {
    const std::string plan = "/v1/" + person.plan;
    const std::string evaluation = "/v1/" + person.evaluation;
    const std::string objection = "/v1/" + person.objection;
    const auto post = [&](Caller& caller, const std::string& path, const json::value& body) {
      return Send(hands.rest, "POST", caller, path, body, id);
    };
    switch (command) {
      case Command::kEdit:
        return Send(hands.rest,
                    "PATCH",
                    person.caller,
                    plan,
                    {{"items",
                      {{{"itemId", "hk1"},
                        {"kind", "MAIN"},
                        {"title", "Layanan tepat waktu"},
                        {"indicators",
                         {{{"indicatorId", "waktu"},
                           {"aspect", "TIME"},
                           {"title", "Hari layanan"},
                           {"unitOfMeasure", "hari"},
                           {"polarity", "LOWER_IS_BETTER"},
                           {"target", scenarios::Amount("5")}}}}}}}},
                    id);
      case Command::kSubmit:
        return post(person.caller, plan + ":submit", json::object());
      case Command::kReturn:
        return post(hands.head, plan + ":return", {{"comment", "Tambahkan target"}});
      case Command::kApprove:
        return post(hands.head, plan + ":approve", json::object());
      case Command::kApproveOwn:
        return post(person.caller, plan + ":approve", json::object());
      case Command::kSubmitSelf:
        return post(person.caller, evaluation + ":submitSelf", {{"note", "Tercapai"}});
      case Command::kRate:
        return post(hands.head,
                    evaluation + ":rate",
                    {{"resultRating", rating},
                     {"resultReason", "Menurut catatan"},
                     {"behaviorRating", "AS_EXPECTED"}});
      case Command::kAcknowledge:
        return post(person.caller, evaluation + ":acknowledge", json::object());
      case Command::kObject: {
        Answer filed = post(person.caller,
                            "/v1/" + town_->agency() + "/objections",
                            {{"evaluation", person.evaluation}, {"reason", "Belum dihitung"}});
        if (filed.ok()) person.objection = filed.Text("/name");
        return filed;
      }
      case Command::kRespond:
        return post(hands.head, objection + ":respond", {{"text", "Sudah dihitung"}});
      case Command::kUphold:
        return post(hands.mayor, objection + ":decide", {{"reason", "Catatan lengkap"}});
      case Command::kOverride:
        return post(hands.mayor,
                    objection + ":decide",
                    {{"reason", "Catatan kurang"}, {"resultRating", rating}});
      case Command::kWithdraw:
        return post(person.caller, objection + ":withdraw", json::object());
    }
    return {};
  }

  // So many random commands for everybody.
  void Live(int phase, int year) {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, t, phase, year] {
        RestClient rest("127.0.0.1", suite_->rest_port(), tally_);
        Hands hands{rest, town_->As(head_), town_->mayor()};
        for (int i = t; i < kPeople; i += kThreads) {
          std::mt19937 random(static_cast<unsigned>((year * 3 + phase) * kPeople + i));
          for (int n = 0; n < kCommands[phase]; ++n) Step(hands, people_[i], random);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  void Step(Hands& hands, Person& person, std::mt19937& random) {
    const auto command = static_cast<Command>(random() % kKinds);
    if (command >= Command::kRespond && person.objection.empty()) return;
    const std::string rating = random() % 2 == 0 ? "AS_EXPECTED" : "BELOW_EXPECTATION";
    Check(hands, person, command, rating);
  }

  void Check(Hands& hands, Person& person, Command command, const std::string& rating) {
    const Answer answer = Do(hands, person, command, rating, NewId());
    const std::string said = answer.ok() ? kDone : answer.Text("/error/details/0/reason");
    const std::string expected = person.life.Apply(command, rating);
    ++commands_;
    if (said == expected && (answer.ok() || !said.empty())) {
      if (answer.ok()) ++done_;
      return;
    }
    Diverge(person.evaluation + ": command " + std::to_string(static_cast<int>(command)) +
            " was answered " + std::to_string(answer.status) + " " + said + ", expected '" +
            expected + "'");
  }

  void Diverge(const std::string& what) {
    ++divergences_;
    const std::lock_guard lock(mutex_);
    if (first_divergence_.empty()) first_divergence_ = what;
  }

  // Whether everything that is stored is what the reference says.
  void Compare() {
    for (Person& person : people_) {
      RestClient& rest = town_->rest();
      const Answer plan = rest.Get(&person.caller, "/v1/" + person.plan);
      const Answer evaluation = rest.Get(&person.caller, "/v1/" + person.evaluation);
      const auto same = [&](const std::string& is, const std::string& expected) {
        if (is != expected) Diverge(person.evaluation + ": is " + is + ", expected " + expected);
      };
      same(plan.Text("/state"), person.life.plan);
      same(evaluation.Text("/state"), person.life.result);
      same(evaluation.Text("/resultRating"), person.life.rating);
      if (!person.objection.empty()) {
        same(rest.Get(&person.caller, "/v1/" + person.objection).Text("/state"),
             person.life.objection);
      }
    }
  }

  void LiveYear(int year, bool planted_fault = false) {
    Open(year, planted_fault);
    Live(0, year);
    town_->Run(town_->hr(), "/v1/" + quarter_ + ":score", json::object());
    for (Person& person : people_) person.life.scored = true;
    Live(1, year);
    Hands hands{town_->rest(), town_->As(head_), town_->mayor()};
    const std::string head_evaluation =
        "/v1/" + scenarios::TextOf(town_->EvaluationOf(head_, quarter_), "name");
    const Answer rated = Send(town_->rest(),
                              "POST",
                              hands.mayor,
                              head_evaluation + ":rate",
                              {{"resultRating", "AS_EXPECTED"},
                               {"resultReason", "Menurut catatan"},
                               {"behaviorRating", "AS_EXPECTED"}},
                              NewId());
    EXPECT_TRUE(rated.ok()) << simulation::json::serialize(rated.body);
    for (Person& person : people_) {
      if (person.life.result == "OPEN") Check(hands, person, Command::kRate, "AS_EXPECTED");
    }
    town_->Run(town_->hr(), "/v1/" + quarter_ + ":publishResults", json::object());
    for (Person& person : people_) person.life.result = "FINAL";
    Live(2, year);
    Compare();
  }

  inline static harness::Suite* suite_ = nullptr;
  inline static Town* town_ = nullptr;
  inline static std::string head_;
  inline static std::vector<std::string> names_;

  simulation::Tally tally_;
  std::string cycle_, quarter_;
  std::vector<Person> people_;
  std::atomic<std::int64_t> commands_ = 0, done_ = 0, divergences_ = 0;
  std::mutex mutex_;
  std::string first_divergence_;
};

// In CI two sequences of each person; TERAJU_SEQUENCES in all in `scripts/check --long`.
int Years() {
  const char* sequences = std::getenv("TERAJU_SEQUENCES");
  return sequences == nullptr ? 2 : std::max(1, std::atoi(sequences) / kPeople);
}

TEST_F(History, IsWhatTheReferenceSaysWhileReplicasDie) {
  testing::CheckLine line("R20", "divergences", "0");
  harness::Load killer(1, [&](int, int) {
    absl::SleepFor(absl::Milliseconds(1500));
    suite_->process("evaluation-2").Kill9();
    EXPECT_TRUE(suite_->process("evaluation-2").Start().ok());
    EXPECT_TRUE(suite_->WaitReady("evaluation-2").ok());
  });
  for (int i = 0; i < Years(); ++i) LiveYear(kFirstYear + 1 + i);
  killer.Stop();
  EXPECT_EQ(divergences_, 0) << first_divergence_;
  // The commands met both: what is allowed and what is not.
  EXPECT_GT(done_ * 5, commands_);
  EXPECT_LT(done_ * 5, commands_ * 4);
  line.Set(static_cast<double>(divergences_), commands_);
}

TEST_F(History, APlantedFaultIsFound) {
  LiveYear(kFirstYear, true);
  EXPECT_GT(divergences_, 0);
}

}  // namespace
}  // namespace teraju::resilience
