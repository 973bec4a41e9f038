// Courses and their offerings as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// Empty members do not restrict.
struct OfferingQuery {
  AgencyId agency;
  std::string course_id;
  int fiscal_year = 0;
  // Of the last offering before: start, course, id.
  std::vector<std::string> after;
  int limit = 0;
};

class CourseStore {
 public:
  explicit CourseStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Course Insert(const CourseKey& key, const v1::Course& course);
  absl::StatusOr<v1::Course> Get(const CourseKey& key) const;  // NOT_FOUND
  // In the order of their ids; with `topic` only those that teach it.
  absl::StatusOr<std::vector<v1::Course>> List(const AgencyId& agency,
                                               const std::string& topic,
                                               const std::string& after_id,
                                               int limit) const;
  // Changes the state only. ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Course> UpdateState(const CourseKey& key,
                                         const api::Precondition& precondition,
                                         absl::FunctionRef<absl::Status(v1::Course&)> change);

  // Stores what was observed of the course. NOT_FOUND.
  absl::StatusOr<v1::Course> UpdateEffect(const CourseKey& key, const v1::CourseEffect& effect);
  // Published courses of the agency that have an effect, by name.
  std::vector<v1::Course> ListWithEffect(const AgencyId& agency) const;

  v1::Offering InsertOffering(const CourseKey& course,
                              const std::string& id,
                              const v1::Offering& offering);
  absl::StatusOr<v1::Offering> GetOffering(const std::string& name) const;  // NOT_FOUND
  // Changes the state and its comment. ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Offering> UpdateOffering(
      const std::string& name,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::Offering&)> change);
  // In the order of their start.
  absl::StatusOr<std::vector<v1::Offering>> ListOfferings(const OfferingQuery& query) const;
  // The key values of an offering in that order.
  static std::vector<std::string> OrderKey(const v1::Offering& offering);
  // Open offerings of published courses that begin in the year.
  std::vector<domain::OpenOffering> ListOpen(const AgencyId& agency, int fiscal_year) const;
  // Nobody else changes the offerings of the year until the end of the transaction.
  void LockYear(const AgencyId& agency, int fiscal_year);
  // Takes seats; a negative number gives them back.
  void TakeSeats(const std::string& offering_name, int seats);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
