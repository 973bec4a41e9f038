#include "common/engines/allocation/mentor_fit.h"

#include <functional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::testing::HasSubstr;

Mentor Senior() {
  return {.id = "sri",
          .strengths = {"TI", "DATA"},
          .experience = 15,
          .level = 3,
          .unit_path = {"bidang", "dinas", "kota"},
          .languages = {"id", "jv"}};
}

Mentee Junior() {
  return {.id = "ani",
          .needs = {{"TI", 6}, {"HUKUM", 2}},
          .experience = 4,
          .level = 4,
          .unit_path = {"seksi", "bidang", "dinas", "kota"},
          .languages = {"id"},
          .superior = "kepala"};
}

Decimal D(const char* text) { return Decimal::Parse(text).value(); }

TEST(FitOf, GivesPointsForEachThing) {
  struct Case {
    const char* score;
    std::function<void(Mentor&, Mentee&)> change;
  };
  const Case cases[] = {
      {"84.5", [](Mentor&, Mentee&) {}},  // 37.5 + 20 + 15 + 12
      {"97", [](Mentor& m, Mentee&) { m.strengths.insert("HUKUM"); }},
      {"47", [](Mentor& m, Mentee&) { m.strengths.clear(); }},
      {"68.5", [](Mentor& m, Mentee&) { m.experience = 6; }},
      {"64.5", [](Mentor& m, Mentee&) { m.experience = 3; }},
      {"84.5", [](Mentor& m, Mentee&) { m.level = 2; }},
      {"79.5", [](Mentor& m, Mentee&) { m.level = 1; }},
      {"79.5", [](Mentor& m, Mentee&) { m.level = 4; }},
      {"87.5",
       [](Mentor&, Mentee& e) {
         e.unit_path = {"bidang", "dinas", "kota"};
       }},
      {"72.5", [](Mentor& m, Mentee&) { m.unit_path = {"lain"}; }},
  };
  for (const Case& test : cases) {
    Mentor mentor = Senior();
    Mentee mentee = Junior();
    test.change(mentor, mentee);
    const MentorFit fit = FitOf(mentor, mentee, {});
    EXPECT_EQ(fit.Score(), D(test.score));
    EXPECT_EQ(fit.exclusion, Exclusion::kNone);
  }
}

TEST(FitOf, ExcludesWhoMayNotBe) {
  Mentor mentor = Senior();
  Mentee mentee = Junior();
  EXPECT_EQ(FitOf(mentor, mentee, {{"sri", "ani"}}).exclusion, Exclusion::kVetoed);
  EXPECT_EQ(FitOf(mentor, mentee, {{"ani", "sri"}}).exclusion, Exclusion::kNone);
  mentor.languages = {"jv"};
  EXPECT_EQ(FitOf(mentor, mentee, {}).exclusion, Exclusion::kNoLanguage);
  mentor.languages.clear();
  EXPECT_EQ(FitOf(mentor, mentee, {}).exclusion, Exclusion::kNone);
  mentor.id = "kepala";
  EXPECT_EQ(FitOf(mentor, mentee, {}).exclusion, Exclusion::kDirectSuperior);
  mentor.id = "ani";
  EXPECT_EQ(FitOf(mentor, mentee, {}).exclusion, Exclusion::kSamePerson);
  EXPECT_THAT(FitText(mentor, mentee, FitOf(mentor, mentee, {})).en, HasSubstr("same person"));
}

TEST(FitText, SaysWhyTheseTwo) {
  const MentorFit fit = FitOf(Senior(), Junior(), {});
  const Text text = FitText(Senior(), Junior(), fit);
  EXPECT_EQ(
      text.en,
      "Score 84.5: strong in TI (37.5); years of experience more: 11 (20); levels above: 1 (15); "
      "steps between the units: 1 (12).");
  EXPECT_EQ(text.id,
            "Nilai 84,5: menguasai TI (37,5); 11 tahun lebih berpengalaman (20); 1 tingkat di atas "
            "(15); jarak unit 1 langkah (12).");
}

TEST(MentorCandidates, AreThoseWhoHaveSomethingToGive) {
  Mentor other = Senior();
  other.id = "joko";
  other.strengths = {"LAIN"};
  Mentor young = Senior();
  young.id = "rini";
  young.experience = 4;
  const auto candidates =
      MentorCandidates({other, Senior(), young}, {Junior()}, {}, {{"sri", "ani"}});
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].mentor, 1);
  EXPECT_TRUE(candidates[0].kept);
  EXPECT_EQ(candidates[0].score, D("84.5"));
}

}  // namespace
}  // namespace teraju::allocation
