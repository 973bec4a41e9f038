// From a low element of one survey to its change in the next.
#include "common/time/period.h"
#include "services/feedback/api/survey_fixture.h"

namespace teraju::feedback {
namespace {

using errors::reasons::NAME_INVALID;
using errors::reasons::PERMISSION_DENIED;
using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;
using ImprovementsStub = v1::ImprovementActions::StubInterface;
using Effect = v1::ImprovementEffect;

constexpr char kOfficeUnit[] = "agencies/dumai/units/dinas";

const testing::Caller kR1{.subject = "employees/r1", .agency = "dumai"};

class ImprovementsTest : public SurveyApiTest {
 protected:
  // `third` are the answers to U3; the others get 3 or 4.
  std::string RunSurvey(const std::vector<int>& third) {
    std::string survey = OpenSurvey();
    const auto codes = Issue(kHr, survey, "dinas", static_cast<int>(third.size()));
    EXPECT_THAT(codes, IsOk());
    for (std::size_t i = 0; i < third.size(); ++i) {
      std::vector<int> values(9, 3 + static_cast<int>(i % 2));
      values[2] = third[i];
      EXPECT_THAT(Respond(codes->survey_tokens(static_cast<int>(i)).code(), values), IsOk());
    }
    const auto few = Issue(kHr, survey, "pasar", 1);
    EXPECT_THAT(Respond(few->survey_tokens(0).code(), std::vector<int>(9, 4)), IsOk());
    host_.clock().Advance(absl::Hours(1));
    CloseSurvey(survey);
    return survey;
  }
  static v1::CreateImprovementActionRequest Plan(const std::string& survey) {
    v1::CreateImprovementActionRequest request;
    request.set_parent("agencies/dumai");
    v1::ImprovementAction& action = *request.mutable_improvement_action();
    action.set_citizen_survey(survey);
    action.set_unit(kOfficeUnit);
    action.set_element("U3");
    action.set_description("Loket kedua dibuka pada jam sibuk");
    action.set_owner("agencies/dumai/employees/r0");
    *action.mutable_due_date() = teraju::time::ToDate(absl::CivilDay(2026, 6, 30));
    return request;
  }
  auto Create(const testing::Caller& caller, const v1::CreateImprovementActionRequest& request) {
    return Call<v1::ImprovementActions>(
        caller, &ImprovementsStub::CreateImprovementAction, request);
  }
  auto Complete(const testing::Caller& caller, const std::string& name) {
    v1::CompleteImprovementActionRequest request;
    request.set_name(name);
    request.set_outcome("Loket kedua buka sejak Mei");
    return Call<v1::ImprovementActions>(
        caller, &ImprovementsStub::CompleteImprovementAction, request);
  }
  auto Get(const std::string& name) {
    v1::GetImprovementActionRequest request;
    request.set_name(name);
    return Call<v1::ImprovementActions>(kR0, &ImprovementsStub::GetImprovementAction, request);
  }
  auto Public() {
    v1::ListPublicImprovementsRequest request;
    request.set_parent("agencies/dumai");
    return Call<v1::ImprovementActions>({}, &ImprovementsStub::ListPublicImprovements, request);
  }
};

TEST_F(ImprovementsTest, TheNextSurveyShowsBeforeAndAfterToThePublicToo) {
  const std::string first = RunSurvey({1, 2, 2, 2, 1, 2, 3, 2, 2, 2, 1, 2});
  const auto planned = Create(kUnitHr, Plan(first));
  ASSERT_THAT(planned, IsOk());
  EXPECT_EQ(planned->state(), v1::ImprovementAction::PLANNED);
  // Its owner says that it is done; a colleague does not.
  EXPECT_THAT(Complete(kR1, planned->name()), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Complete(kR0, planned->name()), IsOk());
  EXPECT_THAT(Complete(kR0, planned->name()), HasReason(v1::IMPROVEMENT_ENDED));
  EXPECT_FALSE(Get(planned->name())->has_effect());

  const std::string second = RunSurvey({3, 3, 4, 3, 3, 4, 3, 3, 3, 4, 3, 3});
  const auto ended = Get(planned->name());
  ASSERT_THAT(ended, IsOk());
  EXPECT_EQ(ended->effect().citizen_survey(), second);
  EXPECT_EQ(ended->effect().before().mean().value(), "1.833");
  EXPECT_EQ(ended->effect().after().mean().value(), "3.250");
  EXPECT_EQ(ended->effect().change().value(), "1.417");
  EXPECT_EQ(ended->effect().answers_after(), 12);
  EXPECT_EQ(ended->effect().verdict(), Effect::IMPROVED);
  const auto shown = Public();
  ASSERT_THAT(shown, IsOk());
  ASSERT_THAT(shown->improvements(), SizeIs(1));
  EXPECT_EQ(shown->improvements(0).owner(), "");
  EXPECT_EQ(shown->improvements(0).outcome(), "Loket kedua buka sejak Mei");
  EXPECT_EQ(shown->improvements(0).effect().verdict(), Effect::IMPROVED);
}

TEST_F(ImprovementsTest, RefusesWhatTheSurveyDoesNotShow) {
  const std::string open = OpenSurvey();
  EXPECT_THAT(Create(kHr, Plan(open)), HasReason(v1::REPORT_NOT_PUBLISHED));
  const std::string survey = RunSurvey({1, 2, 2});
  auto wrong = Plan(survey);
  wrong.mutable_improvement_action()->set_element("U10");
  EXPECT_THAT(Create(kHr, wrong), HasReason(v1::SURVEY_ELEMENT_UNKNOWN));
  wrong = Plan(survey);
  wrong.mutable_improvement_action()->set_unit("agencies/dumai/units/pasar");
  EXPECT_THAT(Create(kHr, wrong), HasReason(v1::SURVEY_RESULT_WITHHELD));
  EXPECT_THAT(Create(kUnitHr, wrong), HasReason(PERMISSION_DENIED));
  wrong.mutable_improvement_action()->set_unit("agencies/dumai/units/none");
  EXPECT_THAT(Create(kHr, wrong), HasReason(v1::SURVEY_UNIT_UNKNOWN));
  wrong = Plan(survey);
  wrong.mutable_improvement_action()->mutable_due_date()->set_day(31);
  EXPECT_THAT(Create(kHr, wrong), ViolatesField("improvementAction.dueDate"));
  wrong = Plan(survey);
  wrong.mutable_improvement_action()->set_owner("agencies/other/employees/r0");
  EXPECT_THAT(Create(kHr, wrong), HasReason(NAME_INVALID));
  EXPECT_THAT(Create(kR0, Plan(survey)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Query("SELECT 1 FROM improvement_actions"), SizeIs(0));
}

TEST_F(ImprovementsTest, APlannedOneChangesAndADroppedOneSaysWhy) {
  const auto planned = Create(kHr, Plan(RunSurvey({1, 2, 2})));
  ASSERT_THAT(planned, IsOk());
  v1::UpdateImprovementActionRequest update;
  update.mutable_improvement_action()->set_name(planned->name());
  update.mutable_improvement_action()->set_owner("agencies/dumai/employees/r1");
  update.mutable_update_mask()->add_paths("owner");
  const auto changed =
      Call<v1::ImprovementActions>(kUnitHr, &ImprovementsStub::UpdateImprovementAction, update);
  ASSERT_THAT(changed, IsOk());
  EXPECT_EQ(changed->owner(), "agencies/dumai/employees/r1");
  EXPECT_EQ(changed->description(), "Loket kedua dibuka pada jam sibuk");
  EXPECT_THAT(Complete(kR0, planned->name()), HasReason(PERMISSION_DENIED));
  v1::DropImprovementActionRequest drop;
  drop.set_name(planned->name());
  drop.set_outcome("Gedung baru dibuka bulan depan");
  const auto dropped =
      Call<v1::ImprovementActions>(kUnitHr, &ImprovementsStub::DropImprovementAction, drop);
  ASSERT_THAT(dropped, IsOk());
  EXPECT_EQ(dropped->state(), v1::ImprovementAction::DROPPED);
  EXPECT_THAT(
      Call<v1::ImprovementActions>(kUnitHr, &ImprovementsStub::UpdateImprovementAction, update),
      HasReason(v1::IMPROVEMENT_ENDED));
  v1::ListImprovementActionsRequest list;
  list.set_parent("agencies/dumai");
  list.set_unit("agencies/dumai/units/pasar");
  EXPECT_THAT(Call<v1::ImprovementActions>(kR0, &ImprovementsStub::ListImprovementActions, list)
                  ->improvement_actions(),
              SizeIs(0));
}

}  // namespace
}  // namespace teraju::feedback
