#include "services/evaluation/domain/rating_practice.h"

#include <vector>

#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Finding = v1::PracticeFinding;

RatedPerson Rated(v1::Rating results, v1::Rating suggested) {
  return {.results = results,
          .behavior = v1::AS_EXPECTED,
          .suggested = suggested,
          .reasoned = true,
          .talked = true};
}

std::vector<int> KindsOf(const v1::RatingPractice& practice) {
  std::vector<int> kinds;
  for (const Finding& finding : practice.findings()) kinds.push_back(finding.kind());
  return kinds;
}

TEST(MakeRatingPractice, CountsRatingsAndStepsFromTheFigures) {
  const std::vector<RatedPerson> people = {Rated(v1::ABOVE_EXPECTATION, v1::AS_EXPECTED),
                                           Rated(v1::AS_EXPECTED, v1::AS_EXPECTED),
                                           Rated(v1::BELOW_EXPECTATION, v1::AS_EXPECTED),
                                           Rated(v1::ABOVE_EXPECTATION, v1::BELOW_EXPECTATION),
                                           Rated(v1::AS_EXPECTED, v1::AS_EXPECTED),
                                           Rated(v1::AS_EXPECTED, v1::RATING_UNSPECIFIED),
                                           {}};
  const v1::RatingPractice practice = MakeRatingPractice(people);
  EXPECT_EQ(practice.people(), 7);
  EXPECT_EQ(practice.rated(), 6);
  EXPECT_EQ(practice.results().above_expectation(), 2);
  EXPECT_EQ(practice.results().as_expected(), 3);
  EXPECT_EQ(practice.results().below_expectation(), 1);
  EXPECT_EQ(practice.behavior().as_expected(), 6);
  EXPECT_EQ(practice.distance().compared(), 5);
  EXPECT_EQ(practice.distance().equal(), 2);
  EXPECT_EQ(practice.distance().higher(), 2);
  EXPECT_EQ(practice.distance().lower(), 1);
  EXPECT_EQ(practice.distance().mean_steps().value(), "0.40");
  EXPECT_THAT(KindsOf(practice), ElementsAre(Finding::FIGURES_MISSING));
}

TEST(MakeRatingPractice, OneRatingForEverybodyIsSaidFromFivePeopleOn) {
  std::vector<RatedPerson> people(4, Rated(v1::AS_EXPECTED, v1::AS_EXPECTED));
  EXPECT_THAT(MakeRatingPractice(people).findings(), IsEmpty());
  people.push_back(people.front());
  const v1::RatingPractice practice = MakeRatingPractice(people);
  EXPECT_THAT(KindsOf(practice), ElementsAre(Finding::ALL_THE_SAME));
  EXPECT_THAT(practice.findings(0).text_id(), HasSubstr("Semua 5 orang"));
  people.push_back(Rated(v1::ABOVE_EXPECTATION, v1::ABOVE_EXPECTATION));
  EXPECT_THAT(MakeRatingPractice(people).findings(), IsEmpty());
}

TEST(MakeRatingPractice, HalfAStepAwayFromTheFiguresIsSaidInItsDirection) {
  std::vector<RatedPerson> people(3, Rated(v1::AS_EXPECTED, v1::AS_EXPECTED));
  for (int i = 0; i < 3; ++i) people.push_back(Rated(v1::ABOVE_EXPECTATION, v1::AS_EXPECTED));
  const v1::RatingPractice generous = MakeRatingPractice(people);
  EXPECT_THAT(KindsOf(generous), ElementsAre(Finding::ABOVE_THE_FIGURES));
  EXPECT_THAT(generous.findings(0).text_en(), HasSubstr("3 of 6 ratings are above"));
  people.push_back(Rated(v1::AS_EXPECTED, v1::AS_EXPECTED));
  EXPECT_THAT(MakeRatingPractice(people).findings(), IsEmpty());
  for (RatedPerson& person : people) person.results = v1::BELOW_EXPECTATION;
  people.push_back(Rated(v1::AS_EXPECTED, v1::AS_EXPECTED));
  EXPECT_THAT(KindsOf(MakeRatingPractice(people)), ElementsAre(Finding::BELOW_THE_FIGURES));
}

TEST(MakeRatingPractice, WhatRatingsDoNotRestOnIsCounted) {
  RatedPerson bare = Rated(v1::AS_EXPECTED, v1::RATING_UNSPECIFIED);
  bare.reasoned = bare.talked = false;
  bare.changed = true;
  const v1::RatingPractice practice = MakeRatingPractice(std::vector<RatedPerson>{bare});
  EXPECT_EQ(practice.without_figures(), 1);
  EXPECT_EQ(practice.without_reason(), 1);
  EXPECT_EQ(practice.without_dialogue(), 1);
  EXPECT_EQ(practice.changed_by_objection(), 1);
  EXPECT_FALSE(practice.distance().has_mean_steps());
  EXPECT_THAT(practice.findings(0).text_en(), HasSubstr("1 person is rated without"));
  EXPECT_THAT(KindsOf(practice),
              ElementsAre(Finding::FIGURES_MISSING,
                          Finding::REASONS_MISSING,
                          Finding::DIALOGUES_MISSING,
                          Finding::CHANGED_BY_OBJECTION));
}

}  // namespace
}  // namespace teraju::evaluation::domain
