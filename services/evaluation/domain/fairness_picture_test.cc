#include "services/evaluation/domain/fairness_picture.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::FairnessReport Pictured() {
  v1::FairnessReport report;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        name: "agencies/plaju/cycles/2025/fairnessReport"
        threshold: 3
        groups {
          dimension: EVERYBODY
          people: 1840
          very_good: 412
          good: 1370
          lower: 58
          objections: 41
          objections_changed: 12
        }
        groups {
          dimension: UNIT
          group: "agencies/plaju/units/dinas"
          people: 420
          very_good: 63
          good: 341
          lower: 16
          objections: 15
          effect {
            difference { value: "-9.6" }
            low { value: "-13.4" }
            high { value: "-5.2" }
            people: 420
            others: 1420
          }
        }
        groups { dimension: UNIT group: "agencies/plaju/units/gone" people: 5 }
        groups {
          dimension: GENDER
          group: "FEMALE"
          people: 790
          very_good: 150
          effect {
            difference { value: "-6.0" }
            low { value: "-9.7" }
            high { value: "-2.2" }
            people: 790
            others: 1050
          }
        })pb",
      &report));
  return report;
}

const std::map<std::string, std::string> kUnitNames = {
    {"agencies/plaju/units/dinas", "Dinas <Pendidikan> & Kebudayaan"}};

int Occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(DrawFairness, SaysWhatTheReportSaysInBothLanguages) {
  const std::string id = DrawFairness(Pictured(), kUnitNames, Language::kIndonesian);
  EXPECT_THAT(id, HasSubstr("<title>Predikat dan keberatan menurut kelompok, siklus 2025</title>"));
  EXPECT_THAT(id, HasSubstr(">1840</text>"));
  EXPECT_THAT(id, HasSubstr(">41 (12)</text>"));
  EXPECT_THAT(id, HasSubstr("−9,6 (−13,4 … −5,2)"));
  EXPECT_THAT(id, HasSubstr("Perempuan"));
  EXPECT_THAT(id, HasSubstr("pertanyaan, bukan bukti"));
  EXPECT_THAT(id, HasSubstr("kurang dari 3 orang"));
  const std::string en = DrawFairness(Pictured(), kUnitNames, Language::kEnglish);
  EXPECT_THAT(en, HasSubstr("−9.6 (−13.4 … −5.2)"));
  EXPECT_THAT(en, HasSubstr("questions and no proof"));
  EXPECT_THAT(en, Not(HasSubstr("Perempuan")));
}

TEST(DrawFairness, SaysInWordsWhatIsWithheld) {
  const std::string en = DrawFairness(Pictured(), kUnitNames, Language::kEnglish);
  // Men, three kinds of posts, five golongan, the unit of five people: told or not, alike.
  EXPECT_EQ(Occurrences(en, "withheld (see the notes)"), 10);
  EXPECT_THAT(en, HasSubstr("the rest is withheld"));
  EXPECT_THAT(en, HasSubstr("15 (withheld)"));
  EXPECT_THAT(en, HasSubstr(">Men</text>"));
}

TEST(DrawFairness, TextOfOthersIsNoMarkup) {
  const std::string svg = DrawFairness(Pictured(), kUnitNames, Language::kIndonesian);
  EXPECT_THAT(svg, HasSubstr("Dinas &lt;Pendidikan&gt; &amp;"));
  EXPECT_THAT(svg, Not(HasSubstr("<Pendidikan>")));
  EXPECT_THAT(svg, HasSubstr(">gone</text>"));
}

TEST(DrawFairness, SurvivesAnEmptyReport) {
  const std::string svg = DrawFairness({}, {}, Language::kEnglish);
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace teraju::evaluation::domain
