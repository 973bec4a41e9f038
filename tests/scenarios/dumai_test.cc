// Dumai: competence, integrity, mentoring. The numbers of the tests are the lines of the promise to
// this agency.
#include "tests/scenarios/dumai.h"

#include <algorithm>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/scenarios/survey.h"

namespace teraju::scenarios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class Dumai : public DumaiTown {
 protected:
  // The standard of functional posts: managerial, socio-cultural and technical, all at level 3.
  static Answer EnterStandard() {
    RestClient& rest = town_->rest();
    const std::string agency = "/v1/" + town_->agency();
    rest.Post(&town_->hr(), agency + "/competencies:adopt", json::object());
    rest.Post(&town_->hr(),
              agency + "/competencies?competencyId=data-kependudukan",
              {{"kind", "TECHNICAL"}, {"title", "Pengelolaan data kependudukan"}});
    json::array required;
    for (const char* id : kCompetencies)
      required.push_back({{"competency", Competency(id)}, {"level", 3}});
    return rest.Post(&town_->hr(),
                     agency + "/competencyStandards?competencyStandardId=fungsional",
                     {{"jobFamily", "FUNCTIONAL"}, {"requiredLevels", required}});
  }
  static std::string Competency(const std::string& id) {
    return town_->agency() + "/competencies/" + id;
  }
  static json::value Levels(const std::vector<int>& levels, const char* evidence = "") {
    json::array all;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      all.push_back({{"competency", Competency(kCompetencies[i])},
                     {"level", levels[i]},
                     {"evidence", evidence}});
    }
    return {{"levels", all}};
  }
  static Answer BeginAssessment(const std::string& person) {
    return town_->rest().Post(&town_->As(head_),
                              "/v1/" + town_->agency() + "/competencyAssessments",
                              {{"workPlan", PlanName(person)}});
  }
  static Answer Finish(const std::string& person, const std::vector<int>& levels) {
    RestClient& rest = town_->rest();
    const std::string name = "/v1/" + BeginAssessment(person).Text("/name");
    rest.Post(&town_->As(head_), name + ":assess", Levels(levels, "Hasil uji 3 November"));
    rest.Post(&town_->As(head_), name + ":submit", json::object());
    return rest.Post(&town_->As(person), name + ":acknowledge", {{"comment", "Sepakat"}});
  }
  // Everybody's results are as expected, but for those named.
  static void PublishQuarter(const std::string& quarter,
                             const std::map<std::string, std::string>& others) {
    town_->Run(town_->hr(), "/v1/" + quarter + ":score", json::object());
    std::vector<std::string> everybody = colleagues_;
    everybody.insert(everybody.end(), {head_, other_head_, officer_, technician_});
    for (const std::string& person : everybody) {
      Caller& superior = person == head_ || person == other_head_ ? town_->mayor()
                         : person == technician_                  ? town_->As(other_head_)
                                                                  : town_->As(head_);
      const auto other = others.find(person);
      town_->rest().Post(&superior,
                         "/v1/" + TextOf(town_->EvaluationOf(person, quarter), "name") + ":rate",
                         {{"resultRating", other == others.end() ? "AS_EXPECTED" : other->second},
                          {"resultReason", "Dibahas dalam rapat evaluasi"},
                          {"behaviorRating", "AS_EXPECTED"}});
    }
    town_->Run(town_->hr(), "/v1/" + quarter + ":publishResults", json::object());
  }
  // Adaptability is called managing change.
  static constexpr const char* kCompetencies[] = {
      "INTEGRITAS", "KERJA_SAMA", "MENGELOLA_PERUBAHAN", "PEREKAT_BANGSA", "data-kependudukan"};
};
TEST_F(Dumai, Line1_CompetencesAreAssessedAgainstTheStandardOfThePost) {
  RestClient& rest = town_->rest();
  EnterStandard();
  // What was begun wrongly makes place for another.
  const std::string wrong = "/v1/" + BeginAssessment(officer_).Text("/name");
  EXPECT_EQ(
      rest.Post(&town_->As(head_), wrong + ":cancel", {{"reason", "Salah SKP"}}).Text("/state"),
      "CANCELLED");
  const Answer begun = BeginAssessment(officer_);
  const std::string assessment = "/v1/" + begun.Text("/name");
  const json::array competencies = ArrayOf(begun.body, "competencies");
  ASSERT_THAT(competencies, SizeIs(5));
  EXPECT_EQ(TextOf(competencies[0], "title"), "Integritas");
  EXPECT_EQ(TextOf(competencies[2], "kind"), "MANAGERIAL");
  EXPECT_EQ(TextOf(competencies[3], "kind"), "SOCIO_CULTURAL");
  EXPECT_EQ(TextOf(competencies[4], "kind"), "TECHNICAL");
  EXPECT_EQ(NumberOf(competencies[4], "requiredLevel"), 3);

  // Both views stand beside each other; the person's own is not the assessor's.
  rest.Post(&town_->As(officer_), assessment + ":assessSelf", Levels({4, 4, 4, 3, 3}));
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(officer_), assessment + ":assess", Levels({5})).reason,
      "PERMISSION_DENIED");
  // Two levels away from what is required is said with evidence.
  EXPECT_EQ(town_->Refused("POST", &town_->As(head_), assessment + ":assess", Levels({1})).status,
            400);
  rest.Post(&town_->As(head_), assessment + ":assess", Levels({4, 3, 2, 3}));
  const Refusal incomplete =
      town_->Refused("POST", &town_->As(head_), assessment + ":submit", json::object());
  EXPECT_EQ(incomplete.reason, "COMPETENCY_INCOMPLETE");
  EXPECT_THAT(incomplete.text, HasSubstr("1 competencies have no level"));
  rest.Post(&town_->As(head_),
            assessment + ":assess",
            Levels({4, 3, 2, 3, 1}, "Uji pemutakhiran data 3 November: 4 dari 10 benar"));
  const Answer submitted = rest.Post(&town_->As(head_), assessment + ":submit", json::object());
  // 3 + 3 + 2 + 3 + 1 of 15: more in one competency does not make up for another.
  EXPECT_EQ(submitted.Text("/match/percent/value"), "80.00");
  EXPECT_EQ(submitted.Text("/match/matchClass"), "FAIRLY_OPTIMAL");
  EXPECT_EQ(submitted.Text("/competencies/0/standing"), "STRENGTH");
  EXPECT_EQ(submitted.Text("/competencies/2/standing"), "WEAKNESS");
  EXPECT_EQ(submitted.Number("/competencies/2/selfLevel"), 4);
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(head_), assessment + ":conclude", json::object()).reason,
      "COMPETENCY_TOO_EARLY");
  EXPECT_EQ(
      rest.Post(&town_->As(officer_), assessment + ":acknowledge", {{"comment", "Siap belajar"}})
          .Text("/state"),
      "FINAL");
}

TEST_F(Dumai, Line1_WeaknessesStayWithThoseWhoDevelopThePersonAndUnitsSeeCounts) {
  RestClient& rest = town_->rest();
  const std::string list = "/v1/" + town_->agency() + "/competencyAssessments";
  const json::array own =
      rest.List(&town_->As(officer_), list + "?state=FINAL", "competencyAssessments");
  ASSERT_THAT(own, SizeIs(1));
  const std::string assessment = "/v1/" + TextOf(own.front(), "name");
  // The person sees who has looked.
  rest.Get(&town_->mayor(), assessment);
  bool seen = false;
  for (const json::value& read : rest.List(
           &town_->As(officer_), "/v1/dataReads/evaluation?person=" + officer_, "dataReads")) {
    seen = seen || (TextOf(read, "actor") == town_->mayor().subject &&
                    TextOf(read, "resource") == TextOf(own.front(), "name"));
  }
  EXPECT_TRUE(seen);
  // A colleague learns nothing, neither by name nor from lists nor from counts.
  Caller& peer = town_->As(colleagues_.front());
  EXPECT_EQ(town_->Refused("GET", &peer, assessment, {}).reason, "PERMISSION_DENIED");
  EXPECT_THAT(rest.List(&peer, list, "competencyAssessments"), SizeIs(0));
  const std::string profile = "/v1/" + cycle_ + "/competencyProfile";
  EXPECT_EQ(town_->Refused("GET", &peer, profile, {}).reason, "PERMISSION_DENIED");
  const std::string boxes = "/v1/" + cycle_ + "/talentPlacements";
  for (Caller* other : {&peer, &town_->As(head_), &town_->mayor()})
    EXPECT_EQ(town_->Refused("GET", other, boxes, {}).reason, "PERMISSION_DENIED");
  // No year is published yet, so that nobody is placed.
  EXPECT_THAT(rest.List(&town_->hr(), boxes, "talentPlacements"), SizeIs(0));

  // By unit: four of seven are weak in managing change; one is in data, which is not told.
  for (std::size_t i = 0; i < colleagues_.size(); ++i)
    Finish(colleagues_[i], {3, 3, i < 3 ? 2 : 3, 3, 3});
  rest.Post(&town_->hr(), profile + ":publish", json::object());
  EXPECT_EQ(town_->Refused("POST", &town_->hr(), profile + ":publish", json::object()).status, 409);
  const json::array counts = ArrayOf(rest.Get(&town_->mayor(), profile).body, "counts");
  int weak_in_change = 0;
  for (const json::value& row : counts) {
    const bool change = TextOf(row, "competency") == Competency("MENGELOLA_PERUBAHAN");
    EXPECT_EQ(row.as_object().contains("weaknesses"), change) << row;
    if (change && TextOf(row, "unit").ends_with("/dukcapil"))
      weak_in_change = static_cast<int>(NumberOf(row, "weaknesses"));
  }
  EXPECT_EQ(weak_in_change, 4);
}

TEST_F(Dumai, Line1_AnIndicatorRelatesOutputToCostOrTime) {
  RestClient& rest = town_->rest();
  const std::string plan = "/v1/" + PlanName(officer_);
  rest.Patch(&town_->As(officer_),
             plan,
             {{"items",
               json::array{{{"itemId", "ktp"},
                            {"kind", "MAIN"},
                            {"title", "KTP-el diterbitkan"},
                            {"proposedSupport", "Layanan kependudukan"},
                            {"indicators",
                             json::array{{{"indicatorId", "biaya"},
                                          {"aspect", "COST"},
                                          {"title", "Biaya per KTP-el yang diterbitkan"},
                                          {"unitOfMeasure", "rupiah per dokumen"},
                                          {"polarity", "LOWER_IS_BETTER"},
                                          {"target", Amount("12000")},
                                          {"dataSource", "Laporan keuangan"}}}}}}}});
  rest.Post(&town_->As(officer_), plan + ":submit", json::object());
  rest.Post(&town_->As(head_), plan + ":approve", json::object());
  rest.Post(&town_->As(officer_),
            plan + "/progressEntries",
            {{"itemId", "ktp"},
             {"indicatorId", "biaya"},
             {"kind", "REALISATION"},
             {"date", Day(2025, 12, 20)},
             {"activity", "Rekap biaya"},
             {"realisation", Amount("10500")}});
  const std::string year = cycle_ + "/periods/year";
  town_->Run(town_->hr(), "/v1/" + year + ":score", json::object());
  const json::value figure = ObjectOf(town_->EvaluationOf(officer_, year), "computed")
                                 .at("items")
                                 .at(0)
                                 .at("indicators")
                                 .at(0);
  // 1 + (1 - 10,500 / 12,000): less money for each document is better.
  EXPECT_EQ(TextOf(ObjectOf(figure, "achievement"), "value"), "112.50");
}

TEST_F(Dumai, Line2_CitizensRateNineElementsAndTheIndexHasAGrade) {
  RestClient& rest = town_->rest();
  const std::string questions = SurveyQuestions(*town_);
  const SurveyRound survey = OpenSurvey(*town_, questions, town_->root(), 20);
  // Morgan and Krejcie: of twenty people served, nineteen are to be asked.
  EXPECT_EQ(survey.sample_size, 19);
  std::vector<int> waiting(19, 2);
  std::fill(waiting.begin() + 10, waiting.end(), 4);
  AnswerSurvey(*town_, survey, waiting);
  const json::value result = CloseSurvey(*town_, survey);
  EXPECT_EQ(NumberOf(result, "answers"), 19);
  ASSERT_THAT(ArrayOf(result, "elements"), SizeIs(9));
  // Eight elements alternate between 3 and 4 (ten and nine times, four elements each way round),
  // the ninth ten times 2: (4 x 66/19 + 4 x 67/19 + 56/19) / 9 x 25.
  EXPECT_NEAR(DecimalOf(result, "index"), 85.96, 0.005);
  EXPECT_EQ(TextOf(result, "grade"), "B");
  // One of those served was not asked, so the index has an interval.
  EXPECT_LT(DecimalOf(result, "lower"), DecimalOf(result, "index"));
  // Nobody is asked twice.
  EXPECT_EQ(
      town_
          ->Refused(
              "POST", nullptr, "/v1/citizenResponses:submit", SurveyAnswer(survey.codes[0], 0, 1))
          .reason,
      "RESPONSE_TOKEN_INVALID");
  // Colleagues read the result as well.
  EXPECT_THAT(rest.List(&town_->As(officer_), "/v1/" + survey.name + "/results", "results"),
              SizeIs(1));
}

TEST_F(Dumai, Line5_LeadersAndColleaguesGiveConstructiveFeedbackByName) {
  RestClient& rest = town_->rest();
  const std::string notes = "/v1/" + town_->agency() + "/feedbackNotes";
  const std::string note = rest.Post(&town_->As(technician_),
                                     notes,
                                     {{"employee", officer_},
                                      {"kind", "SUGGESTION"},
                                      {"date", Day(2025, 6, 2)},
                                      {"text", "Kirim berkas per kelurahan agar cepat dimuat"}})
                               .Text("/name");
  EXPECT_EQ(town_
                ->Refused("POST",
                          &town_->As(head_),
                          notes,
                          {{"employee", officer_},
                           {"kind", "CONCERN"},
                           {"date", Day(2025, 6, 3)},
                           {"text", "Laporan terlambat"}})
                .status,
            400);  // a concern says what to do and until when
  EXPECT_EQ(rest.Post(&town_->As(officer_), "/v1/" + note + ":acknowledge", {{"reply", "Siap"}})
                .Text("/state"),
            "ACKNOWLEDGED");
  EXPECT_THAT(rest.List(&town_->As(head_), notes, "feedbackNotes"), SizeIs(1));
  EXPECT_THAT(rest.List(&town_->As(other_head_), notes, "feedbackNotes"), SizeIs(0));
}

TEST_F(Dumai, Line6_WhatPeopleLackBecomesTrainingNeedsWithTheReason) {
  RestClient& rest = town_->rest();
  const std::string quarter = cycle_ + "/periods/q1";
  PublishQuarter(quarter, {});

  const std::string needs = "/v1/" + town_->agency() + "/needs";
  town_->Run(town_->hr(), needs + ":derive", {{"fiscalYear", 2026}, {"period", quarter}});
  const json::array mine = rest.List(&town_->As(officer_), needs, "needs");
  ASSERT_THAT(mine, SizeIs(2));
  // The most urgent first: two levels are missing in data, one in managing change.
  EXPECT_EQ(TextOf(mine[0], "topic"), "data-kependudukan");
  EXPECT_EQ(TextOf(mine[0], "source"), "COMPETENCY");
  EXPECT_THAT(TextOf(mine[0], "reasonId"), HasSubstr("tingkat 1, standar jabatan 3"));
  EXPECT_EQ(TextOf(mine[1], "topic"), "MENGELOLA_PERUBAHAN");
  // The city sees the needs of all; a head of another office none of them.
  EXPECT_THAT(rest.List(&town_->hr(), needs, "needs"), SizeIs(5));
  EXPECT_THAT(rest.List(&town_->As(other_head_), needs, "needs"), SizeIs(0));
}

TEST_F(Dumai, Line4_MentorAndMenteeAcceptMeetLogAndClose) {
  RestClient& rest = town_->rest();
  const std::string& young = colleagues_[0];
  const std::string& experienced = colleagues_[1];
  const std::string quarter = cycle_ + "/periods/q2";
  PublishQuarter(quarter, {{young, "BELOW_EXPECTATION"}, {experienced, "ABOVE_EXPECTATION"}});
  // Four ruang above the young one.
  rest.Patch(&town_->hr(), "/v1/" + experienced + "?updateMask=grade", {{"grade", "43"}});
  const std::string base = "/v1/" + town_->agency();
  const std::string run =
      rest.Post(&town_->hr(), base + "/matchingRuns", {{"cyclePeriod", quarter}, {"capacity", 2}})
          .Text("/name");
  town_->Run(town_->hr(), "/v1/" + run + ":solve", json::object());
  const auto pairs = [&](Caller& caller) {
    return rest.List(&caller, base + "/mentorships?matchingRun=" + run, "mentorships");
  };
  ASSERT_THAT(pairs(town_->hr()), SizeIs(1));
  const json::value proposed = pairs(town_->hr()).front();
  EXPECT_EQ(TextOf(proposed, "mentor"), experienced);
  EXPECT_EQ(TextOf(proposed, "mentee"), young);
  EXPECT_NE(TextOf(proposed, "reasonId"), "");
  EXPECT_THAT(pairs(town_->As(technician_)), SizeIs(0));

  const std::string pair = "/v1/" + TextOf(proposed, "name");
  const auto meet = [&](const json::value& day) -> json::value {
    return {{"date", day},
            {"minutes", 60},
            {"discussed", "Menyusun rekap bulanan"},
            {"agreed", "Rekap April disusun sendiri"}};
  };
  // Who has not accepted has nothing to log.
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(young), pair + "/sessions", meet(Day(2025, 4, 3))).reason,
      "MENTORSHIP_WRONG_STATE");
  rest.Post(&town_->As(young), pair + ":accept", json::object());
  EXPECT_EQ(rest.Post(&town_->As(experienced), pair + ":accept", json::object()).Text("/state"),
            "ACTIVE");
  rest.Post(&town_->As(young), pair + "/sessions", meet(Day(2025, 4, 3)));
  rest.Post(&town_->As(experienced), pair + "/sessions", meet(Day(2025, 5, 6)));
  EXPECT_EQ(
      town_->Refused("POST", &town_->As(young), pair + "/sessions", meet(Day(2199, 1, 1))).status,
      400);
  EXPECT_THAT(rest.List(&town_->As(young), pair + "/sessions", "sessions"), SizeIs(2));
  // The HR office sees that they meet, and not what they say.
  EXPECT_EQ(town_->Refused("GET", &town_->hr(), pair + "/sessions", nullptr).reason,
            "PERMISSION_DENIED");
  EXPECT_EQ(NumberOf(pairs(town_->hr()).front(), "sessions"), 2);
  EXPECT_EQ(NumberOf(pairs(town_->hr()).front(), "minutes"), 120);
  const Answer closed = rest.Post(&town_->As(young),
                                  pair + ":close",
                                  {{"outcome", "REACHED"}, {"comment", "Rekap disusun sendiri"}});
  EXPECT_EQ(closed.Text("/state"), "CLOSED");

  // One pair proves nothing, and is said to prove nothing.
  const json::value effect =
      ObjectOf(town_->Run(town_->hr(),
                          "/v1/" + run + ":estimateEffect",
                          {{"beforePeriod", cycle_ + "/periods/q1"}, {"afterPeriod", quarter}}),
               "effect");
  EXPECT_EQ(TextOf(effect, "refusalCode"), "TOO_FEW_PAIRS");
  EXPECT_THAT(TextOf(effect, "textId"), HasSubstr("Tidak dihitung"));
}

}  // namespace
}  // namespace teraju::scenarios
