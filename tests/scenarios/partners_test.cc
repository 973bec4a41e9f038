// Partners: another agency reads what it is entitled to, and a history follows its person. The
// numbers of the tests are the lines of the promise; they run in this order.
#include <ctime>

#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/town.h"

namespace teraju::scenarios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

json::value DayFromNow(int days) {
  const std::time_t then = std::time(nullptr) + 86400LL * days;
  std::tm civil{};
  gmtime_r(&then, &civil);
  return Day(civil.tm_year + 1900, civil.tm_mon + 1, civil.tm_mday);
}

// A library of a head and an officer with a published year, and two clients of other agencies.
class Partners : public TownTest {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(Begin("mitra", "Pemerintah Kota Mitra"));
    base_ = "/v1/" + town_->agency();
    office_ = town_->Unit("perpustakaan", "Dinas Perpustakaan", town_->root());
    head_ = town_->Employee("Kepala Dinas", office_, "Kepala Dinas", "STRUCTURAL", true);
    officer_ = town_->Employee("Pustakawan", office_, "Pustakawan Ahli Muda", "FUNCTIONAL", false);
    nip_ = town_->rest().Get(&town_->hr(), "/v1/" + officer_ + "?view=FULL").Text("/nip");
    PublishYear();
    national_ = Client("Badan Kepegawaian Negara");
    other_ = Client("Pemerintah Kota Lain");
  }
  static void PublishYear() {
    RestClient& rest = town_->rest();
    cycle_ = town_->OpenCycle("2025");
    for (const std::string& person : {head_, officer_}) {
      Caller& superior = person == head_ ? town_->mayor() : town_->As(head_);
      town_->AgreePlan(person,
                       superior,
                       cycle_,
                       json::array{{{"itemId", "layanan"},
                                    {"kind", "MAIN"},
                                    {"title", "Pembaca dilayani"},
                                    {"indicators", Indicators()}}});
    }
    for (const char* id : {"q1", "q2", "q3", "q4", "year"}) {
      const std::string period = cycle_ + "/periods/" + id;
      town_->Run(town_->hr(), "/v1/" + period + ":score", json::object());
      const bool year = std::string(id) == "year";
      std::string unit_result;
      if (year) {
        unit_result = rest.Post(&town_->mayor(),
                                base_ + "/unitResults",
                                {{"unit", office_},
                                 {"period", period},
                                 {"predicate", "UNIT_GOOD"},
                                 {"reason", "Perjanjian kinerja tercapai"}})
                          .Text("/name");
      }
      for (const std::string& person : {head_, officer_}) {
        rest.Post(person == head_ ? &town_->mayor() : &town_->As(head_),
                  "/v1/" + TextOf(town_->EvaluationOf(person, period), "name") + ":rate",
                  {{"resultRating", "AS_EXPECTED"},
                   {"resultReason", "Dibahas dalam rapat evaluasi"},
                   {"behaviorRating", "AS_EXPECTED"},
                   {"behaviorReason", "Dibahas dalam rapat evaluasi"}});
      }
      if (year)
        rest.Post(&town_->mayor(),
                  "/v1/" + unit_result + ":confirm",
                  {{"justification", "Unit kecil: dua orang"}});
      town_->Run(town_->hr(), "/v1/" + period + ":publishResults", json::object());
    }
  }
  static json::value Indicators() {
    return json::array{{{"indicatorId", "pembaca"},
                        {"aspect", "QUANTITY"},
                        {"title", "Pembaca yang dilayani"},
                        {"unitOfMeasure", "orang"},
                        {"polarity", "HIGHER_IS_BETTER"},
                        {"target", Amount("1000")},
                        {"dataSource", "Buku kunjungan"}}};
  }
  // A client of another agency.
  static Caller Client(const std::string& name) {
    Caller boss = SignInAsOperator(*suite_, town_->rest());
    const Answer made = town_->rest().Post(&boss, base_ + "/apiClients", {{"displayName", name}});
    Caller caller;
    caller.client_id = made.Text("/name").substr(made.Text("/name").rfind('/') + 1);
    caller.client_secret = made.Text("/clientSecret");
    town_->rest().Post(&boss,
                       base_ + "/roleBindings",
                       {{"subject", "apiClients/" + caller.client_id}, {"role", "other_agency"}});
    town_->rest().WaitFor(&caller, base_ + "/sharingAgreements");
    return caller;
  }
  static std::string Agree(const Caller& client, const json::array& fields, bool needs_consent) {
    return town_->rest()
        .Post(&town_->hr(),
              base_ + "/sharingAgreements",
              {{"displayName", "Instansi mitra"},
               {"client", town_->agency() + "/apiClients/" + client.client_id},
               {"fields", fields},
               {"legalGround", "Perjanjian kerja sama 12/2026"},
               {"purpose", "Manajemen talenta nasional"},
               {"needsConsent", needs_consent},
               {"startDate", DayFromNow(-2)},
               {"endDate", DayFromNow(300)}})
        .Text("/name");
  }

  inline static std::string base_, office_, head_, officer_, nip_, cycle_;
  inline static Caller national_, other_;
};

TEST_F(Partners, Line1_JoinersTransfersAndLeaversAreFollowedWithoutAHand) {
  RestClient& rest = town_->rest();
  const std::string archive = town_->Unit("arsip", "Dinas Kearsipan", town_->root());
  const std::string other =
      town_->Employee("Kepala Kearsipan", archive, "Kepala Dinas", "STRUCTURAL", true);
  const std::string cycle = town_->OpenCycle("2026");
  // `first last appraiser` of the person's plans.
  const auto plans = [&](const std::string& person) {
    std::vector<std::string> text;
    const std::string path = base_ + "/workPlans?cycle=" + cycle + "&employee=" + person;
    for (const json::value& plan : rest.List(&town_->hr(), path, "workPlans")) {
      const json::value snapshot = ObjectOf(plan, "snapshot");
      const auto day = [&](const char* field) {
        const json::value date = ObjectOf(snapshot, field);
        return std::to_string(NumberOf(date, "day")) + "." +
               std::to_string(NumberOf(date, "month"));
      };
      text.push_back(day("startDate") + "-" + day("endDate") + " " + TextOf(snapshot, "appraiser"));
    }
    return text;
  };
  const auto becomes = [&](const std::string& person, const std::vector<std::string>& expected) {
    testing::Eventually([&] { return plans(person) == expected; });
    EXPECT_EQ(plans(person), expected);
  };
  const auto external = [&](const std::string& person) {
    return rest.Get(&town_->hr(), "/v1/" + person).Text("/externalId");
  };
  // A joiner, by the HR system.
  const std::string joiner = town_->Employee(
      "Arsiparis", archive, "Arsiparis Terampil", "FUNCTIONAL", false, "2026-03-02");
  becomes(joiner, {"2.3-31.12 " + other});
  // A transfer in the middle of the year: the old superior has the first part, the new one the
  // rest.
  becomes(officer_, {"1.1-31.12 " + head_});
  rest.Post(&town_->hr(),
            base_ + "/employees:place",
            {{"externalId", external(officer_)},
             {"unit", archive},
             {"positionTitle", "Pustakawan Ahli Muda"},
             {"startDate", Day(2026, 8, 1)}});
  becomes(officer_, {"1.1-31.7 " + head_, "1.8-31.12 " + other});
  // A leaver: nobody waits for the periods after.
  rest.Post(&town_->hr(),
            base_ + "/employees:release",
            {{"externalId", external(joiner)}, {"endDate", Day(2026, 6, 30)}});
  becomes(joiner, {"2.3-30.6 " + other});
  EXPECT_THAT(rest.List(&town_->hr(),
                        base_ + "/evaluations?period=" + cycle + "/periods/q3&employee=" + joiner,
                        "evaluations"),
              IsEmpty());
  // Another head: who appraises is another from that day on.
  rest.Post(&town_->hr(),
            base_ + "/employees:release",
            {{"externalId", external(other)}, {"endDate", Day(2026, 9, 30)}});
  becomes(officer_,
          {"1.1-31.7 " + head_,
           "1.8-30.9 " + other,
           "1.10-31.12 " + rest.Get(&town_->hr(), base_ + "/officials").Text("/officials/0/name")});
}

TEST_F(Partners, Line2_OperationalFiguresArriveByApiAndFileWithSourceTimeAndN) {
  RestClient& rest = town_->rest();
  const std::string cycle = town_->agency() + "/cycles/2026";
  json::array items{{{"itemId", "layanan"},
                     {"kind", "MAIN"},
                     {"title", "Pembaca dilayani"},
                     {"indicators", Indicators()}}};
  items[0].at("indicators").at(0).as_object()["metric"] = "perpustakaan.pembaca";
  const std::string plan = town_->AgreePlan(head_, town_->mayor(), cycle, items);
  // From a system, about the unit: it stands in the plan of its head.
  const json::value figure = {{"unit", office_},
                              {"metric", "perpustakaan.pembaca"},
                              {"date", Day(2026, 3, 31)},
                              {"value", Amount("250")},
                              {"source", "Buku tamu elektronik"},
                              {"measureTime", "2026-04-01T01:00:00Z"},
                              {"sampleSize", "250"},
                              {"unitOfMeasure", "orang"}};
  const std::string create = base_ + "/measurements:batchCreate";
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), create, {{"measurements", {figure}}}).reason,
            "PERMISSION_DENIED");
  const auto state = [](const Answer& answer) { return answer.Text("/results/0/state"); };
  EXPECT_EQ(state(rest.Post(&town_->hr(), create, {{"measurements", {figure}}})), "RECORDED");
  EXPECT_EQ(state(rest.Post(&town_->hr(), create, {{"measurements", {figure}}})), "UNCHANGED");
  // From a file, about the person: corrected, and both are seen.
  const std::string head_nip = rest.Get(&town_->hr(), "/v1/" + head_ + "?view=FULL").Text("/nip");
  const std::string file =
      "NIP;Metrik;Tanggal;Nilai;Sumber;Waktu Ukur;Jumlah Kasus\n" + head_nip +
      ";perpustakaan.pembaca;2026-03-31;260;Buku tamu elektronik;2026-04-02T01:00:00Z;260\n" +
      head_nip + ";lainnya;2026-03-31;1;Buku tamu elektronik;2026-04-02T01:00:00Z;1\n";
  const Answer imported =
      rest.Upload(&town_->hr(), base_ + "/measurements:import", "text/csv", file);
  EXPECT_EQ(state(imported), "CORRECTED");
  EXPECT_THAT(imported.Text("/results/1/textEn"), HasSubstr("No indicator"));
  const json::array entries = ArrayOf(
      rest.Get(&town_->As(head_), "/v1/" + plan + "/progressEntries").body, "progressEntries");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(TextOf(entries[0], "correctedBy"), TextOf(entries[1], "name"));
  EXPECT_EQ(TextOf(ObjectOf(entries[1], "measured"), "source"), "Buku tamu elektronik");
  EXPECT_EQ(NumberOf(ObjectOf(entries[1], "measured"), "sampleSize"), 260);
  // A figure is evidence and rates nobody.
  EXPECT_EQ(TextOf(town_->EvaluationOf(head_, cycle + "/periods/q1"), "state"), "OPEN");
}

TEST_F(Partners, Line4_AnotherAgencyReadsTheAgreedFieldsByNipAndYearInOnePost) {
  RestClient& rest = town_->rest();
  const std::string agreement = Agree(national_, {"PREDICATE", "POST", "DIGEST"}, false);
  const std::string lookup = "/v1/" + agreement + ":lookupResults";
  const Answer read = rest.Post(&national_, lookup, {{"nip", nip_}, {"year", 2025}});
  const json::array results = ArrayOf(read.body, "results");
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_EQ(TextOf(results[0], "predicate"), "GOOD");
  EXPECT_EQ(TextOf(results[0], "positionTitle"), "Pustakawan Ahli Muda");
  EXPECT_THAT(TextOf(results[0], "digest"), SizeIs(64));
  EXPECT_FALSE(results[0].as_object().contains("segments"));  // not agreed

  // Not for another client, not for the HR office, not by a wrong NIP.
  for (Caller* caller : {&other_, &town_->hr(), &town_->As(head_)}) {
    EXPECT_EQ(town_->Refused("POST", caller, lookup, {{"nip", nip_}, {"year", 2025}}).reason,
              "PERMISSION_DENIED");
  }
  const Refusal unknown =
      town_->Refused("POST", &national_, lookup, {{"nip", "199001012015011001"}, {"year", 2025}});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.reason, "NO_SHARED_RESULT");
  EXPECT_THAT(unknown.text, HasSubstr("Check both"));
  // Nothing but the agreement leads there.
  EXPECT_EQ(town_->Refused("GET", &national_, base_ + "/annualResults", nullptr).reason,
            "PERMISSION_DENIED");

  // The person sees who read.
  const json::array reads =
      ArrayOf(rest.Get(&town_->As(officer_), "/v1/dataReads/evaluation?person=" + officer_).body,
              "dataReads");
  ASSERT_THAT(reads, Not(IsEmpty()));
  EXPECT_EQ(TextOf(reads.front(), "actor"), "apiClients/" + national_.client_id);
}

TEST_F(Partners, Line4_AndFollowsChangesByACursor) {
  RestClient& rest = town_->rest();
  std::string cursor;
  std::vector<std::string> seen;
  for (bool more = true; more;) {
    const Answer page = rest.Get(
        &national_,
        "/v1/changes/evaluation?pageSize=50&agency=" + town_->agency() + "&cursor=" + cursor);
    more = !ArrayOf(page.body, "changes").empty();
    for (const json::value& change : ArrayOf(page.body, "changes"))
      seen.push_back(TextOf(change, "type"));
    cursor = page.Text("/nextCursor");
  }
  EXPECT_THAT(seen, Contains("annualResult.final"));
  // An agreement and its end, behind the cursor.
  const std::string agreement = Agree(other_, {"PREDICATE"}, false);
  rest.Post(&town_->hr(), "/v1/" + agreement + ":end", {{"reason", "Salah mitra"}});
  // A change is listed once no older transaction is open.
  json::array fresh;
  testing::Eventually([&] {
    fresh.clear();
    for (const json::value& change :
         ArrayOf(rest.Get(&national_,
                          "/v1/changes/evaluation?agency=" + town_->agency() + "&cursor=" + cursor)
                     .body,
                 "changes")) {
      if (TextOf(change, "resource") == agreement) fresh.push_back(change);
    }
    return fresh.size() >= 2;
  });
  ASSERT_THAT(fresh, SizeIs(2));
  EXPECT_EQ(TextOf(fresh[1], "type"), "sharingAgreement.ended");
  EXPECT_EQ(town_
                ->Refused("POST",
                          &other_,
                          "/v1/" + agreement + ":lookupResults",
                          {{"nip", nip_}, {"year", 2025}})
                .reason,
            "SHARING_NOT_IN_FORCE");
}

TEST_F(Partners, Line4_AnAgencyWithoutTerajuEvaluatesWithAPackOfItsOwn) {
  town_->AdoptPack("permenpanrb-6-2022");
  const Answer result = town_->rest().Post(
      &national_,
      base_ + "/policyPacks/permenpanrb-6-2022:evaluate",
      {{"method", "annual"},
       {"inputs", R"({"result_rating": "AS_EXPECTED", "behavior_rating": "AS_EXPECTED"})"}});
  EXPECT_EQ(result.Text("/predicate"), "GOOD");
  EXPECT_THAT(result.Text("/textId"), Not(IsEmpty()));
}

TEST_F(Partners, Line5_AMethodIsExportedWithoutPersonalDataAndAdoptedByAnother) {
  RestClient& rest = town_->rest();
  const json::value method = rest.Get(&town_->hr(), base_ + "/method").body;
  EXPECT_THAT(ArrayOf(method, "policyPacks"), SizeIs(1));
  const std::string text = json::serialize(method);
  for (const std::string& personal : {nip_, head_, officer_, office_, std::string("Pustakawan")})
    EXPECT_THAT(text, Not(HasSubstr(personal)));
  Caller boss = SignInAsOperator(*suite_, rest);
  rest.Post(&boss, "/v1/agencies?agencyId=pengikut", {{"displayName", "Kota Pengikut"}});
  const Answer client =
      rest.Post(&boss, "/v1/agencies/pengikut/apiClients", {{"displayName", "HR"}});
  Caller follower;
  follower.client_id = client.Text("/name").substr(client.Text("/name").rfind('/') + 1);
  follower.client_secret = client.Text("/clientSecret");
  rest.Post(&boss,
            "/v1/agencies/pengikut/roleBindings",
            {{"subject", "apiClients/" + follower.client_id}, {"role", "regional_hr"}});
  rest.WaitFor(&follower, "/v1/agencies/pengikut/goals");
  const std::string adopt = "/v1/agencies/pengikut/method:adopt";
  const json::array adopted =
      ArrayOf(rest.Post(&follower, adopt, {{"method", method}}).body, "adopted");
  EXPECT_THAT(json::serialize(adopted), HasSubstr("agencies/pengikut/policyPacks/"));
  // Who has entered the rules does not put them in force, unless the agency has allowed its only
  // office to do both.
  const std::string activate = "/v1/agencies/pengikut/policyPacks/permenpanrb-6-2022:activate";
  EXPECT_EQ(town_->Refused("POST", &follower, activate, json::object()).reason, "DUTIES_SEPARATED");
  rest.Post(&boss,
            "/v1/agencies/pengikut/roleBindings",
            {{"subject", "apiClients/" + follower.client_id}, {"role", "duty_combiner"}});
  rest.Post(&follower, activate, json::object());
  EXPECT_THAT(ArrayOf(rest.Post(&follower, adopt, {{"method", method}}).body, "adopted"),
              IsEmpty());
  EXPECT_EQ(
      town_->Refused("POST", &follower, adopt, {{"method", {{"policyPacks", json::array{"{}"}}}}})
          .reason,
      "FIELD_INVALID");
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), adopt, {{"method", method}}).reason,
            "PERMISSION_DENIED");

  // Forms go as they are read: a questionnaire, and what plans of a post begin with.
  const json::value question = {{"itemId", "q1"},
                                {"textId", "Petugas melayani dengan ramah"},
                                {"textEn", "Staff are friendly"},
                                {"topic", "KOLABORATIF"}};
  const json::value items = {{{"itemId", "hk1"},
                              {"kind", "MAIN"},
                              {"title", "Koleksi terkatalog"},
                              {"indicators",
                               {{{"indicatorId", "judul"},
                                 {"aspect", "QUANTITY"},
                                 {"title", "Judul terkatalog"},
                                 {"unitOfMeasure", "judul"},
                                 {"polarity", "HIGHER_IS_BETTER"},
                                 {"target", Amount("300")}}}}}};
  rest.Post(&town_->hr(),
            base_ + "/questionnaires",
            {{"kind", "MULTI_RATER"},
             {"displayName", "Umpan balik rekan"},
             {"items", json::array{question}},
             {"scaleMinimum", 1},
             {"scaleMaximum", 5}});
  rest.Post(&town_->hr(),
            base_ + "/planTemplates",
            {{"title", "Pustakawan"},
             {"positionTitle", "Pustakawan Ahli"},
             {"contents", {{"items", items}}}});
  for (const char* forms : {"questionnaires", "planTemplates"}) {
    const std::string list = std::string("/") + forms;
    const json::array shown = rest.List(&town_->hr(), base_ + list, forms);
    ASSERT_THAT(shown, SizeIs(1)) << forms;
    for (const std::string& personal : {nip_, head_, officer_, office_})
      EXPECT_THAT(json::serialize(shown[0]), Not(HasSubstr(personal)));
    const std::string taken =
        rest.Post(&follower, "/v1/agencies/pengikut" + list, shown[0]).Text("/name");
    EXPECT_THAT(taken, HasSubstr("agencies/pengikut/"));
    const json::array own = rest.List(&follower, "/v1/agencies/pengikut" + list, forms);
    ASSERT_THAT(own, SizeIs(1)) << forms;
    for (const char* part : {"items", "contents"}) {
      const json::value* theirs = shown[0].as_object().if_contains(part);
      const json::value* ours = own[0].as_object().if_contains(part);
      ASSERT_EQ(theirs == nullptr, ours == nullptr) << forms << part;
      if (theirs == nullptr) continue;
      EXPECT_EQ(*ours, *theirs) << forms;
    }
  }
}

TEST_F(Partners, Line3_TheHistoryOfSomebodyWhoMovesGoesAlongWithPermission) {
  RestClient& rest = town_->rest();
  const std::string agreement = Agree(other_, {"PREDICATE", "SEGMENTS"}, true);
  const std::string lookup = "/v1/" + agreement + ":lookupResults";
  EXPECT_EQ(town_->Refused("POST", &other_, lookup, {{"nip", nip_}}).reason, "NO_SHARED_RESULT");
  // The one who moves reads on what ground, and consents.
  EXPECT_EQ(rest.Get(&town_->As(officer_), "/v1/" + agreement).Text("/legalGround"),
            "Perjanjian kerja sama 12/2026");
  const std::string consent =
      rest.Post(&town_->As(officer_), base_ + "/sharingConsents", {{"agreement", agreement}})
          .Text("/name");
  const json::array history = ArrayOf(rest.Post(&other_, lookup, {{"nip", nip_}}).body, "results");
  ASSERT_THAT(history, SizeIs(1));
  EXPECT_EQ(NumberOf(history[0], "year"), 2025);
  EXPECT_THAT(ArrayOf(history[0], "segments"), SizeIs(1));
  rest.Post(&town_->As(officer_), "/v1/" + consent + ":revoke", json::object());
  EXPECT_EQ(town_->Refused("POST", &other_, lookup, {{"nip", nip_}}).reason, "NO_SHARED_RESULT");
}

}  // namespace
}  // namespace teraju::scenarios
