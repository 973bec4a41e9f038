#include "services/training/domain/mentoring.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using testing::ViolatesField;

std::string Unit(const std::string& id) { return "agencies/dumai/units/" + id; }

class MatchingTest : public ::testing::Test {
 protected:
  Appraisal& Add(const std::string& employee, const std::string& unit, const std::string& grade) {
    basis_.staff.push_back({.employee = employee, .grade = grade});
    return basis_.appraisals.emplace_back(
        Appraisal{.employee = employee,
                  .unit_path = {Unit(unit), Unit("dinas"), Unit("kota")},
                  .appraiser = "kepala"});
  }
  void AddMentor(const std::string& employee, const std::string& unit, const std::string& grade) {
    Add(employee, unit, grade).result_above = true;
  }
  void AddMentee(const std::string& employee, const std::string& unit, const std::string& grade) {
    Add(employee, unit, grade).result_below = true;
  }
  // `mentor of mentee`, in the order of the mentees.
  std::vector<std::string> Pairs(int capacity = 1) {
    const MatchingProblem matching = MakeProblem(basis_, capacity);
    const auto matches = allocation::MatchMentors(matching.problem);
    EXPECT_TRUE(matches.ok()) << matches.status();
    run_ = v1::MatchingRun();
    pairs_ = Conclude(run_, basis_, matching, *matches);
    std::vector<std::string> texts;
    for (const v1::Mentorship& pair : pairs_)
      texts.push_back(pair.mentor() + " of " + pair.mentee());
    return texts;
  }

  MatchingBasis basis_;
  v1::MatchingRun run_;
  std::vector<v1::Mentorship> pairs_;
};

using Texts = std::vector<std::string>;

TEST_F(MatchingTest, NeverPairsThoseWhoShareNoLanguage) {
  AddMentee("budi", "a", "31");
  // More who fit better than are looked at, and one who fits less but can be talked to.
  for (int i = 0; i < 50; ++i) {
    const std::string near = "near" + std::to_string(i);
    AddMentor(near, "a", "34");
    basis_.languages[near] = {"min"};
  }
  AddMentor("far", "b", "34");
  basis_.languages["far"] = {"id", "min"};
  EXPECT_EQ(Pairs().size(), 1u);
  basis_.languages["budi"] = {"id", "jv"};
  EXPECT_EQ(Pairs(), Texts{"far of budi"});
  basis_.languages["far"] = {"min"};
  EXPECT_THAT(Pairs(), IsEmpty());
  ASSERT_EQ(run_.unmatched_size(), 1);
  EXPECT_EQ(run_.unmatched(0).reason_code(), "NO_LANGUAGE");
  EXPECT_THAT(run_.unmatched(0).text_en(), HasSubstr("name further languages"));
}

TEST_F(MatchingTest, WhoWantsNoMenteesGetsNone) {
  AddMentee("budi", "a", "31");
  AddMentor("near", "a", "34");
  AddMentor("far", "b", "34");
  basis_.without_mentees = {"near"};
  EXPECT_EQ(Pairs(), Texts{"far of budi"});
}

TEST(CheckPreference, WantsCodesOfLanguagesEachOnce) {
  v1::MentoringPreference preference;
  EXPECT_THAT(CheckPreference(preference), IsOk());
  preference.add_languages("id");
  preference.add_languages("min");
  EXPECT_THAT(CheckPreference(preference), IsOk());
  for (const char* wrong : {"", "i", "Jawa", "ID", "jawa", "j1", "min"}) {
    v1::MentoringPreference other = preference;
    other.add_languages(wrong);
    EXPECT_THAT(CheckPreference(other), ViolatesField("mentoringPreference.languages[2]")) << wrong;
  }
}

TEST_F(MatchingTest, PairsTheLowWithTheSeniorAndGoodNearby) {
  AddMentee("budi", "a", "31");
  AddMentor("far", "b", "34");
  AddMentor("near", "a", "34");
  AddMentor("junior", "a", "32");
  Add("average", "a", "41");
  EXPECT_EQ(Pairs(), Texts{"near of budi"});
  EXPECT_EQ(run_.mentors(), 2);
  EXPECT_EQ(run_.mentees(), 1);
  EXPECT_EQ(run_.pairs(), 1);
  EXPECT_EQ(run_.state(), v1::MatchingRun::SOLVED);
  EXPECT_EQ(CheckSolvable(run_).ok(), false);
  EXPECT_THAT(pairs_[0].reason_id(), HasSubstr("menguasai KOMPETEN (50)"));
  EXPECT_THAT(pairs_[0].reason_id(), HasSubstr("jarak unit 0 langkah"));
  EXPECT_THAT(pairs_[0].reason_en(), HasSubstr("years of experience more: 12 (20)"));
  EXPECT_THAT(pairs_[0].reason_en(), HasSubstr("Choice 1 of 2."));
  // The mentor does not learn what the mentee was rated.
  EXPECT_THAT(pairs_[0].reason_en(), Not(HasSubstr("below")));
}

TEST_F(MatchingTest, NeverTheDirectSuperior) {
  AddMentee("budi", "a", "31");
  AddMentor("kepala", "a", "41");
  EXPECT_THAT(Pairs(), IsEmpty());
  ASSERT_EQ(run_.unmatched_size(), 1);
  EXPECT_EQ(run_.unmatched(0).mentee(), "budi");
  EXPECT_EQ(run_.unmatched(0).reason_code(), "ONLY_SUPERIOR");
  EXPECT_THAT(run_.unmatched(0).text_id(), HasSubstr("atasan langsung"));
  basis_.appraisals[0].appraiser = "somebody else";
  EXPECT_EQ(Pairs(), Texts{"kepala of budi"});
}

TEST_F(MatchingTest, RespectsVetoes) {
  AddMentee("budi", "a", "31");
  AddMentor("near", "a", "34");
  AddMentor("far", "b", "34");
  basis_.vetoes.insert({"near", "budi"});
  EXPECT_EQ(Pairs(), Texts{"far of budi"});
}

TEST_F(MatchingTest, NobodyMentorsASeniorOrAnEqual) {
  AddMentee("budi", "a", "34");
  AddMentor("ani", "a", "34");
  EXPECT_THAT(Pairs(), IsEmpty());
}

TEST_F(MatchingTest, KeepsToTheCapacityAndWhatOfItIsLeft) {
  for (const char* mentee : {"b1", "b2", "b3"}) AddMentee(mentee, "a", "31");
  AddMentor("ani", "a", "34");
  EXPECT_EQ(Pairs(2).size(), 2u);
  EXPECT_EQ(run_.unmatched(0).reason_code(), "MENTORS_FULL");
  basis_.mentees_of["ani"] = 1;
  EXPECT_EQ(Pairs(2).size(), 1u);
  basis_.have_mentor = {"b1", "b2"};
  EXPECT_EQ(Pairs(2), Texts{"ani of b3"});
}

TEST_F(MatchingTest, SomeoneRatedLowInConductIsNoMentor) {
  AddMentee("budi", "a", "31");
  AddMentor("ani", "a", "34");
  basis_.appraisals[1].behavior_below = true;
  EXPECT_THAT(Pairs(), IsEmpty());
}

TEST_F(MatchingTest, WhoHasLearntWhatIsNeededFitsBetter) {
  AddMentee("budi", "a", "31");
  AddMentor("near", "a", "34");
  AddMentor("far", "b", "34");
  basis_.needs["budi"] = {{"ADAPTIF", 9}, {kResultTopic, 3}};
  EXPECT_EQ(Pairs(), Texts{"near of budi"});
  basis_.learnt["far"] = {"ADAPTIF"};
  EXPECT_EQ(Pairs(), Texts{"far of budi"});
}

TEST_F(MatchingTest, LowConductTakesAMentorWhoseConductIsAbove) {
  Add("budi", "a", "31").behavior_below = true;
  AddMentor("ani", "a", "34");
  EXPECT_THAT(Pairs(), IsEmpty());
  basis_.appraisals[1].behavior_above = true;
  EXPECT_EQ(Pairs(), Texts{"ani of budi"});
}

TEST_F(MatchingTest, TheLoadIsShared) {
  for (const char* mentee : {"b1", "b2"}) AddMentee(mentee, "a", "31");
  AddMentor("ani", "a", "34");
  AddMentor("eva", "a", "34");
  EXPECT_EQ(Pairs(2).size(), 2u);
  EXPECT_NE(pairs_[0].mentor(), pairs_[1].mentor());
  basis_.mentees_of["ani"] = 1;
  EXPECT_EQ(Pairs(3), (Texts{"eva of b1", "eva of b2"}));
}

TEST_F(MatchingTest, TakesTheTopicOfTheMostUrgentNeed) {
  AddMentee("budi", "a", "31");
  AddMentor("ani", "a", "34");
  Pairs();
  EXPECT_EQ(pairs_[0].topic(), kResultTopic);
  basis_.needs["budi"] = {{"LOYAL", 8}, {"ADAPTIF", 6}};
  basis_.learnt["ani"] = {"ADAPTIF"};
  Pairs();
  EXPECT_EQ(pairs_[0].topic(), "ADAPTIF");
}

TEST(Seniority, GrowsOverBothScales) {
  EXPECT_LT(Seniority("21"), Seniority("31"));
  EXPECT_LT(Seniority("34"), Seniority("41"));
  EXPECT_EQ(Seniority("33"), kSenior);
  EXPECT_EQ(Seniority("IX"), Seniority("31"));
  EXPECT_EQ(Seniority("XI"), kSenior);
  EXPECT_EQ(Seniority(""), 0);
  EXPECT_EQ(Seniority("99"), 0);
  EXPECT_EQ(Seniority("XX"), 0);
}

TEST(CheckSolvable, OnlyOnce) {
  v1::MatchingRun run;
  run.set_state(v1::MatchingRun::DRAFT);
  EXPECT_THAT(CheckSolvable(run), IsOk());
  run.set_state(v1::MatchingRun::SOLVED);
  EXPECT_THAT(CheckSolvable(run), HasReason(v1::MATCHING_RUN_SOLVED));
}

}  // namespace
}  // namespace teraju::training::domain
