#include "services/training/domain/course.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/training/domain/rupiah.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

TEST(ParseRupiah, AcceptsWholeRupiahOnly) {
  google::type::Money money;
  EXPECT_EQ(*ParseRupiah(money, "x"), 0);
  money.set_units(500'000);
  EXPECT_THAT(ParseRupiah(money, "x"), HasReason(v1::CURRENCY_MIXED));
  money.set_currency_code("USD");
  EXPECT_THAT(ParseRupiah(money, "x"), HasReason(v1::CURRENCY_MIXED));
  money.set_currency_code("IDR");
  EXPECT_EQ(*ParseRupiah(money, "x"), 500'000);
  money.set_nanos(500'000'000);
  EXPECT_THAT(ParseRupiah(money, "x"), ViolatesField("x"));
  money.set_nanos(0);
  money.set_units(-1);
  EXPECT_THAT(ParseRupiah(money, "x"), ViolatesField("x"));
}

TEST(CheckCourse, KnowsTheTypesOfSiasn) {
  v1::Course course;
  for (const char* type : {"1", "8", "25"}) {
    course.set_type(type);
    EXPECT_THAT(CheckCourse(course), IsOk()) << type;
  }
  for (const char* type : {"", "0", "26", "x", "8a"}) {
    course.set_type(type);
    EXPECT_THAT(CheckCourse(course), ViolatesField("course.type")) << type;
  }
}

v1::Course Published() {
  v1::Course course;
  course.set_state(v1::Course::PUBLISHED);
  return course;
}

v1::Offering MakeOffering() {
  v1::Offering offering;
  offering.mutable_start_date()->set_year(2026);
  offering.mutable_start_date()->set_month(2);
  offering.mutable_start_date()->set_day(28);
  *offering.mutable_end_date() = offering.start_date();
  offering.set_seats(10);
  return offering;
}

TEST(CheckOffering, AcceptsOneDayWithoutCost) {
  EXPECT_THAT(CheckOffering(MakeOffering(), Published()), IsOk());
}

TEST(CheckOffering, RefusesWhatCannotBe) {
  EXPECT_THAT(CheckOffering(MakeOffering(), v1::Course()), HasReason(v1::COURSE_NOT_PUBLISHED));
  v1::Offering offering = MakeOffering();
  offering.mutable_end_date()->set_month(1);
  EXPECT_THAT(CheckOffering(offering, Published()), HasReason(v1::OFFERING_DATES_INVALID));
  offering = MakeOffering();
  offering.set_minimum_participants(11);
  EXPECT_THAT(CheckOffering(offering, Published()), HasReason(v1::MINIMUM_ABOVE_SEATS));
  offering = MakeOffering();
  offering.mutable_fixed_cost()->set_units(1);
  EXPECT_THAT(CheckOffering(offering, Published()), HasReason(v1::CURRENCY_MIXED));
}

TEST(PublishCourse, RefusesARetiredOne) {
  v1::Course course;
  course.set_state(v1::Course::DRAFT);
  EXPECT_THAT(PublishCourse(course), IsOk());
  EXPECT_EQ(course.state(), v1::Course::PUBLISHED);
  course.set_state(v1::Course::RETIRED);
  EXPECT_THAT(PublishCourse(course), HasReason(v1::COURSE_NOT_PUBLISHED));
}

}  // namespace
}  // namespace teraju::training::domain
