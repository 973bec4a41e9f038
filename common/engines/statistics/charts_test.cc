#include "common/engines/statistics/charts.h"

#include "common/engines/statistics/svg.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ProfileChart Profile() {
  ProfileChart chart{.title = "Umpan balik 360 derajat: Kepala Bidang Pelayanan"};
  chart.groups = {"Atasan", "Rekan kerja", "Bawahan"};
  chart.items = {{"Berorientasi pelayanan",
                  {ChartValue{4, {}, 1},
                   ChartValue{3.62, Interval{3.1, 4.1}, 7},
                   ChartValue{4.2, Interval{3.7, 4.6}, 6}}},
                 {"Mau mendengarkan & menerima masukan dari siapa pun, juga yang tidak sependapat",
                  {ChartValue{3, {}, 1}, ChartValue{2.9, Interval{2.3, 3.5}, 7}, std::nullopt}},
                 {"<b>Harmonis</b>",
                  {ChartValue{5, {}, 1},
                   ChartValue{4.45, Interval{4.0, 5.0}, 7},
                   ChartValue{3.95, Interval{3.4, 4.5}, 6}}}};
  return chart;
}

DistributionChart Distribution() {
  return {"Distribution of the 128 answers",
          {{"1 never", 3},
           {"2 seldom", 11},
           {"3 at times", 38},
           {"4 often", 52},
           {"5 always", 24},
           {"no view", std::nullopt}}};
}

TrendChart Trend() {
  TrendChart chart{.title = "Indeks kepuasan masyarakat", .scale = {60, 100}};
  chart.periods = {"2023/1", "2023/2", "2024/1", "2024/2", "2025/1"};
  chart.series = {{"Disdukcapil",
                   {ChartValue{71, Interval{67, 75}},
                    ChartValue{74, Interval{71, 77}},
                    std::nullopt,
                    ChartValue{80, Interval{77, 83}},
                    ChartValue{84, Interval{82, 86}}}},
                  {"Dinas Sosial",
                   {ChartValue{78, Interval{74, 82}},
                    ChartValue{77, Interval{73, 81}},
                    ChartValue{75, Interval{72, 78}},
                    ChartValue{76, Interval{73, 79}},
                    ChartValue{78, Interval{75, 81}}}}};
  return chart;
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(EscapeXml, LeavesNoMarkup) {
  EXPECT_EQ(EscapeXml("<a href=\"x\">'&'"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;");
  EXPECT_EQ(EscapeXml("a\x01\nb"), "a  b");
  EXPECT_EQ(EscapeXml("é\xff").find('\xff'), std::string::npos);
  EXPECT_EQ(EscapeXml("Desa é"), "Desa é");
}

TEST(DrawProfile, ShowsItemsByGroupWithIntervals) {
  const std::string svg = DrawProfile(Profile(), Language::kIndonesian);
  EXPECT_THAT(svg, HasSubstr("<title>Umpan balik 360 derajat"));
  EXPECT_THAT(svg, HasSubstr("3,62  (n = 7)"));
  EXPECT_THAT(svg, HasSubstr("garis: selang kepercayaan 95%"));
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;Harmonis&lt;/b&gt;"));
  EXPECT_THAT(svg, HasSubstr("tidak ditampilkan: jawaban terlalu sedikit"));
  EXPECT_EQ(Count(svg, "stroke-width=\"2.0\""), 5);  // intervals
  EXPECT_THAT(DrawProfile(Profile(), Language::kEnglish), HasSubstr("3.62  (n = 7)"));
  EXPECT_THAT(DrawProfile(Profile(), Language::kEnglish), HasSubstr("not shown: too few answers"));
}

TEST(DrawDistribution, ShowsCountsAndShares) {
  const std::string svg = DrawDistribution(Distribution(), Language::kEnglish);
  EXPECT_THAT(svg, HasSubstr("52 (41%)"));
  EXPECT_EQ(Count(svg, "<rect"), 1 + 5);
  EXPECT_THAT(DrawDistribution(Distribution(), Language::kIndonesian),
              HasSubstr("Jumlah jawaban (persen)"));
}

TEST(DrawTrend, LeavesAGapWhereThereIsNoValue) {
  const std::string svg = DrawTrend(Trend(), Language::kEnglish);
  EXPECT_EQ(Count(svg, "stroke-width=\"1.5\""), 2 + 4);
  EXPECT_EQ(Count(svg, "stroke-width=\"2.0\""), 4 + 5);
}

TEST(Charts, SurviveEmptyAndStrangeInput) {
  for (const Language language : {Language::kIndonesian, Language::kEnglish}) {
    for (const std::string& svg :
         {DrawProfile({}, language),
          DrawDistribution({}, language),
          DrawTrend({}, language),
          DrawProfile({.scale = {3, 3}, .groups = {"g"}, .items = {{"i", {ChartValue{3}}}}},
                      language)}) {
      EXPECT_THAT(svg, HasSubstr("</svg>"));
      EXPECT_THAT(svg, Not(HasSubstr("nan")));
      EXPECT_THAT(svg, Not(HasSubstr("inf")));
    }
  }
}

}  // namespace
}  // namespace teraju::statistics
