#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;
using CoursesStub = v1::Courses::StubInterface;

class CoursesServiceTest : public TrainingApiTest {
 protected:
  v1::CreateCourseRequest MakeCourse() {
    v1::CreateCourseRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_course()->set_title("Pelayanan prima");
    request.mutable_course()->add_topics("BERORIENTASI_PELAYANAN");
    request.mutable_course()->set_type("8");
    request.mutable_course()->set_learning_hours(24);
    return request;
  }
  absl::StatusOr<v1::ListOfferingsResponse> Offerings(const std::string& course,
                                                      int page_size = 0,
                                                      const std::string& token = "") {
    v1::ListOfferingsRequest request;
    request.set_parent("agencies/dumai/courses/" + course);
    request.set_page_size(page_size);
    request.set_page_token(token);
    request.set_fiscal_year(2026);
    return Call<v1::Courses>(kBudi, &CoursesStub::ListOfferings, request);
  }
};

TEST_F(CoursesServiceTest, HrEntersAndEverybodyReads) {
  const auto course = Call<v1::Courses>(kHr, &CoursesStub::CreateCourse, MakeCourse());
  ASSERT_THAT(course, IsOk());
  EXPECT_EQ(course->state(), v1::Course::DRAFT);
  v1::GetCourseRequest get;
  get.set_name(course->name());
  EXPECT_THAT(Call<v1::Courses>(kBudi, &CoursesStub::GetCourse, get), IsOk());
  get.set_name("agencies/dumai/courses/none");
  EXPECT_THAT(Call<v1::Courses>(kBudi, &CoursesStub::GetCourse, get),
              HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Call<v1::Courses>(kBudi, &CoursesStub::CreateCourse, MakeCourse()),
              HasReason(PERMISSION_DENIED));
  v1::ListCoursesRequest list;
  list.set_parent("agencies/dumai");
  list.set_topic("BERORIENTASI_PELAYANAN");
  EXPECT_EQ(Call<v1::Courses>(kBudi, &CoursesStub::ListCourses, list)->courses_size(), 1);
  list.set_topic("LOYAL");
  EXPECT_EQ(Call<v1::Courses>(kBudi, &CoursesStub::ListCourses, list)->courses_size(), 0);
}

TEST_F(CoursesServiceTest, NamesWhatIsWrong) {
  v1::CreateCourseRequest request = MakeCourse();
  request.mutable_course()->set_type("99");
  EXPECT_THAT(Call<v1::Courses>(kHr, &CoursesStub::CreateCourse, request),
              ViolatesField("course.type"));
  request.mutable_course()->clear_topics();
  EXPECT_THAT(Call<v1::Courses>(kHr, &CoursesStub::CreateCourse, request),
              ViolatesField("course.topics"));
  const auto draft = Call<v1::Courses>(kHr, &CoursesStub::CreateCourse, MakeCourse());
  ASSERT_THAT(draft, IsOk());
  v1::CreateOfferingRequest offer;
  offer.set_parent(draft->name());
  SetDate(*offer.mutable_offering()->mutable_start_date(), 2026, 2, 2);
  SetDate(*offer.mutable_offering()->mutable_end_date(), 2026, 2, 1);
  offer.mutable_offering()->set_seats(5);
  offer.mutable_offering()->mutable_cost_per_seat()->set_currency_code("IDR");
  EXPECT_THAT(Call<v1::Courses>(kHr, &CoursesStub::CreateOffering, offer),
              HasReason(v1::COURSE_NOT_PUBLISHED));
  v1::PublishCourseRequest publish;
  publish.set_name(draft->name());
  ASSERT_THAT(Call<v1::Courses>(kHr, &CoursesStub::PublishCourse, publish), IsOk());
  EXPECT_THAT(Call<v1::Courses>(kHr, &CoursesStub::CreateOffering, offer),
              HasReason(v1::OFFERING_DATES_INVALID));
}

TEST_F(CoursesServiceTest, OfferingsOfAllCoursesPageInTheOrderOfTheirStart) {
  const std::string later = AddOffering("A", 5, 0);
  const std::string sooner = AddOffering("B", 5, 0);
  Query("UPDATE offerings SET start_date = '2026-01-05' WHERE offering_id = '" + api::IdOf(sooner) +
        "'");
  AddOffering("C", 5, 0);
  Query(
      "UPDATE offerings SET start_date = '2027-01-05', end_date = '2027-01-06'"
      " WHERE course_id IN (SELECT course_id FROM courses WHERE title = 'Kursus C')");
  const auto first = Offerings("-", 1);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->offerings_size(), 1);
  EXPECT_EQ(first->offerings(0).name(), sooner);
  const auto second = Offerings("-", 1, first->next_page_token());
  ASSERT_THAT(second, IsOk());
  ASSERT_EQ(second->offerings_size(), 1);
  EXPECT_EQ(second->offerings(0).name(), later);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(CoursesServiceTest, BudgetsAreForHrAndInRupiah) {
  AddBudget(1'000);
  v1::ListBudgetsRequest list;
  list.set_parent("agencies/dumai");
  list.set_fiscal_year(2026);
  const auto budgets = Call<v1::Budgets>(kHr, &v1::Budgets::StubInterface::ListBudgets, list);
  ASSERT_THAT(budgets, IsOk());
  ASSERT_EQ(budgets->budgets_size(), 1);
  EXPECT_EQ(budgets->budgets(0).amount().units(), 1'000);
  EXPECT_EQ(budgets->budgets(0).committed().units(), 0);
  EXPECT_THAT(Call<v1::Budgets>(kBudi, &v1::Budgets::StubInterface::ListBudgets, list),
              HasReason(PERMISSION_DENIED));
  v1::CreateBudgetRequest create;
  create.set_parent("agencies/dumai");
  create.mutable_budget()->set_fiscal_year(2026);
  create.mutable_budget()->set_source("Hibah");
  create.mutable_budget()->mutable_amount()->set_currency_code("USD");
  create.mutable_budget()->mutable_amount()->set_units(5);
  EXPECT_THAT(Call<v1::Budgets>(kHr, &v1::Budgets::StubInterface::CreateBudget, create),
              HasReason(v1::CURRENCY_MIXED));
}

}  // namespace
}  // namespace teraju::training
