#include "services/training/domain/course.h"

#include <charconv>
#include <tuple>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/training/domain/rupiah.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

constexpr int kLastType = 25;

auto Key(const google::type::Date& date) {
  return std::tuple(date.year(), date.month(), date.day());
}

}  // namespace

absl::Status CheckCourse(const v1::Course& course) {
  const std::string& type = course.type();
  int number = 0;
  const auto [end, error] = std::from_chars(type.data(), type.data() + type.size(), number);
  if (error == std::errc() && end == type.data() + type.size() && number >= 1 &&
      number <= kLastType) {
    return absl::OkStatus();
  }
  errors::FieldViolations violations;
  violations.Add("course.type",
                 "UNKNOWN_TYPE",
                 "Isi dengan jenisDiklatId SIASN, 1 sampai 25.",
                 "Give a jenisDiklatId of SIASN, 1 to 25.");
  return violations.ToStatus();
}

absl::Status PublishCourse(v1::Course& course) {
  if (course.state() == v1::Course::RETIRED) {
    return errors::FailedPrecondition(v1::COURSE_NOT_PUBLISHED, "The course is retired.");
  }
  course.set_state(v1::Course::PUBLISHED);
  return absl::OkStatus();
}

absl::Status CheckOffering(const v1::Offering& offering, const v1::Course& course) {
  if (course.state() != v1::Course::PUBLISHED) {
    return errors::FailedPrecondition(v1::COURSE_NOT_PUBLISHED, "Publish the course first.");
  }
  if (Key(offering.start_date()) > Key(offering.end_date())) {
    return errors::InvalidArgument(v1::OFFERING_DATES_INVALID,
                                   "The offering must not end before it begins.");
  }
  if (offering.minimum_participants() < 0 || offering.minimum_participants() > offering.seats()) {
    return errors::InvalidArgument(v1::MINIMUM_ABOVE_SEATS,
                                   "The minimum of participants must not exceed the seats.");
  }
  RETURN_IF_ERROR(ParseRupiah(offering.cost_per_seat(), "offering.costPerSeat").status());
  return ParseRupiah(offering.fixed_cost(), "offering.fixedCost").status();
}

absl::Status CancelOffering(v1::Offering& offering, const std::string& comment) {
  if (offering.state() != v1::Offering::OPEN) {
    return errors::FailedPrecondition(v1::OFFERING_WRONG_STATE, "The offering is not open.")
        .With("state", v1::Offering::State_Name(offering.state()));
  }
  offering.set_state(v1::Offering::CANCELLED);
  offering.set_cancel_comment(comment);
  return absl::OkStatus();
}

absl::Status CheckEffectPeriods(const std::string& before,
                                const std::string& after,
                                std::string_view agency) {
  errors::FieldViolations violations;
  const std::string prefix = "agencies/" + std::string(agency) + "/cycles/";
  const auto check = [&](const std::string& period, std::string_view field) {
    if (period.starts_with(prefix)) return;
    violations.Add(field,
                   "OTHER_AGENCY",
                   "Harus milik instansi yang sama.",
                   "Must belong to the same agency.");
  };
  check(before, "beforePeriod");
  check(after, "afterPeriod");
  if (before == after) {
    violations.Add("afterPeriod",
                   "SAME_PERIOD",
                   "Pilih periode lain untuk sesudahnya.",
                   "Choose another period for afterwards.");
  }
  return violations.ToStatus();
}

absl::Status CheckBudget(const v1::Budget& budget) {
  return ParseRupiah(budget.amount(), "budget.amount").status();
}

}  // namespace teraju::training::domain
