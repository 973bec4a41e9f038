// Places in offerings as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// Empty members do not restrict.
struct EnrollmentQuery {
  AgencyId agency;
  auth::Scope scope;
  std::string employee;
  std::string course_id;
  std::string offering_id;
  std::string after_id;
  int limit = 0;
};

class EnrollmentStore {
 public:
  explicit EnrollmentStore(postgres::Transaction& tx) : tx_(tx) {}

  // Enrols many at once by a plan; unit path and appraiser are taken from their needs.
  void Insert(const PlanKey& plan, const std::vector<v1::Enrollment>& enrollments);
  absl::StatusOr<v1::Enrollment> Get(const EnrollmentKey& key) const;  // NOT_FOUND
  // In the order of their ids.
  absl::StatusOr<std::vector<v1::Enrollment>> List(const EnrollmentQuery& query) const;
  // ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Enrollment> Update(const EnrollmentKey& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::Enrollment&)> change);
  // The days of everybody who is enrolled in something that touches the year, but for places of
  // the plan `except_id`.
  std::vector<domain::BusyDays> BusyDays(const AgencyId& agency,
                                         int fiscal_year,
                                         const std::string& except_id) const;
  // The places that a plan gave and that were not withdrawn, in the order of their ids.
  std::vector<v1::Enrollment> ListStanding(const PlanKey& plan) const;
  // From now on they are places of the plan `to`.
  void Hand(const PlanKey& from, const PlanKey& to);
  // Places in an offering that are still to come.
  std::vector<EnrollmentKey> ListPlanned(const AgencyId& agency,
                                         const std::string& offering_name) const;
  // Topics of the courses that each person completed.
  std::map<std::string, std::set<std::string>> LearntTopics(const AgencyId& agency) const;
  // When each person completed the course, the last time.
  std::map<std::string, google::type::Date> Completions(const CourseKey& course) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
