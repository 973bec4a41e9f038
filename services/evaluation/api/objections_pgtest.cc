// Objections from filing to the changed receipt: who may do what when, clocks, deciders, reminders,
// statistics.
#include <algorithm>
#include <functional>

#include "absl/strings/escaping.h"
#include "common/engines/rules/cli/receipt_check.h"
#include "google/protobuf/util/json_util.h"
#include "services/evaluation/api/evaluation_fixture.h"
#include "services/evaluation/domain/objection.h"

namespace teraju::evaluation {
namespace {

using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;
using O = v1::Objections;

constexpr char kMayorName[] = "agencies/plaju/officials/mayor";
constexpr char kHeadName[] = "agencies/plaju/employees/head";

// The first quarter is published: the officer below expectation, everybody else as expected. The
// trainee works under the officer.
class ObjectionsTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    identity_.segments.push_back(Segment("trainee", false, "employees/officer", "employees/head"));
    AgreeAll();
    Agree("trainee", kOfficer);
    ASSERT_THAT(Realise("officer", "77", 3, 31), IsOk());
    ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
    ASSERT_THAT(Rate(kMayor, Result("head"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
    ASSERT_THAT(Rate(kHead, Result("officer"), v1::BELOW_EXPECTATION, v1::AS_EXPECTED), IsOk());
    ASSERT_THAT(Rate(kHead, Result("colleague"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
    ASSERT_THAT(Rate(kOfficer, Result("trainee"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
    ASSERT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
    // The worker's clock is another one than the calls'.
    Query(
        "UPDATE evaluations SET final_time = '2025-01-02 00:00:00+00' WHERE period_id = 'q1' "
        "RETURNING 1");
  }

  std::string Result(const std::string& person) { return EvaluationOf(person, "q1"); }
  void LaterBy(int days) { host_.clock().Advance(absl::Hours(24 * days)); }

  absl::StatusOr<v1::Objection> File(const Caller& caller, const std::string& evaluation) {
    v1::CreateObjectionRequest request;
    request.set_parent(kAgency);
    request.mutable_objection()->set_evaluation(evaluation);
    request.mutable_objection()->set_reason("Realisasi 77 dari target 70.");
    return Call<O>(caller, &O::StubInterface::CreateObjection, request);
  }
  absl::StatusOr<v1::Objection> Get(const Caller& caller, const std::string& name) {
    v1::GetObjectionRequest request;
    request.set_name(name);
    return Call<O>(caller, &O::StubInterface::GetObjection, request);
  }
  absl::StatusOr<v1::Objection> Respond(const Caller& caller, const std::string& name) {
    v1::RespondToObjectionRequest request;
    request.set_name(name);
    request.set_text("Angka dari register.");
    return Call<O>(caller, &O::StubInterface::RespondToObjection, request);
  }
  absl::StatusOr<v1::Objection> Recuse(const Caller& caller, const std::string& name) {
    v1::RecuseObjectionRequest request;
    request.set_name(name);
    request.set_reason("Hubungan keluarga");
    return Call<O>(caller, &O::StubInterface::RecuseObjection, request);
  }
  absl::StatusOr<v1::Objection> Assign(const Caller& caller,
                                       const std::string& name,
                                       const std::string& decider) {
    v1::AssignObjectionRequest request;
    request.set_name(name);
    request.set_decider(decider);
    request.set_reason("Ditunjuk PPK");
    return Call<O>(caller, &O::StubInterface::AssignObjection, request);
  }
  absl::StatusOr<v1::Objection> Decide(const Caller& caller,
                                       const std::string& name,
                                       v1::Rating results = v1::RATING_UNSPECIFIED) {
    v1::DecideObjectionRequest request;
    request.set_name(name);
    request.set_reason("Register pelayanan menunjukkan target tercapai.");
    request.set_result_rating(results);
    return Call<O>(caller, &O::StubInterface::DecideObjection, request);
  }
  absl::StatusOr<v1::Objection> Withdraw(const Caller& caller, const std::string& name) {
    v1::WithdrawObjectionRequest request;
    request.set_name(name);
    return Call<O>(caller, &O::StubInterface::WithdrawObjection, request);
  }
  absl::StatusOr<v1::RemindObjectionsResponse> Remind(const Caller& caller = kHr) {
    v1::RemindObjectionsRequest request;
    request.set_parent(kAgency);
    return Call<O>(caller, &O::StubInterface::RemindObjections, request);
  }
  std::vector<std::string> Cases(const Caller& caller, bool without_decider = false) {
    v1::ListObjectionsRequest request;
    request.set_parent(kAgency);
    request.set_without_decider(without_decider);
    std::vector<std::string> names;
    const auto list = Call<O>(caller, &O::StubInterface::ListObjections, request);
    EXPECT_THAT(list, IsOk());
    if (!list.ok()) return names;
    for (const v1::Objection& objection : list->objections()) names.push_back(objection.name());
    return names;
  }
  absl::StatusOr<v1::ObjectionRules> SetRules(const Caller& caller, v1::ObjectionRules rules) {
    v1::UpdateObjectionRulesRequest request;
    rules.set_name("agencies/plaju/objectionRules");
    *request.mutable_objection_rules() = std::move(rules);
    return Call<O>(caller, &O::StubInterface::UpdateObjectionRules, request);
  }
  absl::StatusOr<v1::ScoreReceipt> ReceiptOf(const std::string& evaluation) {
    v1::GetScoreReceiptRequest request;
    request.set_name(evaluation + "/scoreReceipt");
    return Call<v1::Evaluations>(
        kOfficer, &v1::Evaluations::StubInterface::GetScoreReceipt, request);
  }
  std::vector<std::string> Events(const std::string& type) {
    return Query("SELECT count(*) FROM outbox WHERE type = 'objection." + type + "'");
  }
};

TEST_F(ObjectionsTest, ThePersonFilesOnceAndTheRecordIsFrozen) {
  const std::string result = Result("officer");
  for (const Caller& other : {kHead, kMayor, kColleague, kHr, kUnitHr})
    EXPECT_THAT(File(other, result), HasReason(errors::reasons::PERMISSION_DENIED));
  const auto filed = File(kOfficer, result);
  ASSERT_THAT(filed, IsOk());
  EXPECT_EQ(filed->state(), v1::Objection::FILED);
  EXPECT_EQ(filed->decider(), kMayorName);
  EXPECT_EQ(filed->filing_deadline().day(), 16);  // final on 2 January
  EXPECT_EQ(filed->record().evaluation().predicate(), v1::NEEDS_IMPROVEMENT);
  EXPECT_EQ(filed->record().progress_entries_size(), 1);
  EXPECT_THAT(filed->record().work_plan().items(0).title(), HasSubstr("partisipasi"));
  const auto again = File(kOfficer, result);
  EXPECT_THAT(again, HasReason(v1::OBJECTION_EXISTS));
  EXPECT_THAT(again, HasMetadata("objection", filed->name()));
  // The digest stands in the log; the record stays what it was.
  EXPECT_THAT(Query("SELECT details FROM audit_events WHERE type = 'objection.filed'"),
              ElementsAre(HasSubstr(filed->record_digest())));
  ASSERT_THAT(Realise("officer", "80", 5, 1), IsOk());
  EXPECT_EQ(Get(kMayor, filed->name())->record().progress_entries_size(), 1);
  EXPECT_THAT(Query("SELECT actor FROM audit_events WHERE type = 'objection.read'"),
              ElementsAre("officials/mayor"));
}

TEST_F(ObjectionsTest, WhatIsNotFinalOrTooLateIsRefusedWithWhatToDo) {
  EXPECT_THAT(File(kOfficer, EvaluationOf("officer")), HasReason(v1::EVALUATION_NOT_FINAL));
  LaterBy(15);
  Caller indonesian = kOfficer;
  indonesian.locale = "id";
  const auto late = File(indonesian, Result("officer"));
  EXPECT_THAT(late, HasReason(v1::OBJECTION_TOO_LATE));
  EXPECT_THAT(late, HasMetadata("deadline", "2025-01-16"));
  const auto text = errors::GetDetail<google::rpc::LocalizedMessage>(late.status());
  ASSERT_TRUE(text.has_value());
  EXPECT_THAT(text->message(), HasSubstr("pengelola kepegawaian"));
}

TEST_F(ObjectionsTest, ARehearsalBindsNobodyAndIsNotObjectedTo) {
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  const auto refused = File(kOfficer, Result("officer"));
  EXPECT_THAT(refused, HasReason(v1::SHADOW_CYCLE));
  EXPECT_THAT(refused, HasMetadata("cycle", kCycle));
  // The control: the same result of a binding cycle.
  Query("UPDATE cycles SET kind = 'ANNUAL' RETURNING 1");
  EXPECT_THAT(File(kOfficer, Result("officer")), IsOk());
}

TEST_F(ObjectionsTest, TheAgencyCountsDaysAsItSays) {
  v1::GetObjectionRulesRequest get;
  get.set_name("agencies/plaju/objectionRules");
  EXPECT_EQ(Call<O>(kColleague, &O::StubInterface::GetObjectionRules, get)->filing_days(), 14);
  v1::ObjectionRules rules;
  rules.set_day_kind(v1::ObjectionRules::WORKING_DAYS);
  *rules.add_holidays() = Parse<google::type::Date>("year: 2025 month: 1 day: 27");
  EXPECT_THAT(SetRules(kHead, rules), HasReason(errors::reasons::PERMISSION_DENIED));
  ASSERT_THAT(SetRules(kHr, rules), IsOk());
  *rules.mutable_holidays(0) = Parse<google::type::Date>("year: 2025 month: 2 day: 30");
  EXPECT_THAT(SetRules(kHr, rules), ViolatesField("objectionRules.holidays[0]"));
  EXPECT_EQ(Call<O>(kColleague, &O::StubInterface::GetObjectionRules, get)->day_kind(),
            v1::ObjectionRules::WORKING_DAYS);
  LaterBy(20);  // 22 January, the 14th working day after Thursday the 2nd
  const auto filed = File(kOfficer, Result("officer"));
  ASSERT_THAT(filed, IsOk());
  EXPECT_EQ(filed->filing_deadline().day(), 22);
  EXPECT_EQ(filed->response_due_date().day(), 30);  // without weekend and holiday
  // What is changed later is for later cases.
  rules.clear_holidays();
  rules.set_response_days(1);
  ASSERT_THAT(SetRules(kHr, rules), IsOk());
  EXPECT_EQ(Get(kOfficer, filed->name())->response_due_date().day(), 30);
}

TEST_F(ObjectionsTest, AChangedResultHasANewReceiptThatShowsBeforeAndAfter) {
  const std::string result = Result("officer");
  v1::AcknowledgeEvaluationRequest acknowledge;
  acknowledge.set_name(result);
  ASSERT_THAT(Call<v1::Evaluations>(
                  kOfficer, &v1::Evaluations::StubInterface::AcknowledgeEvaluation, acknowledge),
              IsOk());
  const std::string old_digest = ReceiptOf(result)->digest();
  const std::string name = File(kOfficer, result)->name();
  EXPECT_THAT(Decide(kMayor, name, v1::AS_EXPECTED), HasReason(v1::OBJECTION_NOT_HEARD));
  ASSERT_EQ(Respond(kOfficer, name)->state(), v1::Objection::FILED);
  ASSERT_EQ(Respond(kHead, name)->state(), v1::Objection::HEARD);
  EXPECT_THAT(Decide(kMayor, name, v1::BELOW_EXPECTATION),
              HasReason(v1::OBJECTION_CHANGES_NOTHING));
  const auto decided = Decide(kMayor, name, v1::ABOVE_EXPECTATION);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), v1::Objection::RESULT_CHANGED);
  EXPECT_EQ(decided->decision().before().digest(), old_digest);

  const auto evaluation = GetEvaluation(result);
  EXPECT_EQ(evaluation->predicate(), v1::GOOD);
  EXPECT_EQ(evaluation->state(), v1::Evaluation::FINAL);
  EXPECT_EQ(evaluation->rated_by(), kMayorName);
  const auto receipt = ReceiptOf(result);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->revision(), 2);
  EXPECT_EQ(receipt->before().predicate(), v1::NEEDS_IMPROVEMENT);
  EXPECT_EQ(receipt->before().digest(), old_digest);
  EXPECT_EQ(receipt->digest(), decided->decision().after().digest());
  EXPECT_THAT(receipt->text_en(), HasSubstr("who decided the objection"));
  EXPECT_THAT(receipt->document(), HasSubstr(name));
  // The old receipt stays in the record, and the new one is proven as the old one was.
  EXPECT_EQ(Get(kOfficer, name)->record().receipt().digest(), old_digest);
  const audit::Signer signer = *audit::Signer::Generate();
  SequenceAll(signer);
  v1::ExportScoreReceiptRequest request;
  request.set_name(result + "/scoreReceipt");
  const auto file =
      Call<v1::Evaluations>(kOfficer, &v1::Evaluations::StubInterface::ExportScoreReceipt, request);
  ASSERT_THAT(file, IsOk());
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*file, &json).ok());
  EXPECT_TRUE(rules::CheckReceipt(json, signer.public_key())->ok());
  // The decision is final.
  EXPECT_THAT(File(kOfficer, result), HasReason(v1::OBJECTION_EXISTS));
}

TEST_F(ObjectionsTest, AnUpheldResultStaysAsItWas) {
  const std::string result = Result("officer");
  const std::string before = ReceiptOf(result)->digest();
  const std::string name = File(kOfficer, result)->name();
  LaterBy(6);  // the appraiser has not responded within five days
  const auto decided = Decide(kMayor, name);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), v1::Objection::RESULT_UPHELD);
  EXPECT_TRUE(decided->decision().appraiser_silent());
  EXPECT_EQ(ReceiptOf(result)->digest(), before);
  EXPECT_EQ(ReceiptOf(result)->revision(), 0);
}

TEST_F(ObjectionsTest, ACasePassesToTheNextSuperiorAndThenToTheHrOffice) {
  const std::string name = File(As("trainee"), Result("trainee"))->name();
  EXPECT_EQ(Get(kHead, name)->decider(), kHeadName);
  const auto recused = Recuse(kHead, name);
  ASSERT_THAT(recused, IsOk());
  EXPECT_EQ(recused->decider(), kMayorName);
  EXPECT_THAT(Decide(kHead, name), HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_EQ(Recuse(kMayor, name)->decider(), "");
  EXPECT_THAT(Cases(kHr, true), ElementsAre(name));
  for (const char* partial : {kHeadName, kMayorName, "agencies/plaju/employees/officer"})
    EXPECT_THAT(Assign(kHr, name, partial), HasReason(v1::OBJECTION_DECIDER_PARTIAL));
  EXPECT_THAT(Assign(kHr, name, "agencies/singkil/employees/x"),
              HasReason(errors::reasons::NAME_INVALID));
  ASSERT_THAT(Assign(kHr, name, "agencies/plaju/employees/colleague"), IsOk());
  EXPECT_THAT(Cases(kHr, true), IsEmpty());
  ASSERT_THAT(Respond(kOfficer, name), IsOk());
  EXPECT_EQ(Decide(kColleague, name)->state(), v1::Objection::RESULT_UPHELD);
  EXPECT_EQ(Get(kHr, name)->decider_changes_size(), 4);
}

TEST_F(ObjectionsTest, WhereTheReportingLineEndsTheHrOfficeNamesADecider) {
  const auto filed = File(kHead, Result("head"));
  ASSERT_THAT(filed, IsOk());
  EXPECT_EQ(filed->decider(), "");
  EXPECT_THAT(Events("deciderMissing"), ElementsAre("1"));
  EXPECT_EQ(Remind()->without_decider(), 1);
}

TEST_F(ObjectionsTest, RemindersGoOutOnceADayAndSilencePassesTheCaseOn) {
  EXPECT_THAT(Remind(kHead), HasReason(errors::reasons::PERMISSION_DENIED));
  const std::string name = File(As("trainee"), Result("trainee"))->name();
  EXPECT_EQ(Remind()->reminded(), 0);
  LaterBy(3);
  EXPECT_EQ(Remind()->reminded(), 1);
  EXPECT_EQ(Remind()->reminded(), 0);
  EXPECT_THAT(Events("responseDue"), ElementsAre("1"));
  ASSERT_THAT(Respond(kOfficer, name), IsOk());
  LaterBy(9);
  EXPECT_EQ(Remind()->reminded(), 1);
  EXPECT_THAT(Events("decisionDue"), ElementsAre("1"));
  LaterBy(3);
  EXPECT_EQ(Remind()->escalated(), 1);
  EXPECT_EQ(Get(kMayor, name)->decider(), kMayorName);
  EXPECT_THAT(Get(kHead, name), HasReason(errors::reasons::PERMISSION_DENIED));
  LaterBy(15);
  EXPECT_EQ(Remind()->without_decider(), 1);
}

TEST_F(ObjectionsTest, StatisticsWithholdFewObjections) {
  ASSERT_THAT(File(kOfficer, Result("officer")), IsOk());
  v1::GetObjectionStatisticsRequest request;
  request.set_name(std::string(kQ1) + "/objectionStatistics");
  const auto few = Call<O>(kColleague, &O::StubInterface::GetObjectionStatistics, request);
  ASSERT_THAT(few, IsOk());
  EXPECT_TRUE(few->total().suppressed());
  EXPECT_EQ(few->total().results(), 4);
  EXPECT_EQ(few->units(0).unit(), kOffice);
  EXPECT_EQ(few->units(0).filed(), 0);
}

// Every state x every action x every role, through the service.
TEST_F(ObjectionsTest, EveryRoleMayDoInEveryStateWhatTheTablesSay) {
  using domain::ObjectionAction;
  using domain::ObjectionParty;
  const std::string name = File(kOfficer, Result("officer"))->name();
  const std::string id = IdOf(name);
  const auto original = Query("SELECT encode(body, 'hex') FROM objections").front();
  LaterBy(6);  // the appraiser's days have passed, so that FILED can be decided
  const std::map<ObjectionAction, std::function<absl::Status(const Caller&)>> actions = {
      {ObjectionAction::kRecuse, [&](const Caller& c) { return Recuse(c, name).status(); }},
      {ObjectionAction::kAssign,
       [&](const Caller& c) {
         return Assign(c, name, "agencies/plaju/employees/colleague").status();
       }},
      {ObjectionAction::kUphold, [&](const Caller& c) { return Decide(c, name).status(); }},
      {ObjectionAction::kChange,
       [&](const Caller& c) { return Decide(c, name, v1::AS_EXPECTED).status(); }},
      {ObjectionAction::kWithdraw, [&](const Caller& c) { return Withdraw(c, name).status(); }}};
  const std::vector<std::pair<ObjectionParty, Caller>> roles = {
      {ObjectionParty::kObjector, kOfficer},
      {ObjectionParty::kAppraiser, kHead},
      {ObjectionParty::kDecider, kMayor},
      {ObjectionParty::kHrOffice, kHr},
      {ObjectionParty::kNobody, kColleague},
      {ObjectionParty::kNobody, kUnitHr}};
  int allowed = 0;
  int tried = 0;
  const auto* states = v1::Objection::State_descriptor();
  for (int i = 1; i < states->value_count(); ++i) {
    v1::Objection objection;
    objection.ParseFromString(absl::HexStringToBytes(original));
    const auto state = static_cast<v1::Objection::State>(states->value(i)->number());
    objection.set_state(state);
    const std::string reset = "UPDATE objections SET decider = 'officials/mayor', state = '" +
                              v1::Objection::State_Name(state) + "', body = decode('" +
                              absl::BytesToHexString(objection.SerializeAsString()) +
                              "', 'hex') RETURNING 1";
    const auto expect = [&](ObjectionAction action, ObjectionParty party, const absl::Status& got) {
      const auto next =
          domain::Next(std::span<const domain::ObjectionTransition>(domain::kObjectionTransitions),
                       state,
                       action);
      const bool may = domain::MayAct(party, action);
      SCOPED_TRACE(v1::Objection::State_Name(state) + " " + std::string(ActionName(action)) + " " +
                   std::to_string(static_cast<int>(party)));
      ++tried;
      if (may && next.has_value()) {
        ++allowed;
        EXPECT_THAT(got, IsOk());
        EXPECT_THAT(Query("SELECT state FROM objections"),
                    ElementsAre(v1::Objection::State_Name(*next)));
      } else if (may) {
        EXPECT_THAT(got, HasReason(v1::OBJECTION_WRONG_STATE));
      } else {
        EXPECT_THAT(got, HasReason(errors::reasons::PERMISSION_DENIED));
      }
    };
    for (const auto& [party, caller] : roles) {
      for (const auto& [action, act] : actions) {
        Query(reset);
        Query(
            "UPDATE evaluations SET result_rating = 'BELOW_EXPECTATION' WHERE period_id = 'q1' "
            "AND employee = 'employees/officer' RETURNING 1");
        expect(action, party, act(caller));
      }
      // Stating and responding are one method; the side decides which it is.
      Query(reset);
      expect(
          party == ObjectionParty::kAppraiser ? ObjectionAction::kRespond : ObjectionAction::kState,
          party,
          Respond(caller, name).status());
    }
  }
  EXPECT_EQ(tried, 5 * 6 * 6);
  EXPECT_EQ(allowed, 2 * 8);  // FILED and HEARD, each action by its party, stating by two
}

}  // namespace
}  // namespace teraju::evaluation
