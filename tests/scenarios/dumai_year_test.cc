// Dumai: the year of somebody who does not like computers. The numbers of the tests are the lines
// of the promise to this agency.
#include <ctime>
#include <string>

#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::IsTrue;
using ::testing::Le;
using ::testing::ResultOf;
using ::testing::SizeIs;

std::string Tomorrow() {
  const std::time_t tomorrow = std::time(nullptr) + 24 * 60 * 60;
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&tomorrow));
  return text;
}

// An office with a head and one officer.
class DumaiYear : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("dumai", "Pemerintah Kota Dumai"));
    const std::string registry =
        town_->Unit("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", town_->root());
    head_ = town_->Employee("Kepala Dukcapil", registry, "Kepala Dinas", "STRUCTURAL", true);
    officer_ =
        town_->Employee("Petugas", registry, "Administrator Kependudukan", "FUNCTIONAL", false);
    cycle_ = town_->OpenCycle("2025");
  }
  static json::object Rating(const std::string& person, const std::string& period) {
    return {{"name", TextOf(town_->EvaluationOf(person, period), "name")},
            {"resultRating", "AS_EXPECTED"},
            {"resultReason", "Dibahas dalam rapat evaluasi"},
            {"behaviorRating", "AS_EXPECTED"}};
  }
  // Scored, rated by head and mayor in one call each, published.
  static void Appraise(const std::string& period) {
    RestClient& rest = town_->rest();
    town_->Run(town_->hr(), "/v1/" + period + ":score", json::object());
    const std::string rate = "/v1/" + town_->agency() + "/evaluations:batchRate";
    rest.Post(&town_->As(head_), rate, {{"requests", json::array{Rating(officer_, period)}}});
    rest.Post(&town_->mayor(), rate, {{"requests", json::array{Rating(head_, period)}}});
    if (period.ends_with("/year")) {
      const std::string unit = rest.Post(&town_->mayor(),
                                         "/v1/" + town_->agency() + "/unitResults",
                                         {{"unit", town_->agency() + "/units/dukcapil"},
                                          {"period", period},
                                          {"predicate", "UNIT_GOOD"},
                                          {"reason", "Perjanjian kinerja tercapai"}})
                                   .Text("/name");
      rest.Post(&town_->mayor(),
                "/v1/" + unit + ":confirm",
                {{"justification", "Unit kecil: satu orang"}});
    }
    town_->Run(town_->hr(), "/v1/" + period + ":publishResults", json::object());
  }
  inline static std::string head_, officer_, cycle_;
};

TEST_F(DumaiYear, Line7_TheWholeYearTakesAnAsnTwelveCallsAndSixScreens) {
  RestClient& rest = town_->rest();
  const std::string agency = "/v1/" + town_->agency();
  Caller& officer = town_->As(officer_);
  std::int64_t calls = 1;  // with the code on paper: signed in
  std::int64_t screens = 0;
  const auto write = [&](const std::string& path, const json::value& body) {
    ++calls;
    return rest.Post(&officer, path, body);
  };
  const auto look = [&](const std::string& path) {
    ++calls;
    ++screens;
    return rest.Get(&officer, path);
  };

  const Answer plans = look(agency + "/workPlans?cycle=" + cycle_ + "&employee=" + officer_);
  const std::string plan = "/v1/" + plans.Text("/workPlans/0/name");
  ++calls;
  rest.Patch(&officer,
             plan,
             {{"items",
               json::array{{{"itemId", "akta"},
                            {"kind", "MAIN"},
                            {"title", "Akta kelahiran terbit tepat waktu"},
                            {"indicators",
                             json::array{{{"indicatorId", "terbit"},
                                          {"aspect", "QUANTITY"},
                                          {"title", "Akta terbit"},
                                          {"unitOfMeasure", "akta"},
                                          {"polarity", "HIGHER_IS_BETTER"},
                                          {"target", Amount("4000")},
                                          {"dataSource", "SIAK"}},
                                         {{"indicatorId", "hari"},
                                          {"aspect", "TIME"},
                                          {"title", "Hari sampai terbit"},
                                          {"unitOfMeasure", "hari"},
                                          {"polarity", "LOWER_IS_BETTER"},
                                          {"target", Amount("3")},
                                          {"dataSource", "SIAK"}}}}}}}});
  write(plan + ":submit", json::object());
  rest.Post(&town_->As(head_), plan + ":approve", json::object());

  for (int quarter = 1; quarter <= 4; ++quarter) {
    const auto entry = [&](const char* indicator, const std::string& value) {
      return json::object{{"itemId", "akta"},
                          {"indicatorId", indicator},
                          {"kind", "REALISATION"},
                          {"date", Day(2025, 3 * quarter, 28)},
                          {"activity", "Rekap triwulan"},
                          {"realisation", Amount(value)}};
    };
    write(plan + "/progressEntries:batchCreate",
          {{"progressEntries",
            json::array{entry("terbit", std::to_string(1000 * quarter)), entry("hari", "3")}}});
    if (quarter < 4) Appraise(cycle_ + "/periods/q" + std::to_string(quarter));
  }
  const Answer evaluations = look(agency + "/evaluations?employee=" + officer_);
  ASSERT_THAT(ArrayOf(evaluations.body, "evaluations"), SizeIs(5));
  std::string year;
  for (const json::value& one : ArrayOf(evaluations.body, "evaluations"))
    if (TextOf(one, "period") == cycle_ + "/periods/year") year = "/v1/" + TextOf(one, "name");
  write(year + ":submitSelf", {{"note", "Target tercapai tiap triwulan"}});
  Appraise(cycle_ + "/periods/q4");
  Appraise(cycle_ + "/periods/year");
  const Answer results = look(agency + "/annualResults?employee=" + officer_);
  EXPECT_EQ(results.Text("/annualResults/0/predicate"), "GOOD");
  write(year + ":acknowledge", json::object());

  EXPECT_THAT(calls, Le(12));
  EXPECT_THAT(screens, Le(6));
}

TEST_F(DumaiYear, Line7_WhoStrugglesIsNoticedAndOfferedHelp) {
  RestClient& rest = town_->rest();
  const std::string agency = "/v1/" + town_->agency();
  const std::string registry = town_->agency() + "/units/dukcapil";
  // He joins in December and never comes to the computer.
  const std::string elder = rest.Post(&town_->hr(),
                                      agency + "/employees",
                                      {{"nip", "196801012005011777"},
                                       {"fullName", "Pak Tua"},
                                       {"birthDate", Day(1968, 1, 1)},
                                       {"kind", "PNS"},
                                       {"positionKind", "GENERAL"},
                                       {"positionTitle", "Pengadministrasi"},
                                       {"unit", registry},
                                       {"grade", "22"},
                                       {"legalStatus", "01"},
                                       {"externalId", "elder"}})
                                .Text("/name");
  rest.Post(&town_->hr(),
            "/v1/" + elder + "/assignments",
            {{"unit", registry},
             {"positionTitle", "Pengadministrasi"},
             {"kind", "DEFINITIVE"},
             {"startDate", Day(2025, 12, 1)}});
  const json::array unused =
      rest.List(&town_->hr(), agency + "/employees?neverSignedIn=true", "employees");
  ASSERT_THAT(unused, SizeIs(1));
  EXPECT_EQ(TextOf(unused[0], "name"), elder);
  // The plan follows within a second; nobody has let it lie for two weeks yet.
  const std::string plans = agency + "/workPlans?employee=" + elder;
  json::array found;
  ASSERT_TRUE(testing::Eventually([&] {
    found = rest.List(&town_->hr(), plans, "workPlans");
    return !found.empty();
  }));
  EXPECT_THAT(rest.List(&town_->hr(), plans + "&idleDays=14", "workPlans"), IsEmpty());

  const std::string offer = "/v1/" + TextOf(found[0], "name") + ":offerHelp";
  EXPECT_EQ(town_->Refused("POST", &town_->As(officer_), offer, {{"helper", officer_}}).reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), offer, {{"helper", elder}}).status, 400);
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), offer, json::object()).status, 400);
  rest.Post(&town_->As(head_), offer, {{"helper", officer_}, {"note", "Senin pagi di loket 2"}});
  // By a mandate that he has signed on paper she writes for him, and that is on record.
  rest.Post(&town_->hr(),
            agency + "/mandates",
            {{"mandator", elder},
             {"mandatary", officer_},
             {"scopes", json::array{"evaluation.workPlans.get", "evaluation.workPlans.update"}},
             {"endTime", Tomorrow()},
             {"reason", "Surat kuasa 12/2025"}});
  Caller helper = town_->As(officer_);
  const std::string name = TextOf(found[0], "name");
  EXPECT_EQ(
      town_->Refused("PATCH", &helper, "/v1/" + name, {{"neededSupport", "Pelatihan"}}).reason,
      "PERMISSION_DENIED");
  helper.on_behalf_of = "employees/" + elder.substr(elder.rfind('/') + 1);
  rest.Patch(&helper, "/v1/" + name, {{"neededSupport", "Pelatihan komputer"}});
  Caller auditor = SignInAsOperator(*suite_, rest);
  const json::array events =
      rest.List(&auditor,
                "/v1/auditEvents/evaluation?agency=" + town_->agency() + "&resource=" + name,
                "auditEvents");
  EXPECT_THAT(events,
              Contains(ResultOf(
                  [&](const json::value& event) {
                    return TextOf(event, "type") == "workPlan.updated" &&
                           officer_.ends_with(TextOf(event, "actor")) &&
                           elder.ends_with(TextOf(event, "onBehalfOf"));
                  },
                  IsTrue())));
  // Once he has signed in he reads at his plan who helps him.
  town_->SignInAs(elder);
  EXPECT_THAT(rest.List(&town_->hr(), agency + "/employees?neverSignedIn=true", "employees"),
              IsEmpty());
  const Answer plan = rest.Get(&town_->As(elder), "/v1/" + name);
  EXPECT_EQ(plan.Text("/neededSupport"), "Pelatihan komputer");
  EXPECT_EQ(plan.Text("/helpOffer/helper"), officer_);
  EXPECT_EQ(plan.Text("/helpOffer/offeredBy"), head_);
  EXPECT_EQ(plan.Text("/helpOffer/note"), "Senin pagi di loket 2");
}

}  // namespace
}  // namespace teraju::scenarios
