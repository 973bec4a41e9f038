#include "services/evaluation/domain/receipt_page.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/page.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ViolatesField;

v1::ScoreReceipt Receipt() {
  v1::ScoreReceipt receipt;
  receipt.set_name("agencies/plaju/evaluations/1/scoreReceipt");
  receipt.set_digest("abc123");
  v1::Evaluation& evaluation = *receipt.mutable_evaluation();
  evaluation.set_predicate(v1::VERY_GOOD);
  evaluation.set_result_rating(v1::ABOVE_EXPECTATION);
  evaluation.set_behavior_rating(v1::AS_EXPECTED);
  evaluation.mutable_snapshot()->set_position_title("Analis <b>SDM</b> & Umum");
  v1::ReceiptStep& step = *receipt.add_steps();
  step.set_operation("mean");
  step.set_subject("Layanan perizinan");
  step.set_formula("(110 + 105) / 2 = 107.5");
  step.set_result("107.50");
  receipt.set_text_id("Baris satu\nBaris dua\n");
  receipt.set_text_en("Line one\n");
  return receipt;
}

TEST(DrawReceipt, SaysResultStepsAndProofInTheLanguageAskedFor) {
  const std::string indonesian = DrawReceipt(Receipt(), Language::kIndonesian);
  EXPECT_THAT(indonesian,
              AllOf(HasSubstr("<html lang=\"id\">"),
                    HasSubstr("Sangat Baik"),
                    HasSubstr("(110 + 105) / 2 = 107.5"),
                    HasSubstr("<p>Baris dua</p>"),
                    HasSubstr("abc123"),
                    HasSubstr("teraju-verify")));
  const std::string english = DrawReceipt(Receipt(), Language::kEnglish);
  EXPECT_THAT(english, AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("Line one")));
  EXPECT_THAT(english, Not(HasSubstr("Pejabat penilai")));
}

TEST(DrawReceipt, SpeaksInWordsAndNotInCodes) {
  v1::ScoreReceipt receipt = Receipt();
  v1::ReceiptStep& step = *receipt.add_steps();
  step.set_operation("matrix");
  step.set_subject("predicate");
  step.set_formula("ABOVE_EXPECTATION x AS_EXPECTED");
  step.set_result("GOOD");
  const std::string page = DrawReceipt(receipt, Language::kIndonesian);
  EXPECT_THAT(page, HasSubstr("di atas ekspektasi × sesuai ekspektasi"));
  EXPECT_THAT(page, Not(HasSubstr("EXPECTATION")));
  EXPECT_THAT(page, Not(HasSubstr("GOOD")));
}

TEST(DrawReceipt, ShowsAchievementsAsBarsThatAScreenReaderReads) {
  EXPECT_THAT(DrawReceipt(Receipt(), Language::kIndonesian),
              AllOf(HasSubstr("<svg"), HasSubstr("Layanan perizinan: 107.50%.")));
  v1::ScoreReceipt none = Receipt();
  none.clear_steps();
  EXPECT_THAT(DrawReceipt(none, Language::kIndonesian), Not(HasSubstr("<svg")));
}

TEST(DrawReceipt, WhatPeopleWroteIsTextAndNothingElse) {
  const std::string page = DrawReceipt(Receipt(), Language::kIndonesian);
  EXPECT_THAT(page, HasSubstr("Analis &lt;b&gt;SDM&lt;/b&gt; &amp; Umum"));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("src=")));  // nothing is loaded from anywhere
  EXPECT_THAT(page, Not(HasSubstr("href=")));
}

TEST(ParseLanguage, KnowsTwo) {
  EXPECT_EQ(*ParseLanguage(""), Language::kIndonesian);
  EXPECT_EQ(*ParseLanguage("en"), Language::kEnglish);
  EXPECT_THAT(ParseLanguage("nl").status(), ViolatesField("languageCode"));
}

}  // namespace
}  // namespace teraju::evaluation::domain
