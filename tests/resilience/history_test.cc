// R20: whatever people do, in whatever order, and while replicas die, plans and results are what a
// small reference says, and each step was taken once.
#include <array>
#include <atomic>
#include <ctime>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"
#include "tests/resilience/life.h"

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

struct Person {
  std::string name;
  Caller caller;
  std::string plan, evaluation, objection;
  Life life;
};

class History : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto suite = harness::Suite::Start(TwoReplicas("evaluation"));
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

  // For longer than a year takes: copies of a caller would each renew the one session, which ends
  // it.
  static void RenewSessions() {
    std::vector<std::string> everybody = names_;
    everybody.insert(everybody.end(), {head_, town_->agency() + "/" + town_->mayor().subject});
    for (const std::string& name : everybody) {
      if (town_->As(name).expires_at - std::time(nullptr) < 300) town_->SignInAs(name);
    }
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
        return Send(hands.rest, "PATCH", person.caller, plan, OneResult(), id);
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
    const auto command = static_cast<Command>(
        random() % (person.objection.empty() ? kKindsWithoutObjection : kKinds));
    const std::string rating = random() % 2 == 0 ? "AS_EXPECTED" : "BELOW_EXPECTATION";
    Check(hands, person, command, rating);
  }

  void Check(Hands& hands, Person& person, Command command, const std::string& rating) {
    const Answer answer = Do(hands, person, command, rating, NewId());
    const std::string said = answer.ok() ? kDone : answer.Text("/error/details/0/reason");
    const std::string expected = person.life.Apply(command, rating);
    ++commands_;
    if (said == expected && (answer.ok() || !said.empty())) {
      if (answer.ok()) {
        ++done_;
        Record(person, command);
      }
      return;
    }
    Diverge(person.evaluation + ": command " + std::to_string(static_cast<int>(command)) +
            " was answered " + std::to_string(answer.status) + " " + said + ", expected '" +
            expected + "'");
  }

  // What has to be on record of it, once.
  void Record(const Person& person, Command command) {
    static const std::map<Command, std::string> types = {
        {Command::kEdit, "workPlan.updated"},
        {Command::kSubmit, "workPlan.submitted"},
        {Command::kReturn, "workPlan.returned"},
        {Command::kApprove, "workPlan.approved"},
        {Command::kSubmitSelf, "evaluation.selfSubmitted"},
        {Command::kRate, "evaluation.rated"},
        {Command::kAcknowledge, "evaluation.acknowledged"},
        {Command::kObject, "objection.filed"},
        {Command::kRespond, "objection.responded"},
        {Command::kUphold, "objection.decided"},
        {Command::kOverride, "objection.decided"},
        {Command::kWithdraw, "objection.withdrawn"}};
    const std::string& type = types.at(command);
    const std::lock_guard lock(mutex_);
    const bool of_plan = type.starts_with("workPlan.");
    const bool of_objection = type.starts_with("objection.");
    ++records_[{of_plan ? person.plan : of_objection ? person.objection : person.evaluation, type}];
    if (command == Command::kOverride) ++records_[{person.evaluation, "evaluation.final"}];
  }

  // Whether each step that was taken is on record as often as it was taken.
  void CompareRecords() {
    std::map<std::pair<std::string, std::string>, int> found;
    pqxx::connection connection(suite_->Dsn("evaluation"));
    pqxx::nontransaction tx(connection);
    for (const pqxx::row& row :
         tx.exec("SELECT resource, type, count(*) FROM audit_events GROUP BY 1, 2"))
      found[{row[0].c_str(), row[1].c_str()}] = row[2].as<int>();
    for (const auto& [step, times] : records_) {
      if (found[step] != times) {
        Diverge(absl::StrCat(step.first,
                             ": ",
                             step.second,
                             " is on record ",
                             found[step],
                             " times, expected ",
                             times));
      }
    }
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
        if (is != expected)
          Diverge(absl::StrCat(person.evaluation, ": is ", is, ", expected ", expected));
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
    RenewSessions();
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
    for (Person& person : people_) {
      person.life.result = "FINAL";
      ++records_[{person.evaluation, "evaluation.final"}];
    }
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
  // By resource and type.
  std::map<std::pair<std::string, std::string>, int> records_;
};

// In CI two sequences of each person; TERAJU_SEQUENCES in all in `scripts/check --long`.
int Years() {
  const char* sequences = std::getenv("TERAJU_SEQUENCES");
  return sequences == nullptr ? 2 : std::max(1, std::atoi(sequences) / kPeople);
}

TEST_F(History, IsWhatTheReferenceSaysWhileReplicasDie) {
  testing::CheckLine line("R20", "divergences", "0");
  std::mt19937 random(1);
  std::atomic<bool> over = false;
  int kills = 0;
  harness::Load killer(1, [&](int, int) {
    const std::int64_t next = commands_ + 100 + random() % 1000;
    EXPECT_TRUE(testing::Eventually([&] { return over || commands_ >= next; }, absl::Minutes(2)));
    if (over) return;
    suite_->process("evaluation-2").Kill9();
    ++kills;
    EXPECT_TRUE(suite_->process("evaluation-2").Start().ok());
    EXPECT_TRUE(suite_->WaitReady("evaluation-2").ok());
  });
  for (int i = 0; i < Years(); ++i) LiveYear(kFirstYear + 1 + i);
  over = true;
  killer.Stop();
  CompareRecords();
  EXPECT_EQ(divergences_, 0) << first_divergence_;
  EXPECT_GT(kills, 0);
  // The commands met both: what is allowed and what is not.
  EXPECT_GT(done_ * 5, commands_);
  EXPECT_LT(done_ * 5, commands_ * 4);
  line.Set(static_cast<double>(divergences_), commands_);
}

TEST_F(History, APlantedFaultIsFound) {
  LiveYear(kFirstYear, true);
  EXPECT_GT(divergences_, 0);
  // A step that is on record once too often is found as well.
  CompareRecords();
  const std::int64_t before = divergences_;
  --records_.begin()->second;
  CompareRecords();
  EXPECT_GT(divergences_, before);
}

}  // namespace
}  // namespace teraju::resilience
