// The agency's own policy pack: pinned by a cycle, fed with figures, scored beside the official
// result, part of the receipt.
#include "common/engines/rules/cli/receipt_check.h"
#include "common/engines/rules/shipped_packs.h"
#include "google/protobuf/util/json_util.h"
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;

constexpr char kPack[] = "agencies/plaju/policyPacks/mulyorejo/revisions/1";
const Caller kHrSystem{.subject = "apiClients/hris", .agency = "plaju"};

PackRevision Shipped(const std::string& name) {
  for (const rules::ShippedPack& pack : rules::ShippedPacks()) {
    if (pack.name == name) {
      return {.definition = std::string(pack.json),
              .digest = rules::FindShippedPack(name)->digest,
              .active = true};
    }
  }
  return {};
}

v1::Figure Figure(const std::string& name, const std::string& number) {
  v1::Figure figure;
  figure.set_name(name);
  if (!number.empty()) figure.mutable_number()->set_value(number);
  figure.set_source("Pengamatan atasan");
  figure.mutable_as_of_time()->set_seconds(1'764'547'200);
  return figure;
}

class LocalPackTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    catalog_.packs[kPack] = Shipped("mulyorejo");
    host_.Bind(roles_);
  }
  void OpenWith(const std::string& pack) {
    ASSERT_THAT(CreateCycle(kHr, pack), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    Agree("head", kMayor);
    Agree("officer", kHead);
    Agree("colleague", kHead);
  }
  absl::StatusOr<v1::SetEvaluationFiguresResponse> Enter(const Caller& caller,
                                                         const std::string& evaluation,
                                                         std::vector<v1::Figure> figures) {
    v1::SetEvaluationFiguresRequest request;
    request.set_name(evaluation);
    for (v1::Figure& figure : figures) *request.add_figures() = std::move(figure);
    return Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::SetEvaluationFigures, request);
  }
  absl::StatusOr<v1::BatchSetFiguresResponse> Deliver(const Caller& caller,
                                                      const v1::BatchSetFiguresRequest& request) {
    return Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::BatchSetFigures, request);
  }
  static v1::BatchSetFiguresRequest Batch(const std::vector<std::string>& people) {
    v1::BatchSetFiguresRequest request;
    request.set_parent(kYearPeriod);
    for (const std::string& person : people) {
      v1::PersonFigures& one = *request.add_people();
      one.set_employee("agencies/plaju/employees/" + person);
      *one.add_figures() = Figure("discipline", "4");
      *one.add_figures() = Figure("cooperation", "5");
    }
    return request;
  }
  v1::LocalResult LocalOf(const std::string& person) {
    const auto evaluation = GetEvaluation(EvaluationOf(person));
    EXPECT_THAT(evaluation, IsOk());
    return evaluation.ok() ? evaluation->local_result() : v1::LocalResult();
  }
  void Publish() {
    v1::CreateUnitResultRequest unit;
    unit.set_parent(kAgency);
    unit.mutable_unit_result()->set_unit(kOffice);
    unit.mutable_unit_result()->set_period(kYearPeriod);
    unit.mutable_unit_result()->set_predicate(v1::UNIT_GOOD);
    unit.mutable_unit_result()->set_reason("Perjanjian kinerja tercapai");
    const auto result =
        Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::CreateUnitResult, unit);
    ASSERT_THAT(result, IsOk());
    ASSERT_THAT(Rate(kMayor, EvaluationOf("head"), v1::RATING_UNSPECIFIED, v1::AS_EXPECTED),
                IsOk());
    for (const char* person : {"officer", "colleague"})
      ASSERT_THAT(Rate(kHead, EvaluationOf(person), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
    v1::ConfirmUnitResultRequest confirm;
    confirm.set_name(result->name());
    confirm.set_justification("Unit kecil");
    ASSERT_THAT(
        Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::ConfirmUnitResult, confirm),
        IsOk());
    ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  }
  std::string FileOf(const std::string& person) {
    v1::ExportScoreReceiptRequest request;
    request.set_name(EvaluationOf(person) + "/scoreReceipt");
    const auto file =
        Call<v1::Evaluations>(kHr, &v1::Evaluations::StubInterface::ExportScoreReceipt, request);
    EXPECT_THAT(file, IsOk());
    std::string json;
    if (!file.ok()) return json;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(*file, &json).ok());
    return json;
  }

  std::vector<auth::RoleBinding> roles_ = {
      {AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
      {AgencyId("plaju"), "apiClients/hris", "hr_system", ""},
      {AgencyId("plaju"), "employees/unit-hr", "unit_hr", kOffice}};
};

TEST_F(LocalPackTest, ACycleIsPinnedToAnActiveRevisionOfItsOwnAgency) {
  const auto refused = [&](const std::string& pack) { return CreateCycle(kHr, pack); };
  EXPECT_THAT(refused("agencies/plaju/policyPacks/none/revisions/1"),
              ViolatesField("cycle.localPack"));
  EXPECT_THAT(refused("agencies/plaju/policyPacks/mulyorejo"),
              HasReason(errors::reasons::NAME_INVALID));
  EXPECT_THAT(refused("agencies/plaju/policyPacks/mulyorejo/revisions/draft"),
              HasReason(errors::reasons::NAME_INVALID));
  catalog_.packs["agencies/dumai/policyPacks/mulyorejo/revisions/1"] = Shipped("mulyorejo");
  EXPECT_THAT(refused("agencies/dumai/policyPacks/mulyorejo/revisions/1"),
              ViolatesField("cycle.localPack"));
  catalog_.packs[kPack].active = false;
  EXPECT_THAT(refused(kPack), ViolatesField("cycle.localPack"));
  catalog_.packs[kPack] = Shipped("ikm");  // no method for a period
  EXPECT_THAT(refused(kPack), ViolatesField("cycle.localPack"));
  catalog_.available = false;
  EXPECT_THAT(refused(kPack), HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
  EXPECT_THAT(Query("SELECT count(*) FROM cycles"), ElementsAre("0"));

  catalog_.available = true;
  catalog_.packs[kPack] = Shipped("mulyorejo");
  const auto cycle = CreateCycle(kHr, kPack);
  ASSERT_THAT(cycle, IsOk());
  EXPECT_EQ(cycle->local_pack(), kPack);
  EXPECT_THAT(Query("SELECT pack_id || revision || digest FROM local_packs"),
              ElementsAre("mulyorejo1" + catalog_.packs[kPack].digest));
  EXPECT_THAT(Query("SELECT details FROM audit_events WHERE type = 'cycle.created'"),
              ElementsAre(HasSubstr(catalog_.packs[kPack].digest)));
}

TEST_F(LocalPackTest, FiguresAreEnteredByThoseWhoMayAndNeverAboutOneself) {
  OpenWith(kPack);
  const std::string officer = EvaluationOf("officer");
  for (const Caller& caller : {kHr, kHrSystem, kUnitHr, kHead})
    EXPECT_THAT(Enter(caller, officer, {Figure("discipline", "4")}), IsOk()) << caller.subject;
  for (const Caller& caller : {kOfficer, kColleague, kMayor}) {
    EXPECT_THAT(Enter(caller, officer, {Figure("discipline", "5")}), HasReason(PERMISSION_DENIED))
        << caller.subject;
  }
  // A role does not help with the own evaluation.
  roles_.push_back({AgencyId("plaju"), "employees/officer", "unit_hr", kOffice});
  host_.Bind(roles_);
  EXPECT_THAT(Enter(kOfficer, EvaluationOf("colleague"), {Figure("discipline", "3")}), IsOk());
  EXPECT_THAT(Enter(kOfficer, officer, {Figure("discipline", "5")}), HasReason(v1::FIGURES_OWN));
  EXPECT_THAT(Deliver(kOfficer, Batch({"officer"})), HasReason(v1::FIGURES_OWN));

  const auto entered = GetEvaluation(officer);
  ASSERT_THAT(entered, IsOk());
  ASSERT_EQ(entered->figures_size(), 1);
  EXPECT_EQ(entered->figures(0).entered_by(), "agencies/plaju/employees/head");
  EXPECT_EQ(entered->figures(0).source(), "Pengamatan atasan");
  EXPECT_THAT(
      Query("SELECT DISTINCT actor FROM audit_events WHERE type = 'evaluation.figuresSet' "
            "AND resource = '" +
            officer + "' ORDER BY actor"),
      ElementsAre("apiClients/hr", "apiClients/hris", "employees/head", "employees/unit-hr"));
}

TEST_F(LocalPackTest, AWrongFigureIsRefusedWithFieldReasonAndRemedy) {
  OpenWith(kPack);
  const std::string officer = EvaluationOf("officer");
  EXPECT_THAT(Enter(kHr, officer, {Figure("attendance", "98")}), ViolatesField("figures[0].name"));
  EXPECT_THAT(Enter(kHr, officer, {Figure("indicators", "1")}), ViolatesField("figures[0].name"));
  EXPECT_THAT(Enter(kHr, officer, {Figure("cooperation", "4"), Figure("discipline", "6")}),
              ViolatesField("figures[1].number"));
  v1::Figure bare = Figure("discipline", "4");
  bare.clear_source();
  EXPECT_THAT(Enter(kHr, officer, {bare}), ViolatesField("figures[0].source"));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE figures IS NOT NULL"),
              ElementsAre("0"));
  EXPECT_THAT(Enter(kHr, EvaluationOf("officer", "q1"), {Figure("discipline", "4")}),
              HasReason(v1::LOCAL_PACK_MISSING));
}

TEST_F(LocalPackTest, WithoutAPackNoFiguresAreAskedFor) {
  AgreeAll();
  EXPECT_THAT(Enter(kHr, EvaluationOf("officer"), {Figure("discipline", "4")}),
              HasReason(v1::LOCAL_PACK_MISSING));
  EXPECT_THAT(Deliver(kHr, Batch({"officer"})), HasReason(v1::LOCAL_PACK_MISSING));
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  EXPECT_FALSE(GetEvaluation(EvaluationOf("officer"))->has_local_result());
}

TEST_F(LocalPackTest, AnHrSystemDeliversManyAtOnceOrNone) {
  OpenWith(kPack);
  v1::BatchSetFiguresRequest request = Batch({"officer", "colleague", "nobody", "officer"});
  request.mutable_people(0)->mutable_figures(1)->mutable_number()->set_value("9");
  const auto refused = Deliver(kHrSystem, request);
  EXPECT_THAT(refused, ViolatesField("people[0].figures[1].number"));
  EXPECT_THAT(refused, ViolatesField("people[2].employee"));
  EXPECT_THAT(refused, ViolatesField("people[3].employee"));
  EXPECT_THAT(Query("SELECT count(*) FROM evaluations WHERE figures IS NOT NULL"),
              ElementsAre("0"));
  request = Batch({"officer"});
  request.mutable_people(0)->set_employee("agencies/dumai/employees/officer");
  EXPECT_THAT(Deliver(kHrSystem, request), ViolatesField("people[0].employee"));
  // Who may not see the whole agency does not learn who has no evaluation.
  EXPECT_THAT(Deliver(kUnitHr, Batch({"officer", "nobody"})), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Deliver(kColleague, Batch({"officer"})), HasReason(PERMISSION_DENIED));

  request = Batch({"officer", "colleague", "head"});
  request.set_request_id("7d444840-9dc0-41d1-8f5a-0e0e0e0e0e0e");
  ASSERT_THAT(Deliver(kHrSystem, request), IsOk());
  const auto again = Deliver(kHrSystem, request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->evaluations(), 3);
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.figuresSet'"),
              ElementsAre("3"));
}

TEST_F(LocalPackTest, TheLocalScoreStandsBesideTheOfficialPredicateAndInTheReceipt) {
  OpenWith(kPack);
  // From here on the catalog is not asked any more.
  catalog_.packs.clear();
  catalog_.available = false;
  ASSERT_THAT(Realise("officer", "77", 12, 31), IsOk());
  ASSERT_THAT(Realise("head", "70", 12, 31), IsOk());
  ASSERT_THAT(Deliver(kHrSystem, Batch({"officer", "colleague"})), IsOk());
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  EXPECT_EQ(LocalOf("officer").score().value(), "110.00");
  EXPECT_EQ(LocalOf("officer").predicate(), "VERY_GOOD");
  EXPECT_EQ(LocalOf("officer").pack(), kPack);
  // What is missing is said and never zero.
  EXPECT_FALSE(LocalOf("colleague").has_score());
  EXPECT_EQ(LocalOf("colleague").missing(0).input(), "indicators[0].realised");
  EXPECT_EQ(LocalOf("head").missing_size(), 2);

  // Figures show after the next scoring; one is taken back.
  ASSERT_THAT(Enter(kHead, EvaluationOf("officer"), {Figure("cooperation", "1")}), IsOk());
  ASSERT_THAT(Enter(kHr, EvaluationOf("colleague"), {Figure("cooperation", "")}), IsOk());
  EXPECT_EQ(LocalOf("officer").predicate(), "VERY_GOOD");
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  EXPECT_EQ(LocalOf("officer").predicate(), "POOR");
  EXPECT_EQ(LocalOf("colleague").missing_size(), 1);
  EXPECT_EQ(LocalOf("colleague").missing(0).input(), "cooperation");

  // A list leaves out inputs and account, the single read does not.
  v1::ListEvaluationsRequest list;
  list.set_parent(kAgency);
  list.set_period(kYearPeriod);
  list.set_employee("agencies/plaju/employees/officer");
  const auto listed =
      Call<v1::Evaluations>(kHr, &v1::Evaluations::StubInterface::ListEvaluations, list);
  ASSERT_THAT(listed, IsOk());
  EXPECT_EQ(listed->evaluations(0).local_result().predicate(), "POOR");
  EXPECT_THAT(listed->evaluations(0).local_result().account(), IsEmpty());
  EXPECT_THAT(LocalOf("officer").account(), HasSubstr("teraju-account/1"));

  Publish();
  const auto officer = GetEvaluation(EvaluationOf("officer"));
  ASSERT_THAT(officer, IsOk());
  EXPECT_EQ(officer->predicate(), v1::GOOD);  // by the two ratings, whatever the local pack says
  EXPECT_EQ(officer->local_result().predicate(), "POOR");
  EXPECT_THAT(Enter(kHr, officer->name(), {Figure("discipline", "5")}),
              HasReason(v1::EVALUATION_FINAL));
  EXPECT_THAT(Deliver(kHrSystem, Batch({"officer"})), ViolatesField("people[0].employee"));

  v1::GetScoreReceiptRequest get;
  get.set_name(officer->name() + "/scoreReceipt");
  const auto receipt =
      Call<v1::Evaluations>(kOfficer, &v1::Evaluations::StubInterface::GetScoreReceipt, get);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(receipt->text_en(), HasSubstr("mulyorejo@1"));
  EXPECT_THAT(receipt->text_id(), HasSubstr("kerja sama, tingkat 1-5"));
  EXPECT_THAT(receipt->document(), HasSubstr(R"("local":{)"));
}

TEST_F(LocalPackTest, AReceiptsLocalResultIsComputedAgainByAnybody) {
  OpenWith(kPack);
  ASSERT_THAT(Realise("officer", "77", 12, 31), IsOk());
  ASSERT_THAT(Deliver(kHrSystem, Batch({"officer", "colleague"})), IsOk());
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  Publish();
  const audit::Signer signer = *audit::Signer::Generate();
  SequenceAll(signer);
  for (const auto& [person, last] : {std::pair("officer", "Recomputed to the same: annual 110.00"),
                                     std::pair("colleague", "There is indeed no local result")}) {
    const std::string json = FileOf(person);
    const auto check = rules::CheckReceipt(json, signer.public_key());
    ASSERT_THAT(check, IsOk());
    for (const rules::Finding& finding : check->findings)
      EXPECT_TRUE(finding.ok) << finding.text.en;
    EXPECT_THAT(check->findings.back().text.en, HasSubstr(last));
    // Controls: without the pack, and with another one.
    for (const char* name : {"localPack", R"(\"mulyorejo\")"}) {
      std::string changed = json;
      const std::size_t at = changed.rfind(name);
      ASSERT_NE(at, std::string::npos) << name;
      changed[at + 3] = 'x';
      const auto refused = rules::CheckReceipt(changed, signer.public_key());
      EXPECT_FALSE(refused.ok() && refused->ok()) << name;
    }
  }
}

TEST_F(LocalPackTest, AChangedLocalResultOrPackIsFoundByComputingAgain) {
  OpenWith(kPack);
  ASSERT_THAT(Realise("officer", "77", 12, 31), IsOk());
  ASSERT_THAT(Deliver(kHrSystem, Batch({"officer", "colleague"})), IsOk());
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  Publish();
  // What does not match, of the part of the local result.
  const auto wrong = [&](const std::string& person) {
    v1::RecomputeScoreReceiptRequest request;
    request.set_name(EvaluationOf(person) + "/scoreReceipt");
    const auto report = Call<v1::Recomputations>(
        kHr, &v1::Recomputations::StubInterface::RecomputeScoreReceipt, request);
    EXPECT_THAT(report, IsOk());
    EXPECT_EQ(report->local_pack(), kPack);
    std::vector<std::string> names;
    for (const v1::RecomputedOperation& one : report->operations()) {
      if (!one.matches() && one.part() == v1::RecomputedOperation::LOCAL)
        names.push_back(one.name() + ": " + one.stored() + " / " + one.computed());
    }
    EXPECT_EQ(report->matches(), names.empty());
    return names;
  };
  EXPECT_THAT(wrong("officer"), IsEmpty());
  EXPECT_THAT(wrong("colleague"), IsEmpty());  // whose result is missing, and stays so
  const std::string where = " WHERE evaluation_id = '" + IdOf(EvaluationOf("officer")) + "'";
  Query(
      "UPDATE evaluations SET local_result = overlay(local_result PLACING '111.00'::bytea FROM "
      "position('110.00'::bytea IN local_result))" +
      where);
  EXPECT_THAT(wrong("officer"), ElementsAre("score: 111.00 / 110.00"));
  Query(
      "UPDATE evaluations SET local_result = overlay(local_result PLACING '110.00'::bytea FROM "
      "position('111.00'::bytea IN local_result))" +
      where);
  Query("UPDATE local_packs SET definition = replace(definition, 'kerja sama', 'kerja lama')");
  EXPECT_THAT(wrong("officer"), ElementsAre(HasSubstr("pack: ")));
}

}  // namespace
}  // namespace teraju::evaluation
