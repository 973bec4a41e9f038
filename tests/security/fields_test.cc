// S04, the fields: who sees which of a person's records, by relation, role and view. What is not
// named here is not shown to anybody.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::security {
namespace {

using scenarios::Amount;
using scenarios::Answer;
using scenarios::Caller;
using scenarios::Day;
using scenarios::TextOf;
namespace json = simulation::json;
using Keys = std::set<std::string>;

Keys Words(const std::string& text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

// A day or a number.
bool IsValue(const json::object& value) { return value.contains("value") || value.contains("day"); }

// Every field of a record, at any depth: `groups.mean`.
void Collect(const json::value& value, const std::string& path, Keys& keys) {
  if (value.is_array()) {
    for (const json::value& one : value.as_array()) Collect(one, path, keys);
  } else if (value.is_object() && !IsValue(value.as_object())) {
    for (const auto& field : value.as_object()) {
      const std::string key = path + std::string(field.key());
      keys.insert(key);
      Collect(field.value(), key + ".", keys);
    }
  }
}

// What a record shows, and to whom; to all others nothing.
struct Record {
  std::string path;
  Keys fields;
  Keys readers;
};

constexpr char kSnapshot[] =
    " snapshot snapshot.appraiser snapshot.employee snapshot.endDate snapshot.explanationEn"
    " snapshot.explanationId snapshot.nextAppraiser snapshot.positionKind snapshot.positionTitle"
    " snapshot.startDate snapshot.unit snapshot.unitPath";
constexpr char kLocal[] =
    " localResult localResult.computeTime localResult.digest localResult.inputs localResult.method"
    " localResult.missing localResult.missing.input localResult.missing.reason"
    " localResult.missing.textEn localResult.missing.textId localResult.pack";

// A person at the end of an appraised year, and those who may want to know.
class Fields : public scenarios::TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("dumai", "Pemerintah Kota Dumai"));
    office_ = town_->Unit("dinkes", "Dinas Kesehatan", town_->root());
    other_office_ = town_->Unit("disdik", "Dinas Pendidikan", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala", "STRUCTURAL", true);
    stranger_ = town_->Employee("Kepala Lain", other_office_, "Kepala", "STRUCTURAL", true);
    person_ = town_->Employee("Pegawai", office_, "Perawat", "FUNCTIONAL", false);
    for (int i = 0; i < 6; ++i)
      colleagues_.push_back(town_->Employee("Rekan", office_, "Perawat", "FUNCTIONAL", false));
    boss_ = scenarios::SignInAsOperator(*suite_, town_->rest());
    unit_hr_ = Program("unit_hr", office_);
    other_unit_hr_ = Program("unit_hr", other_office_);
    other_agency_ = Program("other_agency", "");
    town_->rest().Patch(&town_->hr(), "/v1/" + person_, {{"email", "pegawai@dumai.example"}});
    cycle_ = town_->OpenCycle("2025", town_->AdoptPack("plaju"));
    Work();
    Appraise();
    Feedback();
    Train();
    readers_ = {{"self", &town_->As(person_)},
                {"appraiser", &town_->As(head_)},
                {"next appraiser", &town_->mayor()},
                {"colleague", &town_->As(colleagues_.front())},
                {"head of another unit", &town_->As(stranger_)},
                {"HR of the unit", &unit_hr_},
                {"HR of another unit", &other_unit_hr_},
                {"HR office", &town_->hr()},
                {"other agency", &other_agency_}};
  }

  static Caller Program(const char* role, const std::string& unit) {
    scenarios::RestClient& rest = town_->rest();
    const Answer made = rest.Post(&boss_, Base() + "/apiClients", {{"displayName", role}});
    Caller caller;
    caller.client_id = made.Text("/name").substr(made.Text("/name").rfind('/') + 1);
    caller.client_secret = made.Text("/clientSecret");
    rest.Post(&boss_,
              Base() + "/roleBindings",
              {{"subject", "apiClients/" + caller.client_id}, {"role", role}, {"unit", unit}});
    rest.WaitFor(&caller, Base() + "/sharingAgreements");
    return caller;
  }
  static std::string Base() { return "/v1/" + town_->agency(); }
  static std::string year() { return cycle_ + "/periods/year"; }
  // A plan with everything that a plan may have, and what was done.
  static void Work() {
    Caller& self = town_->As(person_);
    plan_ = "/v1/" + TextOf(town_->PlanOf(person_, cycle_), "name");
    town_->rest().Post(
        &town_->As(head_), plan_ + ":offerHelp", {{"course", "SKP"}, {"note", "Senin"}});
    town_->rest().Patch(
        &self,
        plan_,
        {{"items",
          json::array{{{"itemId", "hk1"},
                       {"kind", "MAIN"},
                       {"title", "Imunisasi"},
                       {"expectation", "Merata"},
                       {"proposedSupport", "Warga sehat"},
                       {"indicators",
                        json::array{{{"indicatorId", "cakupan"},
                                     {"aspect", "QUALITY"},
                                     {"title", "Cakupan"},
                                     {"unitOfMeasure", "persen"},
                                     {"polarity", "HIGHER_IS_BETTER"},
                                     {"target", Amount("90")},
                                     {"dataSource", "Register"}}}}}}},
         {"neededSupport", "Vaksin"},
         {"accountability", "Laporan"},
         {"consequences", "Pujian"},
         {"neededResources", json::array{{{"kind", "ADVICE"}, {"text", "Saran"}}}}});
    town_->rest().Post(&self, plan_ + ":submit", json::object());
    town_->rest().Post(&town_->As(head_), plan_ + ":return", {{"comment", "Lengkapi"}});
    town_->rest().Post(&self, plan_ + ":submit", json::object());
    town_->rest().Post(&town_->As(head_), plan_ + ":approve", json::object());
    town_->rest().Post(&self,
                       plan_ + "/progressEntries",
                       {{"itemId", "hk1"},
                        {"indicatorId", "cakupan"},
                        {"kind", "REALISATION"},
                        {"date", Day(2025, 12, 20)},
                        {"activity", "Posyandu"},
                        {"realisation", Amount("91")}});
  }
  static void Appraise() {
    scenarios::RestClient& rest = town_->rest();
    town_->Run(town_->hr(), "/v1/" + year() + ":score", json::object());
    evaluation_ = "/v1/" + TextOf(town_->EvaluationOf(person_, year()), "name");
    rest.Post(&town_->As(person_), evaluation_ + ":submitSelf", {{"note", "Tercapai"}});
    rest.Post(&town_->As(head_),
              evaluation_ + ":setFigures",
              {{"figures",
                json::array{{{"name", "attendance"},
                             {"number", Amount("98")},
                             {"source", "Presensi"},
                             {"asOfTime", "2025-12-31T00:00:00Z"}}}}});
    for (const json::value& one :
         rest.List(&town_->hr(), Base() + "/evaluations?period=" + year(), "evaluations")) {
      rest.Post(&town_->As(TextOf(one.at("snapshot"), "appraiser")),
                "/v1/" + TextOf(one, "name") + ":rate",
                {{"resultRating", "AS_EXPECTED"},
                 {"resultReason", "Dibahas"},
                 {"behaviorRating", "AS_EXPECTED"},
                 {"behaviorReason", "Dibahas"}});
    }
    for (const std::string& unit : {office_, other_office_}) {
      const Answer result = rest.Post(
          &town_->mayor(),
          Base() + "/unitResults",
          {{"unit", unit}, {"period", year()}, {"predicate", "UNIT_GOOD"}, {"reason", "Tercapai"}});
      rest.Post(&town_->mayor(),
                "/v1/" + result.Text("/name") + ":confirm",
                {{"justification", "Unit kecil"}});
    }
    town_->Run(town_->hr(), "/v1/" + year() + ":publishResults", json::object());
    rest.Post(&town_->As(person_), evaluation_ + ":acknowledge", json::object());
    annual_ = "/v1/" + TextOf(rest.List(&town_->As(person_),
                                        Base() + "/annualResults?employee=" + person_,
                                        "annualResults")
                                  .at(0),
                              "name");
  }
  // Six colleagues answer about the person, with words.
  static void Feedback() {
    scenarios::RestClient& rest = town_->rest();
    const std::string questions =
        rest.Post(
                &town_->hr(),
                Base() + "/questionnaires",
                {{"kind", "MULTI_RATER"},
                 {"displayName", "Perilaku"},
                 {"items",
                  json::array{{{"itemId", "a"}, {"topic", "A"}, {"textId", "A"}, {"textEn", "A"}},
                              {{"itemId", "b"}, {"topic", "B"}, {"textId", "B"}, {"textEn", "B"}}}},
                 {"scaleMinimum", 1},
                 {"scaleMaximum", 5},
                 {"comments", true}})
            .Text("/name");
    rest.Post(&town_->hr(), "/v1/" + questions + ":publish", json::object());
    const std::string campaign = "/v1/" + rest.Post(&town_->hr(),
                                                    Base() + "/campaigns",
                                                    {{"displayName", "360"},
                                                     {"questionnaire", questions},
                                                     {"endTime", "2099-12-31T00:00:00Z"}})
                                              .Text("/name");
    town_->Run(town_->hr(),
               campaign + "/nominations:suggest",
               {{"date", Day(2025, 6, 1)}, {"peers", 6}, {"unit", office_}, {"approve", true}});
    rest.Post(&town_->hr(), campaign + ":launch", json::object());
    constexpr int kSeries[][2] = {{3, 2}, {4, 4}, {5, 5}, {3, 3}, {4, 3}, {5, 5}};
    std::map<std::string, int> about;
    for (const std::string& rater : colleagues_) {
      for (const json::value& request :
           rest.List(&town_->As(rater), campaign + "/requests", "requests")) {
        const int* values = kSeries[about[TextOf(request, "ratee")]++ % 6];
        rest.Post(nullptr,
                  "/v1/responses:submit",
                  {{"responseToken", TextOf(request, "responseToken")},
                   {"answers",
                    json::array{{{"itemId", "a"}, {"value", values[0]}},
                                {{"itemId", "b"}, {"value", values[1]}}}},
                   {"comment", "Ramah"}});
      }
    }
    town_->Run(town_->hr(), campaign + ":close", json::object());
    report_ =
        "/v1/" +
        TextOf(rest.List(&town_->As(person_), campaign + "/reports", "reports").at(0), "name");
  }
  static void Train() {
    scenarios::RestClient& rest = town_->rest();
    rest.Post(&town_->As(head_),
              Base() + "/needs?fiscalYear=2026",
              {{"employee", person_}, {"topic", "VAKSIN"}, {"comment", "Baru"}});
    const std::string course = "/v1/" + rest.Post(&town_->hr(),
                                                  Base() + "/courses",
                                                  {{"title", "Vaksinasi"},
                                                   {"topics", json::array{"VAKSIN"}},
                                                   {"type", "8"},
                                                   {"learningHours", 8}})
                                            .Text("/name");
    rest.Post(&town_->hr(), course + ":publish", json::object());
    rest.Post(&town_->hr(),
              course + "/offerings",
              {{"startDate", Day(2026, 2, 2)},
               {"endDate", Day(2026, 2, 4)},
               {"seats", 2},
               {"costPerSeat", {{"currencyCode", "IDR"}, {"units", "0"}}}});
    rest.Post(&town_->hr(),
              Base() + "/budgets",
              {{"fiscalYear", 2026},
               {"source", "APBD"},
               {"amount", {{"currencyCode", "IDR"}, {"units", "1"}}}});
    const std::string plan =
        "/v1/" +
        rest.Post(&town_->hr(), Base() + "/allocationPlans", {{"fiscalYear", 2026}}).Text("/name");
    town_->Run(town_->hr(), plan + ":solve", json::object());
    rest.Post(&town_->hr(), plan + ":approve", json::object());
    const json::array places = rest.List(&town_->hr(), Base() + "/enrollments", "enrollments");
    rest.Post(&town_->hr(),
              "/v1/" + TextOf(places.at(0), "name") + ":complete",
              {{"completeDate", Day(2026, 2, 4)}, {"effectNote", "Dipakai"}});
  }

  // How many readers see other fields than the records say.
  static int Compare(const std::vector<Record>& records, bool quiet) {
    int wrong = 0;
    std::map<std::string, std::map<std::string, Keys>> expected;  // by path and reader
    for (const Record& record : records) {
      for (const std::string& reader : record.readers)
        expected[record.path][reader] = record.fields;
    }
    for (auto& [path, by_reader] : expected) {
      for (const auto& [what, caller] : readers_) {
        const Answer answer = town_->rest().Try("GET", caller, path, nullptr);
        Keys seen;
        if (answer.ok()) Collect(answer.body, "", seen);
        if (seen == by_reader[what]) continue;
        ++wrong;
        if (quiet) continue;
        EXPECT_THAT(seen, ::testing::ContainerEq(by_reader[what])) << what << " " << path;
      }
    }
    return wrong;
  }

  inline static std::map<std::string, Caller*> readers_;
  inline static std::string office_, other_office_, head_, stranger_, person_, cycle_, plan_,
      evaluation_, annual_, report_;
  inline static std::vector<std::string> colleagues_;
  inline static Caller boss_, unit_hr_, other_unit_hr_, other_agency_;
};

TEST_F(Fields, AReaderSeesThoseThatAreHisToSeeAndNoOthers) {
  testing::CheckLine line("S04-fields", "fields beside the allowlist", "0");
  const Keys line_and_hr = {"self", "appraiser", "next appraiser", "HR of the unit", "HR office"};
  const Keys open = Words(
      "name fullName kind positionKind positionTitle unit grade legalStatus externalId createTime "
      "updateTime etag");
  Keys personal = open;
  personal.insert({"nip", "birthDate", "email"});
  const std::vector<Record> records = {
      {"/v1/" + person_, personal, {"self"}},
      {"/v1/" + person_, open, {"appraiser", "next appraiser", "HR of the unit", "HR office"}},
      {"/v1/" + person_ + "?view=FULL", personal, {"self", "HR of the unit", "HR office"}},
      {plan_,
       Words(absl::StrCat(
           "accountability approveTime consequences createTime cycle etag helpOffer "
           "helpOffer.course helpOffer.note helpOffer.offerTime helpOffer.offeredBy items "
           "items.expectation items.indicators items.indicators.aspect items.indicators.dataSource "
           "items.indicators.indicatorId items.indicators.polarity items.indicators.target "
           "items.indicators.title items.indicators.unitOfMeasure items.itemId items.kind "
           "items.proposedSupport items.supportsState items.title name neededResources "
           "neededResources.kind neededResources.supportRequest neededResources.text neededSupport "
           "returnComment revision state submitTime updateTime",
           kSnapshot)),
       line_and_hr},
      {evaluation_,
       Words(absl::StrCat(
           "acknowledgeTime behaviorRating behaviorReason computed computed.computeTime "
           "computed.items computed.items.achievement computed.items.indicators "
           "computed.items.indicators.achievement computed.items.indicators.category "
           "computed.items.indicators.dueShare computed.items.indicators.entries "
           "computed.items.indicators.indicatorId computed.items.indicators.realisation "
           "computed.items.indicators.target computed.items.itemId computed.meanAchievement "
           "computed.suggestedResultRating computed.warnings computed.warnings.code "
           "computed.warnings.textEn computed.warnings.textId etag figures figures.asOfTime "
           "figures.enterTime figures.enteredBy figures.name figures.number figures.source "
           "finalTime name period predicate rateTime ratedBy resultRating resultReason selfNote "
           "state workPlan",
           kSnapshot,
           kLocal)),
       line_and_hr},
      {annual_,
       Words(absl::StrCat(
           "digest etag finalTime name period predicate segments segments.appraiser segments.days "
           "segments.endDate segments.evaluation segments.months segments.positionKind "
           "segments.positionTitle segments.predicate segments.receiptDigest segments.startDate "
           "segments.unit state textEn textId",
           kSnapshot,
           kLocal)),
       line_and_hr},
      // No rater, and nothing of one answer.
      {report_,
       Words("adjusted adjusted.refusal adjusted.refusal.code adjusted.refusal.textEn "
             "adjusted.refusal.textId comments createTime groups groups.answers "
             "groups.distribution groups.group groups.items groups.items.itemId groups.items.mean "
             "groups.items.topic groups.lower groups.mean groups.upper groups.withheld name "
             "overallExplanationEn overallExplanationId overallMean ratee scaleMaximum "
             "scaleMinimum unit"),
       {"self", "appraiser"}},
      {Base() + "/enrollments",
       Words("enrollments enrollments.appraiser enrollments.completeDate enrollments.createTime "
             "enrollments.effectNote enrollments.employee enrollments.etag "
             "enrollments.learningHours enrollments.name enrollments.need enrollments.offering "
             "enrollments.state enrollments.unitPath"),
       {"self", "appraiser", "HR of the unit", "HR office"}}};
  const auto wrong = Compare(records, /*quiet=*/false);
  line.Set(wrong, static_cast<std::int64_t>(records.size() * readers_.size()));

  // The control: a reader of another agency who is given a role too many.
  town_->rest().Post(
      &boss_,
      Base() + "/roleBindings",
      {{"subject", "apiClients/" + readers_.at("other agency")->client_id}, {"role", "inspector"}});
  EXPECT_TRUE(testing::Eventually([&] { return Compare(records, /*quiet=*/true) > 0; }));
}

// What an agreement lets another agency look up is what it names.
TEST_F(Fields, AnotherAgencySeesWhatTheAgreementNames) {
  const std::string agreement =
      town_->rest()
          .Post(&town_->hr(),
                Base() + "/sharingAgreements",
                {{"displayName", "Mitra"},
                 {"client", town_->agency() + "/apiClients/" + other_agency_.client_id},
                 {"fields", json::array{"PREDICATE", "POST"}},
                 {"legalGround", "Perjanjian"},
                 {"purpose", "Talenta"},
                 {"startDate", Day(2026, 1, 1)},
                 {"endDate", Day(2029, 1, 1)}})
          .Text("/name");
  const std::string nip = town_->rest().Get(&town_->As(person_), "/v1/" + person_).Text("/nip");
  Keys seen;
  Collect(town_->rest()
              .Post(&other_agency_, "/v1/" + agreement + ":lookupResults", {{"nip", nip}})
              .body,
          "",
          seen);
  EXPECT_THAT(
      seen,
      ::testing::ContainerEq(Words("results results.year results.finalTime "
                                   "results.predicate results.unit results.positionTitle")));
}

}  // namespace
}  // namespace teraju::security
