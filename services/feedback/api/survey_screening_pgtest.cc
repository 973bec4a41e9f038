// Bursts and copies of a survey, codes on paper, the trend of a unit.
#include <qrencode.h>

#include <sstream>

#include "services/feedback/api/survey_fixture.h"
#include "services/feedback/api/token_sheet.h"

namespace teraju::feedback {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using ::testing::SizeIs;
using testing::ViolatesField;
using SurveyStub = v1::CitizenSurveys::StubInterface;

class SurveyScreeningTest : public SurveyApiTest {
 protected:
  // Nine values, different for each i.
  static std::vector<int> Answer(int i) {
    std::vector<int> values(9, 3);
    for (int item = 0; item < 9; ++item, i /= 2) values[item] = 2 + i % 2;
    return values;
  }
  auto Screenings(const testing::Caller& caller, const std::string& survey) {
    v1::ListSurveyScreeningsRequest request;
    request.set_parent(survey);
    return Call<v1::CitizenSurveys>(caller, &SurveyStub::ListSurveyScreenings, request);
  }
  auto Print(const testing::Caller& caller,
             const std::string& survey,
             const std::string& language) {
    v1::PrintSurveyTokensRequest request;
    request.set_name(survey);
    request.set_unit("agencies/dumai/units/dinas");
    request.set_count(3);
    request.set_language_code(language);
    return Call<v1::CitizenSurveys>(caller, &SurveyStub::PrintSurveyTokens, request);
  }
  auto Trend(const std::string& unit, const std::string& language) {
    v1::DrawSurveyTrendRequest request;
    request.set_parent("agencies/dumai");
    request.set_unit("agencies/dumai/units/" + unit);
    request.set_language_code(language);
    return Call<v1::CitizenSurveys>(kR0, &SurveyStub::DrawSurveyTrend, request);
  }
  // Citizens one by one, each half an hour after the other.
  void AnswerSlowly(const std::string& survey, int citizens) {
    const auto issued = Issue(kHr, survey, "dinas", citizens);
    ASSERT_THAT(issued, IsOk());
    for (int i = 0; i < citizens; ++i) {
      EXPECT_THAT(Respond(issued->survey_tokens(i).code(), Answer(i)), IsOk());
      host_.clock().Advance(absl::Minutes(30));
    }
  }
};

TEST_F(SurveyScreeningTest, AFilledInSheetIsFlaggedAndStillCounts) {
  const std::string survey = OpenSurvey();
  AnswerSlowly(survey, 12);
  // The control: as many from many sheets at once are no burst.
  for (int i = 0; i < 12; ++i) {
    const auto sheet = Issue(kHr, survey, "pasar", 1);
    EXPECT_THAT(Respond(sheet->survey_tokens(0).code(), Answer(i)), IsOk());
  }
  const auto sheet = Issue(kHr, survey, "dinas", 12);
  for (int i = 0; i < 12; ++i)
    EXPECT_THAT(Respond(sheet->survey_tokens(i).code(), std::vector<int>(9, 4)), IsOk());
  EXPECT_THAT(Screenings(kHr, survey), HasReason(v1::REPORT_NOT_PUBLISHED));
  CloseSurvey(survey);

  const auto screenings = Screenings(kHr, survey);
  ASSERT_THAT(screenings, IsOk());
  ASSERT_THAT(screenings->screenings(), SizeIs(2));
  const v1::SurveyScreening& filled = screenings->screenings(0);
  EXPECT_EQ(filled.unit(), "agencies/dumai/units/dinas");
  EXPECT_EQ(filled.answers(), 24);
  EXPECT_EQ(filled.burst_answers(), 12);
  EXPECT_EQ(filled.duplicate_answers(), 11);
  EXPECT_EQ(filled.flagged_answers(), 12);
  EXPECT_TRUE(filled.has_index_without());
  EXPECT_EQ(screenings->screenings(1).flagged_answers(), 0);
  // What is published counts every answer, and says nothing of flags.
  const auto results = Results(survey);
  ASSERT_THAT(results, IsOk());
  for (const v1::SurveyResult& result : results->results()) {
    if (result.unit() != filled.unit()) continue;
    EXPECT_EQ(result.answers(), 24);
    EXPECT_EQ(result.index().value(), filled.index().value());
  }
  // For whoever runs the survey, not for everybody.
  EXPECT_THAT(Screenings(kR0, survey), HasReason(PERMISSION_DENIED));
  // Nothing of occasions is left, and answers know none.
  EXPECT_THAT(Query(kOpenTables), IsEmpty());
  EXPECT_THAT(Query("SELECT count(*) FROM survey_occasions"), ElementsAre("0"));
  EXPECT_THAT(Query("SELECT count(*) FROM information_schema.columns WHERE table_name ="
                    " 'citizen_answers' AND column_name IN ('occasion', 'batch')"),
              ElementsAre("0"));
}

TEST_F(SurveyScreeningTest, CodesArePrintedOnceAsAPageThatCarriesThemBehindTheHash) {
  const std::string survey = OpenSurvey();
  const auto page = Print(kHr, survey, "");
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->content_type(), HasSubstr("text/html"));
  const std::string& html = page->data();
  EXPECT_THAT(html, HasSubstr("Kode sekali pakai"));
  EXPECT_THAT(html, HasSubstr("https://skm.example/survei"));
  std::vector<std::string> codes;
  for (std::size_t at = html.find("<code>"); at != std::string::npos;
       at = html.find("<code>", at + 1)) {
    codes.push_back(html.substr(at + 6, html.find("</code>", at) - at - 6));
  }
  ASSERT_THAT(codes, SizeIs(3));
  std::size_t pictures = 0;
  for (std::size_t at = html.find("<svg"); at != std::string::npos; at = html.find("<svg", at + 1))
    ++pictures;
  EXPECT_EQ(pictures, 3U);
  // They work like any other, are known by their hash alone, and in no log.
  for (const std::string& code : codes) {
    EXPECT_THAT(Respond(code, Answer(1)), IsOk());
    for (const std::string& line : host_.log_lines()) EXPECT_THAT(line, Not(HasSubstr(code)));
  }
  EXPECT_THAT(Query("SELECT tokens_issued FROM survey_units WHERE unit LIKE '%dinas'"),
              ElementsAre("3"));
  EXPECT_THAT(Print(kHr, survey, "en")->data(), HasSubstr("Good until"));
  EXPECT_THAT(Print(kHr, survey, "fr"), ViolatesField("languageCode"));
  EXPECT_THAT(Print(kR0, survey, ""), HasReason(PERMISSION_DENIED));
  CloseSurvey(survey);
  EXPECT_THAT(Print(kHr, survey, ""), HasReason(v1::SURVEY_WRONG_STATE));
}

// The modules of the picture are those of the code for the address with the code behind the hash.
TEST(DrawTokenSheet, TheQrCodeLeadsToTheAddressWithTheCodeBehindTheHash) {
  const std::string html = DrawTokenSheet({.survey = "SKM <2025>",
                                           .unit = "dinas",
                                           .end_day = "2025-03-31",
                                           .address = "https://skm.example/survei",
                                           .codes = {"ABC-_9"}},
                                          Language::kIndonesian);
  EXPECT_THAT(html, HasSubstr("SKM &lt;2025&gt;"));
  QRcode* code = QRcode_encodeString8bit("https://skm.example/survei#ABC-_9", 0, QR_ECLEVEL_M);
  ASSERT_NE(code, nullptr);
  std::vector<bool> drawn(static_cast<std::size_t>(code->width) * code->width);
  const std::size_t begin = html.find(" d=\"") + 4;
  std::istringstream path(html.substr(begin, html.find('"', begin) - begin));
  // Each part is `M{x} {y}h{length}v1h-{length}z`, four light modules off the edge.
  char letter = 0;
  for (int x = 0, y = 0, length = 0; path >> letter >> x >> y >> letter >> length;) {
    for (int i = 0; i < length; ++i) drawn.at((y - 4) * code->width + x - 4 + i) = true;
    path.ignore(32, 'z');
  }
  for (std::size_t i = 0; i < drawn.size(); ++i) EXPECT_EQ(drawn[i], (code->data[i] & 1) != 0) << i;
  QRcode_free(code);
  // Without an address there are codes alone.
  EXPECT_THAT(DrawTokenSheet({.codes = {"ABC"}}, Language::kEnglish), Not(HasSubstr("<svg")));
}

TEST_F(SurveyScreeningTest, TheTrendOfAUnitGoesOverItsClosedSurveys) {
  EXPECT_THAT(Trend("dinas", ""), HasReason(v1::REPORT_NOT_PUBLISHED));
  for (int turn = 0; turn < 2; ++turn) {
    const std::string survey = OpenSurvey();
    AnswerSlowly(survey, 11);
    CloseSurvey(survey);
  }
  const auto picture = Trend("dinas", "");
  ASSERT_THAT(picture, IsOk());
  EXPECT_EQ(picture->content_type(), "image/svg+xml");
  EXPECT_THAT(picture->data(), HasSubstr("Indeks Kepuasan Masyarakat"));
  EXPECT_THAT(Trend("dinas", "en")->data(), HasSubstr("Index of citizens"));
  // Of the market nobody answered: it is asked about, and withheld.
  EXPECT_THAT(Trend("pasar", ""), IsOk());
  EXPECT_THAT(Trend("dinas", "fr"), ViolatesField("languageCode"));
}

}  // namespace
}  // namespace teraju::feedback
