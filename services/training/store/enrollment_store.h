// Places in offerings as rows. Bound to the transaction it is given.
#pragma once

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

  // Enrols many at once; unit path and appraiser are taken from their needs.
  void Insert(const AgencyId& agency, const std::vector<v1::Enrollment>& enrollments);
  absl::StatusOr<v1::Enrollment> Get(const EnrollmentKey& key) const;  // NOT_FOUND
  // In the order of their ids.
  absl::StatusOr<std::vector<v1::Enrollment>> List(const EnrollmentQuery& query) const;
  // ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Enrollment> Update(const EnrollmentKey& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::Enrollment&)> change);
  // The days of everybody who is enrolled in something that touches the year.
  std::vector<domain::BusyDays> BusyDays(const AgencyId& agency, int fiscal_year) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
