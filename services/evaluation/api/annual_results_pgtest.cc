// A year of several assignments: each has its own plan and appraiser, the annual result combines
// them.
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
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

constexpr char kYearPack[] = "agencies/plaju/policyPacks/singkil/revisions/1";

time::Period Half(int half) {
  const absl::CivilDay middle(2025, 7, 1);
  return half == 1 ? *time::Period::Make(absl::CivilDay(2025, 1, 1), middle)
                   : *time::Period::Make(middle, absl::CivilDay(2026, 1, 1));
}

// The officer goes to another office on 1 July.
class AnnualTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    for (const rules::ShippedPack& pack : rules::ShippedPacks()) {
      if (pack.name != "singkil") continue;
      catalog_.packs[kYearPack] = {.definition = std::string(pack.json),
                                   .digest = rules::FindShippedPack("singkil")->digest,
                                   .active = true};
    }
    identity_.segments = {
        Segment("head", true, "officials/mayor", ""),
        Segment("officer", false, "employees/head", "officials/mayor", Half(1)),
        Segment("officer", false, "employees/chief", "officials/mayor", Half(2), "badan"),
        Segment("chief", true, "officials/mayor", "", time::Period::Year(2025), "badan")};
  }
  void Score(const std::string& pack = "") {
    ASSERT_THAT(CreateCycle(kHr, pack), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  }
  std::vector<std::string> EvaluationsOf(const std::string& person) {
    std::vector<std::string> names;
    for (const std::string& id :
         Query("SELECT evaluation_id FROM evaluations WHERE period_id = 'year' AND employee = "
               "'employees/" +
               person + "' ORDER BY start_date"))
      names.push_back("agencies/plaju/evaluations/" + id);
    return names;
  }
  std::string AnnualOf(const std::string& person) {
    const auto ids = Query(
        "SELECT annual_result_id FROM annual_results WHERE employee = 'employees/" + person + "'");
    EXPECT_THAT(ids, SizeIs(1));
    return ids.empty() ? "" : "agencies/plaju/annualResults/" + ids.front();
  }
  absl::StatusOr<v1::AnnualResult> Get(const Caller& caller, const std::string& name) {
    v1::GetAnnualResultRequest request;
    request.set_name(name);
    return Call<v1::AnnualResults>(
        caller, &v1::AnnualResults::StubInterface::GetAnnualResult, request);
  }
  absl::StatusOr<v1::AnnualResult> Decide(const Caller& caller,
                                          const std::string& name,
                                          v1::Predicate predicate,
                                          const std::string& reason = "Dua penugasan ditimbang") {
    v1::DecideAnnualResultRequest request;
    request.set_name(name);
    request.set_predicate(predicate);
    request.set_reason(reason);
    return Call<v1::AnnualResults>(
        caller, &v1::AnnualResults::StubInterface::DecideAnnualResult, request);
  }
  absl::StatusOr<v1::ListAnnualResultsResponse> List(const Caller& caller) {
    v1::ListAnnualResultsRequest request;
    request.set_parent(kAgency);
    request.set_period(kYearPeriod);
    return Call<v1::AnnualResults>(
        caller, &v1::AnnualResults::StubInterface::ListAnnualResults, request);
  }
  void RateAll() {
    const auto officer = EvaluationsOf("officer");
    ASSERT_THAT(officer, SizeIs(2));
    ASSERT_THAT(Rate(kHead, officer[0], v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION), IsOk());
    ASSERT_THAT(Rate(As("chief"), officer[1], v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
    for (const char* head : {"head", "chief"})
      ASSERT_THAT(Rate(kMayor, EvaluationOf(head), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  }
  // The distribution that was confirmed.
  v1::DistributionCheck Confirm(const std::string& unit) {
    v1::CreateUnitResultRequest create;
    create.set_parent(kAgency);
    create.mutable_unit_result()->set_unit("agencies/plaju/units/" + unit);
    create.mutable_unit_result()->set_period(kYearPeriod);
    create.mutable_unit_result()->set_predicate(v1::UNIT_GOOD);
    create.mutable_unit_result()->set_reason("Perjanjian kinerja tercapai");
    const auto result =
        Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::CreateUnitResult, create);
    EXPECT_THAT(result, IsOk());
    v1::ConfirmUnitResultRequest confirm;
    confirm.set_name(result->name());
    confirm.set_justification("Unit kecil");
    const auto confirmed =
        Call<v1::UnitResults>(kMayor, &v1::UnitResults::StubInterface::ConfirmUnitResult, confirm);
    EXPECT_THAT(confirmed, IsOk());
    return confirmed.ok() ? confirmed->distribution() : v1::DistributionCheck();
  }
  void Publish() {
    Confirm("dinas");
    Confirm("badan");
    ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  }
};

TEST_F(AnnualTest, EachSegmentHasItsAppraiserAndTheYearShowsBoth) {
  Score();
  const std::string name = AnnualOf("officer");
  const auto draft = Get(kOfficer, name);
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->state(), v1::AnnualResult::DRAFT);
  EXPECT_EQ(draft->predicate(), v1::PREDICATE_UNSPECIFIED);
  ASSERT_EQ(draft->segments_size(), 2);
  EXPECT_EQ(draft->segments(0).days(), 181);
  EXPECT_EQ(draft->segments(0).appraiser(), "agencies/plaju/employees/head");
  EXPECT_EQ(draft->segments(1).appraiser(), "agencies/plaju/employees/chief");

  // Neither appraiser rates the other's segment.
  const auto evaluations = EvaluationsOf("officer");
  EXPECT_THAT(Rate(kHead, evaluations[1], v1::AS_EXPECTED, v1::AS_EXPECTED),
              HasReason(PERMISSION_DENIED));
  RateAll();
  EXPECT_EQ(Get(kOfficer, name)->predicate(), v1::GOOD);  // the last segment's
  Publish();
  const auto final = Get(kOfficer, name);
  ASSERT_THAT(final, IsOk());
  EXPECT_EQ(final->state(), v1::AnnualResult::FINAL);
  EXPECT_EQ(final->predicate(), v1::GOOD);
  EXPECT_EQ(final->segments(0).predicate(), v1::VERY_GOOD);
  EXPECT_THAT(final->segments(0).receipt_digest(), SizeIs(64));
  EXPECT_THAT(final->text_id(), HasSubstr("dari 2 penugasan"));
  EXPECT_EQ(Get(As("chief"), AnnualOf("chief"))->segments_size(), 1);
}

TEST_F(AnnualTest, TheLastAppraiserMayDecideWithAReasonUntilItIsFinal) {
  Score();
  RateAll();
  const std::string name = AnnualOf("officer");
  EXPECT_THAT(Decide(kHead, name, v1::VERY_GOOD), HasReason(PERMISSION_DENIED));  // the first one
  EXPECT_THAT(Decide(kOfficer, name, v1::VERY_GOOD), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Decide(kHr, name, v1::VERY_GOOD), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Decide(As("chief"), name, v1::VERY_GOOD, ""), ViolatesField("reason"));
  EXPECT_THAT(Decide(kMayor, AnnualOf("chief"), v1::VERY_GOOD),
              HasReason(v1::ANNUAL_RESULT_SINGLE));
  const auto decided = Decide(As("chief"), name, v1::VERY_GOOD);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->predicate(), v1::VERY_GOOD);
  EXPECT_EQ(decided->decision().decided_by(), "agencies/plaju/employees/chief");
  // The unit of the last segment counts the year as it was decided, and then it stays.
  Confirm("dinas");
  const v1::DistributionCheck counted = Confirm("badan");
  EXPECT_EQ(counted.population(), 1);
  EXPECT_EQ(counted.very_good(), 1);
  EXPECT_EQ(counted.good(), 0);
  EXPECT_THAT(Decide(As("chief"), name, v1::GOOD), HasReason(v1::UNIT_RESULT_CONFIRMED));
  ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  EXPECT_EQ(Get(kHr, name)->predicate(), v1::VERY_GOOD);
  EXPECT_THAT(Decide(As("chief"), name, v1::GOOD), HasReason(v1::ANNUAL_RESULT_FINAL));
}

TEST_F(AnnualTest, AwardsGoByTheYearAndNotByItsLastSegment) {
  Score();
  RateAll();
  const auto nominate = [&] {
    v1::NominateAwardsRequest request;
    request.set_parent(kAgency);
    request.set_period(kYearPeriod);
    request.set_share_percent(50);
    return Call<v1::Awards>(kHr, &v1::Awards::StubInterface::NominateAwards, request);
  };
  ASSERT_THAT(Decide(As("chief"), AnnualOf("officer"), v1::VERY_GOOD), IsOk());
  Publish();
  const auto nominated = nominate();
  ASSERT_THAT(nominated, IsOk());
  ASSERT_THAT(nominated->awards(), SizeIs(1));
  EXPECT_EQ(nominated->awards(0).employee(), "agencies/plaju/employees/officer");
}

TEST_F(AnnualTest, ListsShowWhatSingleReadsShow) {
  Score();
  const std::string name = AnnualOf("officer");
  for (const Caller& caller : {kOfficer, As("chief"), kMayor, kHr}) {
    EXPECT_THAT(Get(caller, name), IsOk()) << caller.subject;
    const auto list = List(caller);
    ASSERT_THAT(list, IsOk());
    int found = 0;
    for (const v1::AnnualResult& one : list->annual_results()) found += one.name() == name;
    EXPECT_EQ(found, 1) << caller.subject;
  }
  // The first appraiser has nothing to do with the whole year, nor has a unit's HR that is not its.
  for (const Caller& caller : {kHead, kUnitHr, kColleague}) {
    EXPECT_THAT(Get(caller, name), HasReason(PERMISSION_DENIED)) << caller.subject;
    const auto list = List(caller);
    ASSERT_THAT(list, IsOk());
    for (const v1::AnnualResult& one : list->annual_results()) EXPECT_NE(one.name(), name);
  }
  // Somebody else's reading leaves a trace each, by itself and in a list; the own does not.
  EXPECT_THAT(Query("SELECT actor || count(*) FROM audit_events WHERE type = 'evaluation.read' AND "
                    "resource = '" +
                    name + "' GROUP BY actor ORDER BY actor"),
              ElementsAre("apiClients/hr2", "employees/chief2", "officials/mayor2"));
}

TEST_F(AnnualTest, TheReceiptIsCheckedAndComputedAgainOffline) {
  for (v1::Snapshot& segment : identity_.segments) {
    if (!segment.leads_unit()) segment.set_position_title("Guru Ahli Pertama");
  }
  Score(kYearPack);
  RateAll();
  Publish();
  const audit::Signer signer = *audit::Signer::Generate();
  SequenceAll(signer);
  v1::ExportAnnualResultRequest request;
  request.set_name(AnnualOf("officer"));
  const auto file = Call<v1::AnnualResults>(
      kOfficer, &v1::AnnualResults::StubInterface::ExportAnnualResult, request);
  ASSERT_THAT(file, IsOk());
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(*file, &json).ok());
  const auto check = rules::CheckReceipt(json, signer.public_key());
  ASSERT_THAT(check, IsOk());
  for (const rules::Finding& finding : check->findings) EXPECT_TRUE(finding.ok) << finding.text.en;
  // Predicate, credits (angka kredit) and the agency's own score, each with its rules.
  EXPECT_THAT(check->findings, SizeIs(10));
  EXPECT_THAT(check->findings[7].text.en, HasSubstr("Recomputed to the same: credits 15"));
  // The control: another predicate in the document.
  std::string changed = json;
  const std::string predicate = R"(\"predicate\":\"GOOD\")";
  ASSERT_NE(changed.find(predicate), std::string::npos);
  changed.replace(changed.find(predicate), predicate.size(), R"(\"predicate\":\"POOR\")");
  EXPECT_FALSE(rules::CheckReceipt(changed, signer.public_key())->ok());
  // Controls: without the rules of the credits, and with others.
  for (const auto& [from, to] : {std::pair("creditPack", "creditPick"),
                                 std::pair(R"(\"angka-kredit\")", R"(\"angka_kredit\")")}) {
    changed = json;
    ASSERT_NE(changed.rfind(from), std::string::npos) << from;
    changed.replace(changed.rfind(from), std::string_view(from).size(), to);
    EXPECT_FALSE(rules::CheckReceipt(changed, signer.public_key())->ok()) << from;
  }
}

TEST_F(AnnualTest, AnObjectionToASegmentChangesTheYear) {
  Score();
  RateAll();
  Publish();
  const std::string name = AnnualOf("officer");
  const auto before = Get(kHr, name);
  ASSERT_THAT(before, IsOk());
  const std::string last = EvaluationsOf("officer")[1];
  v1::CreateObjectionRequest file;
  file.set_parent(kAgency);
  file.mutable_objection()->set_evaluation(last);
  file.mutable_objection()->set_reason("Capaian triwulan keempat tidak dihitung");
  const auto objection =
      Call<v1::Objections>(kOfficer, &v1::Objections::StubInterface::CreateObjection, file);
  ASSERT_THAT(objection, IsOk());
  v1::RespondToObjectionRequest respond;
  respond.set_name(objection->name());
  respond.set_text("Capaian itu memang belum masuk");
  ASSERT_THAT(Call<v1::Objections>(
                  As("chief"), &v1::Objections::StubInterface::RespondToObjection, respond),
              IsOk());
  v1::DecideObjectionRequest decide;
  decide.set_name(objection->name());
  decide.set_result_rating(v1::ABOVE_EXPECTATION);
  decide.set_behavior_rating(v1::ABOVE_EXPECTATION);
  decide.set_reason("Dengan triwulan keempat capaian di atas ekspektasi");
  ASSERT_THAT(Call<v1::Objections>(kMayor, &v1::Objections::StubInterface::DecideObjection, decide),
              IsOk());
  const auto after = Get(kHr, name);
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(before->predicate(), v1::GOOD);
  EXPECT_EQ(after->predicate(), v1::VERY_GOOD);
  EXPECT_EQ(after->state(), v1::AnnualResult::FINAL);
  EXPECT_NE(after->digest(), before->digest());
  EXPECT_NE(after->segments(1).receipt_digest(), before->segments(1).receipt_digest());
  EXPECT_EQ(after->segments(0).receipt_digest(), before->segments(0).receipt_digest());
}

TEST_F(AnnualTest, WhoJoinsLaterIsTheLastSegmentOfTheDraft) {
  identity_.segments.erase(identity_.segments.begin() + 2);
  Score();
  const std::string name = AnnualOf("officer");
  EXPECT_EQ(Get(kHr, name)->snapshot().unit(), kOffice);
  identity_.segments.push_back(
      Segment("officer", false, "employees/chief", "officials/mayor", Half(2), "badan"));
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  ASSERT_EQ(Finish(StartScoring(kYearPeriod)), "SUCCEEDED");
  EXPECT_EQ(AnnualOf("officer"), name);
  EXPECT_EQ(Get(kHr, name)->snapshot().unit(), "agencies/plaju/units/badan");
  EXPECT_EQ(Get(kHr, name)->segments_size(), 2);
}

}  // namespace
}  // namespace teraju::evaluation
