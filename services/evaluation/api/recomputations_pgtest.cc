// Final results computed again: nothing is found in what is right, and everything in what was
// changed behind the service's back.
#include "absl/strings/escaping.h"
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::StartsWith;

// `STORED predicate: GOOD / VERY_GOOD` of what does not match.
std::vector<std::string> WrongLines(const absl::StatusOr<v1::Recomputation>& recomputation) {
  EXPECT_THAT(recomputation, IsOk());
  std::vector<std::string> lines;
  if (!recomputation.ok()) return lines;
  for (const v1::RecomputedOperation& one : recomputation->operations()) {
    if (!one.matches())
      lines.push_back(v1::RecomputedOperation::Part_Name(one.part()) + " " + one.name() + ": " +
                      one.stored() + " / " + one.computed());
  }
  EXPECT_EQ(recomputation->matches(), lines.empty());
  return lines;
}

const Caller kInspector{.subject = "apiClients/inspector", .agency = "plaju"};

class RecomputationTest : public YearTest {
 protected:
  absl::StatusOr<v1::Recomputation> Recompute(const std::string& person,
                                              const Caller& caller = kHr) {
    v1::RecomputeScoreReceiptRequest request;
    request.set_name(EvaluationOf(person) + "/scoreReceipt");
    return Call<v1::Recomputations>(
        caller, &v1::Recomputations::StubInterface::RecomputeScoreReceipt, request);
  }
  std::string YearOf(const std::string& person) {
    return "agencies/plaju/annualResults/" +
           Query("SELECT annual_result_id FROM annual_results WHERE employee = 'employees/" +
                 person + "'")
               .front();
  }
  absl::StatusOr<v1::Recomputation> RecomputeYear(const std::string& person,
                                                  const Caller& caller = kHr) {
    v1::RecomputeAnnualResultRequest request;
    request.set_name(YearOf(person));
    return Call<v1::Recomputations>(
        caller, &v1::Recomputations::StubInterface::RecomputeAnnualResult, request);
  }
  absl::StatusOr<google::longrunning::Operation> StartRecomputing(const Caller& caller) {
    v1::RecomputeCycleRequest request;
    request.set_name(kCycle);
    return Call<v1::Recomputations>(
        caller, &v1::Recomputations::StubInterface::RecomputeCycle, request);
  }
  v1::CycleRecomputation RecomputeCycle() {
    const auto started = StartRecomputing(kInspector);
    EXPECT_EQ(Finish(started), "SUCCEEDED");
    v1::CycleRecomputation report;
    const std::string id = IdOf(started->name());
    const std::string bytes =
        Query("SELECT encode(response, 'hex') FROM operations WHERE operation_id = '" + id + "'")
            .front();
    google::protobuf::Any any;
    EXPECT_TRUE(any.ParseFromString(absl::HexStringToBytes(bytes)) && any.UnpackTo(&report));
    return report;
  }
  void Tamper(const std::string& table, const std::string& change, const std::string& person) {
    Query("UPDATE " + table + " SET " + change + " WHERE evaluation_id = '" +
          IdOf(EvaluationOf(person)) + "'");
  }
  // Replaces a text of the same length within the receipt's message.
  void TamperReceipt(const std::string& person, const std::string& from, const std::string& to) {
    ASSERT_EQ(from.size(), to.size());
    ASSERT_THAT(Query("SELECT position('" + from +
                      "'::bytea IN receipt) > 0 FROM receipts WHERE "
                      "evaluation_id = '" +
                      IdOf(EvaluationOf(person)) + "'"),
                ElementsAre("t"));
    Tamper("receipts",
           "receipt = overlay(receipt PLACING '" + to + "'::bytea FROM position('" + from +
               "'::bytea IN receipt))",
           person);
  }
  void SetUp() override {
    YearTest::SetUp();
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "apiClients/inspector", "inspector", ""}});
  }
};

TEST_F(RecomputationTest, WhatIsRightMatchesOperationByOperation) {
  EXPECT_THAT(Recompute("officer"), HasReason(v1::EVALUATION_NOT_FINAL));
  PublishYear();
  for (const char* person : {"head", "officer", "colleague"}) {
    EXPECT_THAT(WrongLines(Recompute(person)), IsEmpty()) << person;
    EXPECT_THAT(WrongLines(RecomputeYear(person)), IsEmpty()) << person;
  }
  const auto officer = Recompute("officer", kOfficer);
  ASSERT_THAT(officer, IsOk());
  EXPECT_EQ(officer->pack(), "permenpanrb-6-2022@1");
  std::set<int> parts;
  for (const v1::RecomputedOperation& one : officer->operations()) parts.insert(one.part());
  for (const int part : {v1::RecomputedOperation::DOCUMENT,
                         v1::RecomputedOperation::EVIDENCE,
                         v1::RecomputedOperation::RESULT,
                         v1::RecomputedOperation::STORED,
                         v1::RecomputedOperation::RECEIPT})
    EXPECT_TRUE(parts.contains(part)) << part;
  const v1::CycleRecomputation cycle = RecomputeCycle();
  EXPECT_EQ(cycle.results(), 6);
  EXPECT_EQ(cycle.matching(), 6);
  EXPECT_TRUE(cycle.differences().empty());
  // It changes nothing, and who takes note has still a final result.
  v1::AcknowledgeEvaluationRequest note;
  note.set_name(EvaluationOf("officer"));
  ASSERT_THAT(
      Call<v1::Evaluations>(kOfficer, &v1::Evaluations::StubInterface::AcknowledgeEvaluation, note),
      IsOk());
  EXPECT_THAT(WrongLines(Recompute("officer")), IsEmpty());
}

TEST_F(RecomputationTest, WhoeverMayReadTheResultMayComputeItAgain) {
  PublishYear();
  for (const Caller& reader : {kOfficer, kHead, kMayor, kHr, kInspector})
    EXPECT_THAT(Recompute("officer", reader), IsOk()) << reader.subject;
  EXPECT_THAT(Recompute("officer", kColleague), HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(RecomputeYear("officer", kColleague), HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(StartRecomputing(kHead), HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read' AND actor = "
                    "'employees/head'"),
              ElementsAre("1"));
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read' AND actor = "
                    "'employees/officer'"),
              ElementsAre("0"));
}

TEST_F(RecomputationTest, AChangedPredicateIsFoundWithWhatItShouldBe) {
  PublishYear();
  Tamper("evaluations", "predicate = 'VERY_GOOD'", "colleague");
  EXPECT_THAT(WrongLines(Recompute("colleague")),
              ElementsAre("STORED predicate: VERY_GOOD / NEEDS_IMPROVEMENT"));
  EXPECT_THAT(WrongLines(RecomputeYear("colleague")), ElementsAre(StartsWith("SEGMENT ")));
  EXPECT_THAT(WrongLines(Recompute("officer")), IsEmpty());
  // The report on the cycle names both, and no value.
  const v1::CycleRecomputation cycle = RecomputeCycle();
  EXPECT_EQ(cycle.results(), 6);
  EXPECT_EQ(cycle.matching(), 4);
  ASSERT_EQ(cycle.differences_size(), 2);
  EXPECT_EQ(cycle.differences(0).result(), EvaluationOf("colleague"));
  ASSERT_EQ(cycle.differences(0).operations_size(), 1);
  EXPECT_EQ(cycle.differences(0).operations(0).name(), "predicate");
  EXPECT_EQ(cycle.differences(0).operations(0).stored(), "");
  EXPECT_EQ(cycle.differences(1).result(), YearOf("colleague"));
}

TEST_F(RecomputationTest, EveryColumnThatTheDocumentSpeaksOfIsCompared) {
  PublishYear();
  const auto one_wrong = [&](const std::string& change, const std::string& line) {
    const std::string column = change.substr(0, change.find(' '));
    const std::string where = " WHERE evaluation_id = '" + IdOf(EvaluationOf("officer")) + "'";
    Query("CREATE TABLE kept AS SELECT " + column + " AS old FROM evaluations" + where);
    Tamper("evaluations", change, "officer");
    EXPECT_THAT(WrongLines(Recompute("officer")), ElementsAre(StartsWith(line)));
    Query("UPDATE evaluations SET " + column + " = (SELECT old FROM kept)" + where);
    Query("DROP TABLE kept");
    EXPECT_THAT(WrongLines(Recompute("officer")), IsEmpty());
  };
  one_wrong("result_rating = 'AS_EXPECTED'", "STORED result_rating: AS_EXPECTED / ");
  one_wrong("behavior_rating = 'AS_EXPECTED'", "STORED behavior_rating");
  one_wrong("result_reason = 'lain'", "STORED result_reason");
  one_wrong("behavior_reason = 'lain'", "STORED behavior_reason");
  one_wrong("rated_by = 'employees/colleague'", "STORED rated_by");
  one_wrong("rate_time = rate_time + interval '1 second'", "STORED rate_time");
  one_wrong("final_time = final_time + interval '1 second'", "STORED final_time");
  one_wrong("appraiser = 'employees/colleague'", "STORED appraiser");
  one_wrong("unit_id = 'lain'", "STORED unit");
  one_wrong("position_title = 'lain'", "STORED position");
  one_wrong("state = 'RATED'", "STORED state: RATED / FINAL");
}

TEST_F(RecomputationTest, MissingEvidenceIsFound) {
  PublishYear();
  Tamper("evaluations", "computed = NULL", "officer");
  EXPECT_THAT(WrongLines(Recompute("officer")),
              ElementsAre("EVIDENCE mean_achievement:  / 110.00", StartsWith("STORED warnings: ")));
}

TEST_F(RecomputationTest, AChangedReceiptIsFound) {
  PublishYear();
  // The realisation of 77 within the document: digest, log, and everything that follows from it.
  TamperReceipt("officer", R"("realised":"77")", R"("realised":"78")");
  const std::vector<std::string> wrong = WrongLines(Recompute("officer"));
  EXPECT_THAT(wrong, Contains(StartsWith("DOCUMENT digest: ")));
  EXPECT_THAT(wrong, Contains(StartsWith("DOCUMENT decision log: ")));
  EXPECT_THAT(wrong, Contains(StartsWith("EVIDENCE score: 110.00 / 111.43")));
  Query("DELETE FROM receipts WHERE evaluation_id = '" + IdOf(EvaluationOf("head")) + "'");
  EXPECT_THAT(WrongLines(Recompute("head")), ElementsAre(StartsWith("DOCUMENT document")));
  EXPECT_EQ(RecomputeCycle().matching(), 3);  // the head's year names the receipt that is gone
}

TEST_F(RecomputationTest, AChangedYearIsFound) {
  PublishYear();
  const std::string where = " WHERE annual_result_id = '" + IdOf(YearOf("officer")) + "'";
  Query("UPDATE annual_results SET predicate = 'POOR'" + where);
  EXPECT_THAT(WrongLines(RecomputeYear("officer")),
              ElementsAre("STORED predicate: POOR / VERY_GOOD"));
  Query(
      "UPDATE annual_results SET predicate = 'VERY_GOOD', document = replace(document, "
      "'VERY_GOOD', 'POOR')" +
      where);
  EXPECT_THAT(WrongLines(RecomputeYear("officer")),
              Contains(StartsWith("DOCUMENT decision log: ")));
}

TEST_F(RecomputationTest, TheReportOfACycleSurvivesARestart) {
  PublishYear();
  Tamper("evaluations", "predicate = 'VERY_GOOD'", "colleague");
  v1::CycleRecomputation before = RecomputeCycle();
  // As after a crash behind the evaluations: the checkpoint has what was found so far.
  const auto started = StartRecomputing(kInspector);
  ASSERT_EQ(Finish(started), "SUCCEEDED");
  const auto checkpoints = Query("SELECT checkpoint FROM operations WHERE operation_id = '" +
                                 IdOf(started->name()) + "'");
  ASSERT_EQ(checkpoints.size(), 1U);
  EXPECT_THAT(checkpoints.front(), StartsWith("annualResults 6 "));
  Query(
      "UPDATE operations SET state = 'WAITING', response = NULL, end_time = NULL, next_time = "
      "now() WHERE operation_id = '" +
      IdOf(started->name()) + "'");
  ASSERT_EQ(Finish(started), "SUCCEEDED");
  const std::string again =
      Query("SELECT encode(response, 'hex') FROM operations WHERE operation_id = '" +
            IdOf(started->name()) + "'")
          .front();
  google::protobuf::Any any;
  v1::CycleRecomputation after;
  ASSERT_TRUE(any.ParseFromString(absl::HexStringToBytes(again)) && any.UnpackTo(&after));
  EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace teraju::evaluation
