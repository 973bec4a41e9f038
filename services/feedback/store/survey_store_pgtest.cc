#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "feedback_migrations.h"
#include "services/feedback/domain/citizen_survey.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/store/store_test_data.h"
#include "services/feedback/store/survey_answer_store.h"
#include "services/feedback/store/survey_store.h"

namespace teraju::feedback {
namespace {

using ::testing::ElementsAre;
using testing::EqualsProto;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::TestCall;
using ::testing::UnorderedElementsAre;

const SurveyKey kSurveyKey{kAgency, SurveyId("01890000-0000-7000-8000-0000000000e1")};

class SurveyStoreTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    for (const std::string& table : Query(kOpenTables)) Query("DROP TABLE " + table);
    Write([](postgres::Transaction& tx) {
      QuestionnaireStore(tx).Insert(kQuestionnaireKey,
                                    PublishedQuestionnaire(v1::Questionnaire::CITIZEN, 9));
      v1::CitizenSurvey survey;
      survey.set_display_name("SKM");
      const absl::Time now = tx.call().time();
      *survey.mutable_end_time() = domain::ToTimestamp(now + absl::Hours(24));
      for (const char* unit : {"u2", "u1"}) {
        survey.add_units()->set_unit(unit);
        survey.mutable_units()->rbegin()->set_population(100);
      }
      EXPECT_THAT(domain::PrepareSurvey(survey, now), IsOk());
      EXPECT_THAT(domain::OpenSurvey(survey, now), IsOk());
      const std::vector<std::vector<std::string>> paths = {{"u2", "root"}, {"u1", "root"}};
      SurveyStore(tx).Insert(kSurveyKey, kQuestionnaireKey, paths, survey);
      SurveyAnswerStore(tx).Open(kSurveyKey);
    });
  }
  template <typename F>
  void Write(F fn) {
    const absl::Status status = database().Write(TestCall(), [&](postgres::Transaction& tx) {
      fn(tx);
      return absl::OkStatus();
    });
    EXPECT_THAT(status, IsOk());
  }
  bool Submit(const std::string& token, absl::Duration later = absl::ZeroDuration()) {
    bool accepted = false;
    Write([&](postgres::Transaction& tx) {
      accepted = SurveyAnswerStore(tx).Submit(kSurveyKey.id,
                                              domain::HashToken(token),
                                              std::vector<int>(9, 3),
                                              "",
                                              tx.call().time() + later);
    });
    return accepted;
  }
};

TEST_F(SurveyStoreTest, KeepsUnitsInTheirOrder) {
  Write([](postgres::Transaction& tx) {
    const auto survey = SurveyStore(tx).Get(kSurveyKey);
    ASSERT_THAT(survey, IsOk());
    ASSERT_EQ(survey->units_size(), 2);
    EXPECT_EQ(survey->units(0).unit(), "u2");
    EXPECT_THAT(SurveyStore(tx).FindUnitPath(kSurveyKey, "u1"), ElementsAre("u1", "root"));
    EXPECT_THAT(SurveyStore(tx).FindUnitPath(kSurveyKey, "u9"), IsEmpty());
    EXPECT_EQ(survey->units(0).sample_size(), 80);
    EXPECT_EQ(survey->questionnaire(), kQuestionnaireKey.Name());
    const auto page = SurveyStore(tx).List(kAgency, "", 10);
    ASSERT_THAT(page, SizeIs(1));
    EXPECT_THAT(page[0], EqualsProto(*survey));
    const SurveyKey elsewhere{AgencyId("other"), kSurveyKey.id};
    EXPECT_THAT(SurveyStore(tx).Get(elsewhere), StatusIs(absl::StatusCode::kNotFound));
  });
}

TEST_F(SurveyStoreTest, TakesACodeOnceAndForgetsIt) {
  Write([](postgres::Transaction& tx) {
    SurveyAnswerStore store(tx);
    EXPECT_TRUE(
        store.InsertTokens(kSurveyKey, "u1", {domain::HashToken("one"), domain::HashToken("two")}));
    EXPECT_FALSE(store.InsertTokens(kSurveyKey, "u9", {domain::HashToken("three")}));
    EXPECT_TRUE(store.Accepts(kSurveyKey.id, domain::HashToken("one"), tx.call().time()));
    EXPECT_EQ(store.FindForm(kSurveyKey.id)->items_size(), 9);
  });
  EXPECT_FALSE(Submit("one", absl::Hours(25)));
  EXPECT_TRUE(Submit("one"));
  EXPECT_FALSE(Submit("one"));
  EXPECT_FALSE(Submit("unknown"));
  EXPECT_THAT(Query("SELECT count(*) FROM survey_tokens"), ElementsAre("1"));
  EXPECT_THAT(Query("SELECT unit || tokens_issued FROM survey_units ORDER BY unit"),
              ElementsAre("u12", "u20"));
  Write([](postgres::Transaction& tx) {
    SurveyAnswerStore store(tx);
    store.AwaitRunning();
    const AnswersByUnit answers = store.ListOpen(kSurveyKey);
    ASSERT_EQ(answers.count("u1"), 1U);
    EXPECT_THAT(domain::ValuesOf(answers.at("u1")), ElementsAre(std::vector<int>(9, 3)));
  });
}

TEST_F(SurveyStoreTest, AnOccasionIsTenMinutesOfOneBatch) {
  Write([](postgres::Transaction& tx) {
    SurveyAnswerStore store(tx);
    store.InsertTokens(kSurveyKey,
                       "u1",
                       {domain::HashToken("a1"),
                        domain::HashToken("a2"),
                        domain::HashToken("a3"),
                        domain::HashToken("a4")});
    store.InsertTokens(kSurveyKey, "u1", {domain::HashToken("b1")});
  });
  EXPECT_TRUE(Submit("a1"));
  EXPECT_TRUE(Submit("b1", absl::Minutes(1)));
  EXPECT_TRUE(Submit("a2", absl::Minutes(9)));
  EXPECT_TRUE(Submit("a3", absl::Minutes(10)));
  EXPECT_TRUE(Submit("a4", absl::Minutes(19)));
  EXPECT_THAT(Query("SELECT count(*) FROM open_citizen_answers GROUP BY occasion ORDER BY 1"),
              ElementsAre("1", "2", "2"));
  // Of earlier occasions no time is known.
  EXPECT_THAT(Query("SELECT count(*) FROM open_citizen_answers a JOIN survey_occasions o"
                    " USING (occasion)"),
              ElementsAre("3"));
}

TEST_F(SurveyStoreTest, KeepsPublishedUnitsAndDropsTheRest) {
  Write([](postgres::Transaction& tx) {
    SurveyAnswerStore store(tx);
    store.InsertTokens(kSurveyKey, "u1", {domain::HashToken("one")});
    store.InsertTokens(kSurveyKey, "u2", {domain::HashToken("two")});
  });
  EXPECT_TRUE(Submit("one"));
  EXPECT_TRUE(Submit("two"));
  Write([](postgres::Transaction& tx) {
    SurveyAnswerStore store(tx);
    store.Keep(kSurveyKey, {"u2"});
    store.Drop(kSurveyKey);
    std::vector<v1::SurveyResult> results(2);
    results[0].set_unit("u1");
    results[0].set_withheld(true);
    results[1].set_unit("u2");
    SurveyStore(tx).InsertResults(kSurveyKey, results);
    EXPECT_THAT(SurveyStore(tx).Update(kSurveyKey,
                                       api::Precondition::None(),
                                       [&](v1::CitizenSurvey& survey) {
                                         survey.set_state(v1::CitizenSurvey::CLOSED);
                                         *survey.mutable_close_time() =
                                             domain::ToTimestamp(tx.call().time());
                                         return absl::OkStatus();
                                       }),
                IsOk());
    std::vector<std::string> units;
    for (const v1::SurveyResult& result : SurveyStore(tx).ListResults(kSurveyKey, "", 10)) {
      units.push_back(result.unit());
      EXPECT_TRUE(result.has_create_time());
    }
    EXPECT_THAT(units, UnorderedElementsAre("u1", "u2"));
  });
  EXPECT_THAT(Query("SELECT unit FROM citizen_answers"), ElementsAre("u2"));
  EXPECT_THAT(Query(kOpenTables), IsEmpty());
}

}  // namespace
}  // namespace teraju::feedback
