#include "services/feedback/domain/questionnaire.h"

#include <string>
#include <utility>

#include "common/testing/status_matchers.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::IsOkAndHolds;
using testing::ViolatesField;

v1::Questionnaire MultiRater() {
  v1::Questionnaire questionnaire;
  questionnaire.set_kind(v1::Questionnaire::MULTI_RATER);
  questionnaire.set_state(v1::Questionnaire::DRAFT);
  questionnaire.set_scale_minimum(1);
  questionnaire.set_scale_maximum(5);
  for (const char* id : {"a", "b", "c"}) questionnaire.add_items()->set_item_id(id);
  return questionnaire;
}

v1::Questionnaire Citizen() {
  v1::Questionnaire questionnaire;
  questionnaire.set_kind(v1::Questionnaire::CITIZEN);
  questionnaire.set_scale_minimum(1);
  questionnaire.set_scale_maximum(4);
  for (int i = 1; i <= 9; ++i) {
    v1::QuestionnaireItem& item = *questionnaire.add_items();
    item.set_item_id("q" + std::to_string(i));
    item.set_topic("U" + std::to_string(i));
  }
  return questionnaire;
}

google::protobuf::RepeatedPtrField<v1::Answer> Answers(
    std::initializer_list<std::pair<const char*, int>> given) {
  google::protobuf::RepeatedPtrField<v1::Answer> answers;
  for (const auto& [item, value] : given) {
    v1::Answer& answer = *answers.Add();
    answer.set_item_id(item);
    answer.set_value(value);
  }
  return answers;
}

TEST(CheckQuestionnaire, TakesBothKinds) {
  EXPECT_THAT(CheckQuestionnaire(MultiRater()), IsOk());
  EXPECT_THAT(CheckQuestionnaire(Citizen()), IsOk());
}

TEST(CheckQuestionnaire, RefusesAnItemIdUsedTwice) {
  v1::Questionnaire questionnaire = MultiRater();
  questionnaire.mutable_items(2)->set_item_id("a");
  EXPECT_THAT(CheckQuestionnaire(questionnaire), ViolatesField("questionnaire.items[2].itemId"));
}

TEST(CheckQuestionnaire, RefusesAScaleWithoutSpan) {
  v1::Questionnaire questionnaire = MultiRater();
  questionnaire.set_scale_maximum(1);
  EXPECT_THAT(CheckQuestionnaire(questionnaire), ViolatesField("questionnaire.scaleMaximum"));
}

TEST(CheckQuestionnaire, WantsTheScaleAndTheElementsOfTheRegulationForCitizens) {
  v1::Questionnaire questionnaire = Citizen();
  questionnaire.set_scale_maximum(5);
  questionnaire.mutable_items(1)->set_topic("U1");
  questionnaire.mutable_items(8)->set_topic("U10");
  const absl::Status status = CheckQuestionnaire(questionnaire);
  EXPECT_THAT(status, ViolatesField("questionnaire.scaleMaximum"));
  EXPECT_THAT(status, ViolatesField("questionnaire.items[1].topic"));
  EXPECT_THAT(status, ViolatesField("questionnaire.items[8].topic"));
}

TEST(PublishQuestionnaire, HappensOnce) {
  v1::Questionnaire questionnaire = MultiRater();
  EXPECT_THAT(PublishQuestionnaire(questionnaire), IsOk());
  EXPECT_EQ(questionnaire.state(), v1::Questionnaire::PUBLISHED);
  EXPECT_THAT(PublishQuestionnaire(questionnaire), HasReason(v1::QUESTIONNAIRE_PUBLISHED));
}

TEST(RequireUsable, WantsKindAndPublication) {
  v1::Questionnaire questionnaire = MultiRater();
  EXPECT_THAT(RequireUsable(questionnaire, v1::Questionnaire::MULTI_RATER),
              HasReason(v1::QUESTIONNAIRE_NOT_PUBLISHED));
  questionnaire.set_state(v1::Questionnaire::PUBLISHED);
  EXPECT_THAT(RequireUsable(questionnaire, v1::Questionnaire::MULTI_RATER), IsOk());
  const absl::Status other = RequireUsable(questionnaire, v1::Questionnaire::CITIZEN);
  EXPECT_THAT(other, HasReason(v1::QUESTIONNAIRE_KIND_WRONG));
  EXPECT_THAT(other, HasMetadata("kind", "MULTI_RATER"));
}

TEST(ReadAnswers, GivesValuesInTheOrderOfTheItems) {
  EXPECT_THAT(ReadAnswers(MultiRater(), Answers({{"c", 5}, {"a", 1}, {"b", 3}}), false),
              IsOkAndHolds(ElementsAre(1, 3, 5)));
}

TEST(ReadAnswers, NamesTheItemThatIsMissing) {
  const auto values = ReadAnswers(MultiRater(), Answers({{"a", 1}, {"c", 5}}), false);
  EXPECT_THAT(values, HasReason(v1::ANSWER_MISSING));
  EXPECT_THAT(values, HasMetadata("item", "b"));
}

TEST(ReadAnswers, LetsADraftBeIncomplete) {
  EXPECT_THAT(ReadAnswers(MultiRater(), Answers({{"c", 5}}), true),
              IsOkAndHolds(ElementsAre(0, 0, 5)));
}

TEST(ReadAnswers, RefusesValuesOffTheScaleEvenInADraft) {
  for (const int value : {0, 6, -1}) {
    const auto values = ReadAnswers(MultiRater(), Answers({{"b", value}}), true);
    EXPECT_THAT(values, HasReason(v1::ANSWER_INVALID));
    EXPECT_THAT(values, HasMetadata("item", "b"));
  }
}

TEST(ReadAnswers, RefusesAnItemAnsweredTwice) {
  EXPECT_THAT(ReadAnswers(MultiRater(), Answers({{"b", 2}, {"b", 2}}), true),
              HasReason(v1::ANSWER_INVALID));
}

TEST(ReadAnswers, DoesNotRepeatAnUnknownItem) {
  const auto values = ReadAnswers(MultiRater(), Answers({{"a", 1}, {"secret", 2}}), true);
  EXPECT_THAT(values, HasReason(v1::ANSWER_INVALID));
  EXPECT_THAT(values, HasMetadata("item", "answers[1]"));
}

TEST(CheckComment, TakesOneOnlyWhereAsked) {
  v1::Questionnaire questionnaire = MultiRater();
  EXPECT_THAT(CheckComment(questionnaire, ""), IsOk());
  EXPECT_THAT(CheckComment(questionnaire, "baik"), ViolatesField("comment"));
  questionnaire.set_comments(true);
  EXPECT_THAT(CheckComment(questionnaire, "baik"), IsOk());
}

}  // namespace
}  // namespace teraju::feedback::domain
