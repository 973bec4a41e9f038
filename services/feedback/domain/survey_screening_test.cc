#include "services/feedback/domain/survey_screening.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/feedback/domain/citizen_survey.h"

namespace teraju::feedback::domain {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

class ScreenAnswersTest : public ::testing::Test {
 protected:
  ScreenAnswersTest() {
    for (int i = 1; i <= 9; ++i) questionnaire_.add_items()->set_topic("U" + std::to_string(i));
    unit_.set_unit("dinas");
    unit_.set_population(1000);
    survey_.set_element_weight("NINTH");
    // Twelve honest citizens, each on an occasion of the own.
    for (int i = 0; i < 12; ++i) Give("o" + std::to_string(i), 2 + i % 2, "");
  }
  void Give(const std::string& occasion, int value, const std::string& comment) {
    SurveyAnswer values(9, value);
    values[answers_.size() % 9] = 3;
    answers_.push_back({.values = values, .comment = comment, .occasion = occasion});
  }
  // A copy of the last answer.
  void Copy(const std::string& occasion) {
    answers_.push_back(answers_.back());
    answers_.back().occasion = occasion;
  }
  v1::SurveyScreening Screen() {
    const auto result = MakeSurveyResult(questionnaire_, survey_, unit_, ValuesOf(answers_));
    EXPECT_THAT(result, IsOk());
    const auto screening = ScreenAnswers(questionnaire_, survey_, unit_, result->result, answers_);
    EXPECT_THAT(screening, IsOk());
    return *screening;
  }

  v1::Questionnaire questionnaire_;
  v1::CitizenSurvey survey_;
  v1::SurveyUnit unit_;
  std::vector<CitizenAnswer> answers_;
};

TEST_F(ScreenAnswersTest, HonestAnswersAreNotFlagged) {
  const v1::SurveyScreening screening = Screen();
  EXPECT_EQ(screening.answers(), 12);
  EXPECT_EQ(screening.flagged_answers(), 0);
  EXPECT_FALSE(screening.has_index_without());
  EXPECT_THAT(screening.text_en(), HasSubstr("no copies"));
}

TEST_F(ScreenAnswersTest, ABurstOfOneBatchIsFlaggedWithTheIndexWithoutIt) {
  for (int i = 0; i < 9; ++i) Give("burst", 4, "");
  EXPECT_EQ(Screen().flagged_answers(), 0);
  Give("burst", 4, "");
  const v1::SurveyScreening screening = Screen();
  EXPECT_EQ(screening.burst_answers(), 10);
  EXPECT_EQ(screening.flagged_answers(), 10);
  EXPECT_EQ(screening.index().value(), "79.04");
  EXPECT_EQ(screening.index_without().value(), "63.89");
  EXPECT_THAT(screening.text_id(), HasSubstr("10 dari 22 jawaban"));
  EXPECT_THAT(screening.text_id(), HasSubstr("Tidak ada jawaban yang dihapus"));
}

TEST_F(ScreenAnswersTest, CopiesWithTheSameWordsAreFlaggedButNotTheFirst) {
  Give("visit", 4, "Petugas ramah sekali");
  for (int i = 0; i < 3; ++i) Copy("visit");
  EXPECT_EQ(Screen().duplicate_answers(), 3);
  EXPECT_TRUE(Screen().has_index_without());
  // The same words on another occasion are somebody else's.
  Copy("later");
  EXPECT_EQ(Screen().duplicate_answers(), 3);
}

TEST_F(ScreenAnswersTest, AFewLikeMindedWithoutWordsAreNoCopies) {
  Give("visit", 4, "");
  for (int i = 0; i < 3; ++i) Copy("visit");
  EXPECT_EQ(Screen().duplicate_answers(), 0);
  Copy("visit");
  EXPECT_EQ(Screen().duplicate_answers(), 4);
}

TEST_F(ScreenAnswersTest, NoIndexWhereItWouldTellSomebodysAnswer) {
  Give("visit", 4, "Bagus");
  Copy("visit");
  Copy("visit");
  const v1::SurveyScreening screening = Screen();
  EXPECT_EQ(screening.flagged_answers(), 2);
  EXPECT_FALSE(screening.has_index());
  EXPECT_FALSE(screening.has_index_without());
  EXPECT_THAT(screening.text_en(), HasSubstr("too few to stay anonymous"));
  // Nor where only a few are left.
  answers_.erase(answers_.begin(), answers_.begin() + 10);
  for (int i = 0; i < 12; ++i) Give("burst", 4, "");
  for (auto& answer : answers_) answer.occasion = answer.occasion == "o11" ? "o11" : "burst";
  EXPECT_FALSE(Screen().has_index_without());
}

}  // namespace
}  // namespace teraju::feedback::domain
